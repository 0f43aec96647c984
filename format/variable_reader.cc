// Reading layout V (variable.cc draws it): a value's place is the sum of the lengths
// before it, packed in the page index.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "encoding/bit_pack.h"
#include "encoding/scratch.h"
#include "format/page_checks.h"
#include "format/page_validity.h"
#include "format/variable.h"

namespace lancer::format {
namespace {

using encoding::kPackChunk;
using encoding::LoadLe;
using encoding::Scratch;

// Values [first, first + n) of a chunk: where each one's stored part lies.
struct ChunkTable {
  uint64_t first = UINT64_MAX;  // value
  uint64_t n = 0;
  uint64_t begin = 0;  // of the first value, in the page
  Scratch numbers{kPackChunk * sizeof(uint64_t)};
  Scratch narrow{kPackChunk * sizeof(uint32_t)};
  uint64_t at = 0;      // values whose sizes are added up already
  uint64_t offset = 0;  // of value `first + at`

  uint64_t number(uint64_t value) { return numbers.as<uint64_t>()[value - first]; }
  // Where a value begins in the page; `value` may be the one behind the last. Cheap for
  // ascending values.
  uint64_t OffsetOf(uint64_t value) {
    const uint64_t wanted = value - first;
    const auto* number = numbers.as<uint64_t>();
    if (wanted < at) {
      at = 0;
      offset = begin;
    }
    uint64_t sum = 0;
    for (uint64_t i = at; i < wanted; ++i) {
      sum += number[i] >> 2;
    }
    offset += sum;
    at = wanted;
    return offset;
  }
};

class VariablePage final : public PageReader {
 public:
  static PageResult Open(PageSource source);

  void PlanRows(std::span<const uint32_t> rows, Verify due,
                std::vector<ByteRange>* ranges) const override {
    ChunkTable table;
    for (const uint32_t row : rows) {
      if (!checks_.Due(row, due)) {
        continue;
      }
      if (!Load(row, &table).ok()) {
        return;  // reading says what is wrong
      }
      const uint64_t from = table.OffsetOf(row);
      AddPart(from, from + (table.number(row) >> 2), ranges);
    }
  }

  void PlanRange(uint64_t first, uint64_t n,
                 std::vector<ByteRange>* ranges) const override {
    ChunkTable table;
    if (n == 0 || !Load(first, &table).ok()) {
      return;
    }
    const uint64_t from = table.OffsetOf(first);
    if (!Load(first + n - 1, &table).ok()) {
      return;
    }
    AddPart(from, table.OffsetOf(first + n), ranges);
  }

  Status ReadRows(const FetchedBytes& bytes, std::span<const uint32_t> rows,
                  const PageReadOptions& options, LeafBuffer* out) const override {
    LANCER_RETURN_IF_ERROR(CheckRows(where_, rows, meta_.rows));
    const UsedBytes used(options, *out);
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
    const UsedBytes used(options, *out);
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
  // Plans bytes [from, to) of the page; reading says what is wrong with others.
  void AddPart(uint64_t from, uint64_t to, std::vector<ByteRange>* ranges) const {
    if (from < to && to <= meta_.size) {
      AddRange(meta_.offset + from, to - from, ranges);
    }
  }
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
    if (width > kMaxNumberWidth || LoadLe<uint32_t>(entry + 16) != expected ||
        LoadLe<uint64_t>(entry + 8) >> kMaxNumberWidth != 0 ||
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
  if (LaneBytes(width) == 4) {
    encoding::Unpack(4, packed, n, width, 0, table->narrow.data());
    const auto* narrow = table->narrow.as<uint32_t>();
    for (uint64_t i = 0; i < n; ++i) {
      numbers[i] = reference + narrow[i];
    }
  } else {
    encoding::Unpack(8, packed, n, width, reference, table->numbers.data());
  }
  table->begin = table->offset = LoadLe<uint64_t>(entry);
  table->at = 0;
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
  if (size < kValueCheckBytes) {
    return Damaged(value, fmt::format("stored in {} bytes, fewer than its check", size));
  }
  const uint64_t place = table->OffsetOf(value);
  if (place > meta_.size || size > meta_.size - place) {
    return Damaged(value, fmt::format("stored at {} + {} of a page of {} bytes", place,
                                      size, meta_.size));
  }
  const uint64_t offset = meta_.offset + place;
  const std::span<const std::byte> found = bytes.Find(offset, size);
  if (found.empty()) {
    return NotFetched(where_, offset, size);
  }
  *stored = found.subspan(kValueCheckBytes);
  if (checks_.Due(value, options.verify)) {
    return checks_.Check(value, *stored, offset + kValueCheckBytes,
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
      raw / ValueCodec().MaxRatio() > reader.remaining()) {
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
  const Status status = ValueCodec().Decompress(stored.subspan(reader.position()),
                                                resources_.codec_dictionary,
                                                target.data.bytes().subspan(at));
  if (!status.ok()) {
    target.data.Resize(at);
    return Damaged(value, status.message());
  }
  target.offsets.push_back(target.offsets.back() + raw);
  return Status::Ok();
}

}  // namespace

PageResult OpenVariable(PageSource source) {
  return VariablePage::Open(std::move(source));
}

}  // namespace lancer::format
