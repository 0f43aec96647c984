// Layout V (spec: layouts, "V"): long byte strings, one after the other.
//
//   page:   [check u32][stored bytes] per value that is neither null nor empty; the check
//           is of the stored bytes, seeded with the value's ordinal in the page
//   stored: kind 0 the bytes; kind 1 [raw length varint][zstd frame]; 2 and 3 reserved
//   index:  [null kinds and validity] (layout.h, PageValidity)
//           [offset of the first value u64][reference u64][packed at u32][width u8]
//           [zero u8[3]] per 1,024 values
//           [packed: per chunk its values' numbers less the reference, `width` bits each,
//           in lanes of 4 bytes when the width is at most 32, else of 8]
//   number: stored length, check included << 2 | kind; 0 for null and empty values
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "encoding/bit_pack.h"
#include "encoding/byte_writer.h"
#include "encoding/checksum.h"
#include "encoding/codec.h"
#include "encoding/scratch.h"
#include "format/layout.h"

namespace lancer::format {
namespace {

using encoding::kPackChunk;
using encoding::LoadLe;
using encoding::Scratch;

constexpr uint64_t kChunkEntryBytes = 24;
constexpr uint64_t kCheckBytes = 4;
constexpr unsigned kMostWidth = 36;  // lengths below 2^32 + 4, and two bits of kind

enum ValueKind : uint64_t { kRawBytes = 0, kZstdFrame = 1, kDescriptor = 2 };

const encoding::Codec& Zstd() {
  return static_cast<const encoding::Codec&>(encoding::ZstdEncoding());
}

unsigned LaneBytes(unsigned width) { return width <= 32 ? 4 : 8; }

// Values [first, first + n) of a chunk: where each one's stored part lies.
struct ChunkTable {
  uint64_t first = UINT64_MAX;  // value
  uint64_t n = 0;
  Scratch numbers{kPackChunk * sizeof(uint64_t)};
  Scratch offsets{(kPackChunk + 1) * sizeof(uint64_t)};  // in the page

  uint64_t number(uint64_t value) { return numbers.as<uint64_t>()[value - first]; }
  uint64_t offset(uint64_t value) { return offsets.as<uint64_t>()[value - first]; }
};

class VariablePage final : public PageReader {
 public:
  static PageResult Open(PageSource source);

  void PlanRows(std::span<const uint32_t> rows,
                std::vector<ByteRange>* ranges) const override {
    ChunkTable table;
    for (const uint32_t row : rows) {
      if (!Load(row, &table).ok()) {
        return;  // reading says what is wrong
      }
      AddRange(meta_.offset + table.offset(row),
               table.offset(row + 1ULL) - table.offset(row), ranges);
    }
  }

  void PlanRange(uint64_t first, uint64_t n,
                 std::vector<ByteRange>* ranges) const override {
    ChunkTable table;
    if (n == 0 || !Load(first, &table).ok()) {
      return;
    }
    const uint64_t from = table.offset(first);
    if (!Load(first + n - 1, &table).ok()) {
      return;
    }
    AddRange(meta_.offset + from, table.offset(first + n) - from, ranges);
  }

  Status ReadRows(const FetchedBytes& bytes, std::span<const uint32_t> rows,
                  const PageReadOptions& options, LeafBuffer* out) const override {
    LANCER_RETURN_IF_ERROR(CheckRows(where_, rows, meta_.rows));
    ChunkTable table;
    for (const uint32_t row : rows) {
      LANCER_RETURN_IF_ERROR(Load(row, &table));
      LANCER_RETURN_IF_ERROR(ReadValue(bytes, row, &table, options, out));
    }
    return validity_.AppendRows(rows, out);
  }

  Status ReadRange(const FetchedBytes& bytes, uint64_t first, uint64_t n,
                   const PageReadOptions& options, LeafBuffer* out) const override {
    LANCER_RETURN_IF_ERROR(CheckRowRange(where_, first, n, meta_.rows));
    ChunkTable table;
    for (uint64_t row = first; row < first + n; ++row) {
      LANCER_RETURN_IF_ERROR(Load(row, &table));
      LANCER_RETURN_IF_ERROR(ReadValue(bytes, row, &table, options, out));
    }
    return validity_.AppendRange(first, n, out);
  }

  Status VerifyUnits(const FetchedBytes& bytes, uint64_t first, uint64_t n,
                     const PageReadOptions& options) const override {
    ChunkTable table;
    std::span<const std::byte> stored;
    for (uint64_t row = first; row < first + n; ++row) {
      LANCER_RETURN_IF_ERROR(Load(row, &table));
      LANCER_RETURN_IF_ERROR(Stored(bytes, row, &table, options, &stored));
    }
    return Status::Ok();
  }

  ByteRange PlainValues() const override { return {}; }
  std::vector<uint64_t> BlockStarts() const override { return {}; }
  uint64_t memory_bytes() const override {
    return sizeof(*this) + index_.size() + checks_.memory_bytes();
  }

 private:
  VariablePage(PageSource source, PageValidity validity,
               std::span<const std::byte> entries, std::span<const std::byte> packed)
      : meta_(source.meta),
        resources_(source.resources),
        index_(std::move(source.index)),
        where_(std::move(source.where)),
        validity_(std::move(validity)),
        entries_(entries),
        packed_(packed),
        checks_(meta_.rows, &where_) {}

  Status CheckIndex() const;
  // Unpacks the chunk of `value`, unless it is the one at hand.
  Status Load(uint64_t value, ChunkTable* table) const;
  // The stored bytes of a value without its check; empty for null and empty values.
  Status Stored(const FetchedBytes& bytes, uint64_t value, ChunkTable* table,
                const PageReadOptions& options, std::span<const std::byte>* stored) const;
  Status ReadValue(const FetchedBytes& bytes, uint64_t value, ChunkTable* table,
                   const PageReadOptions& options, LeafBuffer* out) const;
  Status Inflate(std::span<const std::byte> stored, uint64_t value,
                 LeafBuffer* out) const;
  Status Damaged(uint64_t value, std::string_view what) const {
    return Status::Corruption(fmt::format("{}: value {}: {}", where_, value, what));
  }

  const PageMeta meta_;
  const encoding::DecodeResources& resources_;
  std::vector<std::byte> index_;
  std::string where_;
  PageValidity validity_;
  std::span<const std::byte> entries_;
  std::span<const std::byte> packed_;
  UnitChecks checks_;
};

PageResult VariablePage::Open(PageSource source) {
  const LeafShape& shape = source.shape;
  const PageMeta& meta = source.meta;
  if (shape.type.kind != encoding::PhysicalKind::kBytes || shape.has_lists() ||
      meta.values != meta.rows) {
    return Status::Corruption(source.where + ": this leaf cannot be of layout V");
  }
  encoding::ByteReader reader(source.index);
  Result<PageValidity> validity = PageValidity::Read(shape, meta, &reader);
  if (!validity) {
    return IndexCorruption(source.where, validity.error().message());
  }
  const uint64_t chunks = (meta.rows + kPackChunk - 1) / kPackChunk;
  std::span<const std::byte> entries;
  std::span<const std::byte> packed;
  if (!reader.ReadSpan(chunks * kChunkEntryBytes, &entries) ||
      !reader.ReadSpan(reader.remaining(), &packed)) {
    return IndexCorruption(source.where, fmt::format("cut short before the lengths of "
                                                     "{} values",
                                                     meta.rows));
  }
  std::unique_ptr<VariablePage> page(
      new VariablePage(std::move(source), std::move(*validity), entries, packed));
  LANCER_RETURN_IF_ERROR(page->CheckIndex());
  return std::unique_ptr<const PageReader>(std::move(page));
}

// The packed chunks follow one another and fill the index.
Status VariablePage::CheckIndex() const {
  uint64_t expected = 0;
  for (uint64_t at = 0; at < entries_.size(); at += kChunkEntryBytes) {
    const std::byte* entry = entries_.data() + at;
    const uint64_t first = at / kChunkEntryBytes * kPackChunk;
    const auto width = LoadLe<uint32_t>(entry + 20);  // with the zero bytes behind it
    if (width > kMostWidth || LoadLe<uint32_t>(entry + 16) != expected ||
        LoadLe<uint64_t>(entry + 8) >> kMostWidth != 0 ||
        LoadLe<uint64_t>(entry) > meta_.size) {
      return IndexCorruption(
          where_, fmt::format("chunk of value {}: offset {}, packed at {} in {} bits, "
                              "expected {}",
                              first, LoadLe<uint64_t>(entry),
                              LoadLe<uint32_t>(entry + 16), width, expected));
    }
    expected += encoding::PackedBytes(std::min(kPackChunk, meta_.rows - first), width);
  }
  return expected == packed_.size()
             ? Status::Ok()
             : IndexCorruption(where_, fmt::format("{} bytes of packed lengths, expected "
                                                   "{}",
                                                   packed_.size(), expected));
}

Status VariablePage::Load(uint64_t value, ChunkTable* table) const {
  if (value - table->first < table->n) {
    return Status::Ok();
  }
  const uint64_t chunk = value / kPackChunk;
  const std::byte* entry = entries_.data() + chunk * kChunkEntryBytes;
  const uint64_t first = chunk * kPackChunk;
  const uint64_t n = std::min(kPackChunk, meta_.rows - first);
  const auto width = std::to_integer<unsigned>(entry[20]);
  const auto packed =
      packed_.subspan(LoadLe<uint32_t>(entry + 16), encoding::PackedBytes(n, width));
  const auto reference = LoadLe<uint64_t>(entry + 8);
  table->n = 0;
  auto* numbers = table->numbers.as<uint64_t>();
  auto* offsets = table->offsets.as<uint64_t>();
  if (LaneBytes(width) == 4) {
    // The narrow numbers stand where offsets will.
    encoding::Unpack(4, packed, n, width, 0, table->offsets.data());
    const auto* narrow = table->offsets.as<uint32_t>();
    for (uint64_t i = 0; i < n; ++i) {
      numbers[i] = reference + narrow[i];
    }
  } else {
    encoding::Unpack(8, packed, n, width, reference, table->numbers.data());
  }
  uint64_t offset = LoadLe<uint64_t>(entry);
  for (uint64_t i = 0; i < n; ++i) {
    offsets[i] = offset;
    offset += numbers[i] >> 2;
  }
  offsets[n] = offset;
  if (offset > meta_.size) {
    return Damaged(first, fmt::format("the values of its chunk end at {} of a page of {} "
                                      "bytes",
                                      offset, meta_.size));
  }
  table->first = first;
  table->n = n;
  return Status::Ok();
}

Status VariablePage::Stored(const FetchedBytes& bytes, uint64_t value, ChunkTable* table,
                            const PageReadOptions& options,
                            std::span<const std::byte>* stored) const {
  const uint64_t size = table->number(value) >> 2;
  if (size == 0) {
    *stored = {};
    return Status::Ok();
  }
  if (size < kCheckBytes) {
    return Damaged(value, fmt::format("stored in {} bytes, fewer than its check", size));
  }
  const uint64_t offset = meta_.offset + table->offset(value);
  const std::span<const std::byte> found = bytes.Find(offset, size);
  if (found.empty()) {
    return NotFetched(where_, offset, size);
  }
  *stored = found.subspan(kCheckBytes);
  if (checks_.Due(value, options.verify)) {
    return checks_.Check(value, *stored, offset + kCheckBytes,
                         LoadLe<uint32_t>(found.data()), value, options);
  }
  return Status::Ok();
}

Status VariablePage::ReadValue(const FetchedBytes& bytes, uint64_t value,
                               ChunkTable* table, const PageReadOptions& options,
                               LeafBuffer* out) const {
  const uint64_t kind = table->number(value) & 3;
  if (kind >= kDescriptor) {
    return Status::Unsupported(fmt::format(
        "{}: value {} is of kind {} ({}), which this build cannot read", where_, value,
        kind, kind == kDescriptor ? "a blob descriptor" : "reserved"));
  }
  std::span<const std::byte> stored;
  LANCER_RETURN_IF_ERROR(Stored(bytes, value, table, options, &stored));
  if (kind == kZstdFrame) {
    return Inflate(stored, value, out);
  }
  encoding::BytesTarget& target = out->bytes;
  const size_t at = target.data.size();
  if (stored.size() > target.limit - std::min<uint64_t>(at, target.limit)) {
    return Status::ResourceExhausted(
        fmt::format("{}: value {} of {} bytes is over the limit of {}", where_, value,
                    stored.size(), target.limit));
  }
  target.data.Resize(at + stored.size());
  if (!stored.empty()) {
    std::memcpy(target.data.data() + at, stored.data(), stored.size());
  }
  target.offsets.push_back(target.offsets.back() + stored.size());
  return Status::Ok();
}

Status VariablePage::Inflate(std::span<const std::byte> stored, uint64_t value,
                             LeafBuffer* out) const {
  encoding::ByteReader reader(stored);
  uint64_t raw = 0;
  if (!reader.ReadVarint(&raw) || raw > UINT32_MAX ||
      raw / Zstd().MaxRatio() > reader.remaining()) {
    return Damaged(value, fmt::format("a frame of {} bytes cannot hold {}",
                                      reader.remaining(), raw));
  }
  encoding::BytesTarget& target = out->bytes;
  const size_t at = target.data.size();
  if (raw > target.limit - std::min<uint64_t>(at, target.limit)) {
    return Status::ResourceExhausted(
        fmt::format("{}: value {} of {} bytes is over the limit of {}", where_, value,
                    raw, target.limit));
  }
  target.data.Resize(at + static_cast<size_t>(raw));
  const Status status =
      Zstd().Decompress(stored.subspan(reader.position()), resources_.codec_dictionary,
                        target.data.bytes().subspan(at));
  if (!status.ok()) {
    target.data.Resize(at);
    return Damaged(value, status.message());
  }
  target.offsets.push_back(target.offsets.back() + raw);
  return Status::Ok();
}

// Writes values and collects their numbers.
class VariableWriter {
 public:
  VariableWriter(const PageInput& input, EncodedPage* page)
      : input_(input), page_(page) {}

  Status Run() {
    const bool deflate = DeflatePays();
    const uint64_t count = input_.values.count;
    numbers_.reserve(count);
    for (uint64_t i = 0; i < count; ++i) {
      const std::span<const std::byte> value = ValueAt(i);
      if (value.size() > UINT32_MAX) {
        return Status::InvalidArgument(fmt::format(
            "a value of {} bytes; values are held to 4 GiB - 1 here", value.size()));
      }
      if (i % kPackChunk == 0) {
        chunk_offsets_.push_back(page_->bytes.size());
      }
      LANCER_RETURN_IF_ERROR(AddValue(i, value, deflate));
    }
    PageValidity::Write(input_, &page_->index);
    AddLengths();
    page_->meta.layout = LayoutKind::kVariable;
    return Status::Ok();
  }

 private:
  std::span<const std::byte> ValueAt(uint64_t i) const {
    const uint64_t begin = input_.values.offsets[i];
    return input_.values.data.subspan(
        static_cast<size_t>(begin),
        static_cast<size_t>(input_.values.offsets[i + 1] - begin));
  }

  // A frame must be smaller by this factor: reading it costs more.
  double DeflateFactor() const {
    return input_.options.profile == Profile::kRandom ? 1.6 : 1.05;
  }
  unsigned LevelClass() const {
    return input_.options.profile == Profile::kArchive ? 2 : 0;
  }
  bool Shrinks(size_t raw, size_t stored) const {
    return static_cast<double>(stored) * DeflateFactor() <
           0.95 * static_cast<double>(raw);
  }

  Status Deflate(std::span<const std::byte> value, std::vector<std::byte>* out) const {
    out->clear();
    encoding::ByteWriter(out).WriteVarint(value.size());
    const size_t before = out->size();
    LANCER_RETURN_IF_ERROR(
        Zstd().Compress(value, input_.resources.codec_dictionary, LevelClass(), out));
    if (out->size() == before) {
      out->clear();
    }
    return Status::Ok();
  }

  // Tries a few values spread over the page.
  bool DeflatePays() {
    if (input_.options.random_policy) {
      return input_.options.page_ordinal % 2 == 0;
    }
    constexpr uint64_t kTries = 8;
    constexpr size_t kTryBytes = 64 << 10;
    const uint64_t count = input_.values.count;
    size_t raw = 0;
    size_t stored = 0;
    for (uint64_t i = 0; i < std::min(kTries, count); ++i) {
      std::span<const std::byte> value = ValueAt(i * count / std::min(kTries, count));
      value = value.first(std::min(value.size(), kTryBytes));
      if (value.empty() || !Deflate(value, &frame_).ok()) {
        continue;
      }
      raw += value.size();
      stored += frame_.empty() ? value.size() : frame_.size();
    }
    return Shrinks(raw, stored);
  }

  Status AddValue(uint64_t i, std::span<const std::byte> value, bool deflate) {
    if (value.empty()) {
      numbers_.push_back(0);
      return Status::Ok();
    }
    uint64_t kind = kRawBytes;
    if (deflate) {
      LANCER_RETURN_IF_ERROR(Deflate(value, &frame_));
      if (!frame_.empty() &&
          (Shrinks(value.size(), frame_.size()) || input_.options.random_policy)) {
        kind = kZstdFrame;
        value = frame_;
      }
    }
    encoding::ByteWriter writer(&page_->bytes);
    writer.Write(encoding::Checksum32(value, i));
    writer.WriteSpan(value);
    numbers_.push_back((value.size() + kCheckBytes) << 2 | kind);
    return Status::Ok();
  }

  void AddLengths() {
    std::vector<std::byte> packed;
    encoding::ByteWriter entries(&page_->index);
    std::vector<std::byte> lanes;
    for (size_t chunk = 0; chunk < chunk_offsets_.size(); ++chunk) {
      const size_t first = chunk * kPackChunk;
      const auto numbers = std::span(numbers_).subspan(
          first, std::min<size_t>(kPackChunk, numbers_.size() - first));
      const auto [least, most] = std::ranges::minmax(numbers);
      const auto width = static_cast<unsigned>(std::bit_width(most - least));
      const unsigned lane = LaneBytes(width);
      lanes.resize(numbers.size() * lane);
      for (size_t i = 0; i < numbers.size(); ++i) {
        if (lane == 4) {
          const auto narrow = static_cast<uint32_t>(numbers[i] - least);
          std::memcpy(lanes.data() + i * 4, &narrow, 4);
        } else {
          const uint64_t wide = numbers[i] - least;
          std::memcpy(lanes.data() + i * 8, &wide, 8);
        }
      }
      entries.Write(chunk_offsets_[chunk]);
      entries.Write(least);
      entries.Write(static_cast<uint32_t>(packed.size()));
      entries.Write(uint32_t{width});
      std::byte* target = encoding::ByteWriter(&packed).Extend(
          static_cast<size_t>(encoding::PackedBytes(numbers.size(), width)));
      encoding::Pack(lane, lanes.data(), numbers.size(), width, 0, target);
    }
    entries.WriteSpan(packed);
  }

  const PageInput& input_;
  EncodedPage* page_;
  std::vector<uint64_t> numbers_;
  std::vector<uint64_t> chunk_offsets_;
  std::vector<std::byte> frame_;
};

}  // namespace

Status WriteVariable(const PageInput& input, EncodedPage* page) {
  return VariableWriter(input, page).Run();
}

PageResult OpenVariable(PageSource source) {
  return VariablePage::Open(std::move(source));
}

}  // namespace lancer::format
