// Reading layout U (uniform.cc draws it): a row's place follows from its number alone.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "encoding/ffor.h"
#include "encoding/scratch.h"
#include "format/page_checks.h"
#include "format/page_validity.h"
#include "format/uniform.h"
#include "types/bitmap.h"

namespace lancer::format {
namespace {

using encoding::EncodingId;
using encoding::PhysicalKind;
using encoding::Scratch;

class UniformPage final : public PageReader {
 public:
  static PageResult Open(PageSource source);

  void PlanRows(std::span<const uint32_t> rows, Verify due,
                std::vector<ByteRange>* ranges) const override {
    uint64_t last = UINT64_MAX;
    for (const uint32_t row : rows) {
      const uint64_t unit = row >> meta_.block_shift;
      if (unit != last && unit < units_ && checks_.Due(unit, due)) {
        AddUnits(unit, unit + 1, ranges);
      }
      last = unit;
    }
  }

  void PlanRange(uint64_t first, uint64_t n,
                 std::vector<ByteRange>* ranges) const override {
    if (n > 0 && units_ > 0) {
      AddUnits(first >> meta_.block_shift, ((first + n - 1) >> meta_.block_shift) + 1,
               ranges);
    }
  }

  Status ReadRows(const FetchedBytes& bytes, std::span<const uint32_t> rows,
                  const PageReadOptions& options, LeafBuffer* out) const override;
  Status ReadRange(const FetchedBytes& bytes, uint64_t first, uint64_t n,
                   const PageReadOptions& options, LeafBuffer* out) const override;
  Status VerifyUnits(const FetchedBytes& bytes, uint64_t first, uint64_t n,
                     const PageReadOptions& options) const override {
    std::span<const std::byte> unit;
    for (uint64_t at = first; at < first + n && units_ > 0;) {
      LANCER_RETURN_IF_ERROR(Unit(bytes, at >> meta_.block_shift, options, &unit));
      at = ((at >> meta_.block_shift) + 1) << meta_.block_shift;
    }
    return Status::Ok();
  }

  ByteRange PlainValues() const override {
    if (geometry_.body != UniformBody::kPlain || validity_.any_nulls()) {
      return {};
    }
    return {meta_.offset, meta_.size};
  }

  Status PlaceRows(const FetchedBytes& bytes, std::span<const uint32_t> rows,
                   std::span<const uint64_t> places, const PageReadOptions& options,
                   std::byte* target) const override;

  std::vector<uint64_t> BlockStarts() const override {
    std::vector<uint64_t> starts;
    for (uint64_t unit = 0; unit < units_; ++unit) {
      starts.push_back(unit << meta_.block_shift);
    }
    if (units_ > 0) {
      starts.push_back(meta_.rows);
    }
    return starts;
  }

  uint64_t memory_bytes() const override {
    return sizeof(*this) + index_.size() + checks_.memory_bytes();
  }

 private:
  UniformPage(PageSource source, PageValidity validity, const UniformGeometry& geometry,
              std::span<const std::byte> stream, std::span<const std::byte> stored)
      : shape_(source.shape),
        meta_(source.meta),
        tree_(source.trees.back()),
        resources_(source.resources),
        index_(std::move(source.index)),
        where_(std::move(source.where)),
        validity_(std::move(validity)),
        geometry_(geometry),
        stream_(stream),
        stored_(stored),
        units_(geometry.UnitCount(meta_.block_shift)),
        checks_(units_, &where_) {}

  void AddUnits(uint64_t first, uint64_t end, std::vector<ByteRange>* ranges) const {
    const uint64_t from = geometry_.BytesBefore(first << meta_.block_shift);
    const uint64_t to = geometry_.BytesBefore(end << meta_.block_shift);
    AddRange(meta_.offset + from, to - from, ranges);
  }

  // The bytes of a unit, checked.
  Status Unit(const FetchedBytes& bytes, uint64_t unit, const PageReadOptions& options,
              std::span<const std::byte>* found) const {
    const uint64_t from = geometry_.BytesBefore(unit << meta_.block_shift);
    const uint64_t size = geometry_.BytesBefore((unit + 1) << meta_.block_shift) - from;
    *found = bytes.Find(meta_.offset + from, size);
    if (found->empty()) {
      return NotFetched(where_, meta_.offset + from, size);
    }
    if (checks_.Due(unit, options.verify)) {
      const auto stored = encoding::LoadLe<uint32_t>(stored_.data() + unit * 4);
      return checks_.Check(unit, *found, meta_.offset + from, stored, 0, options);
    }
    return Status::Ok();
  }

  Status CheckConstant() const;
  Status ReadConstant(uint64_t values, LeafBuffer* out) const;
  Status ReadPlainRows(const FetchedBytes& bytes, std::span<const uint32_t> rows,
                       const PageReadOptions& options, LeafBuffer* out) const;
  template <typename Copy>
  Status ForPlainRows(const FetchedBytes& bytes, std::span<const uint32_t> rows,
                      const PageReadOptions& options, Copy copy) const;
  Status ReadOtherRows(const FetchedBytes& bytes, std::span<const uint32_t> rows,
                       const PageReadOptions& options, LeafBuffer* out) const;
  void CopyRows(std::span<const std::byte> unit, uint64_t unit_row, uint64_t first,
                uint64_t n, uint64_t at, std::byte* values) const;
  size_t DenseRows(std::span<const uint32_t> rows) const;
  void UnpackDense(std::span<const std::byte> unit, uint64_t unit_row,
                   std::span<const uint32_t> rows, std::byte* target) const;
  void UnpackRows(std::span<const std::byte> unit, uint64_t unit_row, uint64_t first,
                  uint64_t n, std::byte* target) const;

  const LeafShape& shape_;
  const PageMeta meta_;
  const encoding::EncodingTree& tree_;
  const encoding::DecodeResources& resources_;
  std::vector<std::byte> index_;
  std::string where_;
  PageValidity validity_;
  UniformGeometry geometry_;
  std::span<const std::byte> stream_;
  std::span<const std::byte> stored_;  // checksums
  uint64_t units_;
  UnitChecks checks_;
};

// A copy whose size the compiler knows takes one instruction.
void CopyValue(const std::byte* value, size_t stride, std::byte* target) {
  if (stride == 8) {
    std::memcpy(target, value, 8);
  } else if (stride == 4) {
    std::memcpy(target, value, 4);
  } else {
    std::memcpy(target, value, stride);
  }
}

PageResult UniformPage::Open(PageSource source) {
  const PageMeta& meta = source.meta;
  const LeafShape& shape = source.shape;
  auto damaged = [&](const Status& status) {
    return IndexCorruption(source.where, status.message());
  };
  if (shape.has_lists()) {
    return Status::Corruption(source.where + ": lists cannot be of layout U");
  }
  encoding::ByteReader reader(source.index);
  Result<PageValidity> validity = PageValidity::Read(shape, meta, &reader);
  if (!validity) {
    return damaged(validity.error());
  }
  uint32_t stream_size = 0;
  std::span<const std::byte> stream;
  if (!reader.Read(&stream_size) || !reader.ReadSpan(stream_size, &stream)) {
    return IndexCorruption(source.where, "cut short in the stream's headers");
  }
  const encoding::EncodingTree& tree = source.trees.back();
  Result<UniformGeometry> geometry =
      UniformGeometry::Make(shape, tree, stream, meta.rows, meta.values);
  if (!geometry) {
    return damaged(geometry.error());
  }
  if (geometry->size != meta.size || !geometry->ShiftFits(meta.block_shift)) {
    return Status::Corruption(
        fmt::format("{}: page of {} bytes in units of 2^{} rows, expected {} bytes",
                    source.where, meta.size, meta.block_shift, geometry->size));
  }
  std::span<const std::byte> stored;
  if (!reader.ReadSpan(geometry->UnitCount(meta.block_shift) * 4, &stored) ||
      reader.remaining() != 0) {
    return IndexCorruption(source.where,
                           fmt::format("{} bytes of checksums for {} units",
                                       source.index.size() - reader.position(),
                                       geometry->UnitCount(meta.block_shift)));
  }
  // Moving a vector keeps its memory, so the views into the index stay.
  std::unique_ptr<UniformPage> page(new UniformPage(
      std::move(source), std::move(*validity), *geometry, stream, stored));
  if (geometry->body == UniformBody::kNone) {
    const Status status = page->CheckConstant();
    if (!status.ok()) {
      return IndexCorruption(page->where_, status.message());
    }
  }
  return std::unique_ptr<const PageReader>(std::move(page));
}

// The value of a page without a body can be read, and nothing stands behind it.
Status UniformPage::CheckConstant() const {
  if (shape_.type.kind == PhysicalKind::kBytes) {
    LeafBuffer probe = MakeLeafBuffer(shape_);
    return ReadConstant(1, &probe);
  }
  LANCER_ASSIGN_OR_RETURN(
      const uint64_t headers,
      encoding::StreamHeaderBytes({tree_, shape_.type, stream_, 1, resources_}));
  return headers == stream_.size()
             ? Status::Ok()
             : Status::Corruption("bytes are left behind the stream's headers");
}

// No stream of this kind depends on the count of its values.
Status UniformPage::ReadConstant(uint64_t values, LeafBuffer* out) const {
  const encoding::StoredStream stream{tree_, shape_.type, stream_, values, resources_};
  if (shape_.type.kind == PhysicalKind::kBytes) {
    LANCER_RETURN_IF_ERROR(out->CheckOffsets(values));
    return encoding::DecodeBytes(stream, 0, values, &out->bytes);
  }
  LANCER_RETURN_IF_ERROR(out->GrowFixed(shape_.type, values));
  std::byte* target = out->fixed.data();
  const bool bits = shape_.type.kind == PhysicalKind::kBits;
  return encoding::DecodeFixed(
      stream, bits ? encoding::FixedTarget{target, out->values}
                   : encoding::FixedTarget{target + out->values * shape_.type.width, 0});
}

// Rows [first, first + n) of the page, all inside the unit whose first row is
// `unit_row`, become the values from `at` on.
void UniformPage::CopyRows(std::span<const std::byte> unit, uint64_t unit_row,
                           uint64_t first, uint64_t n, uint64_t at,
                           std::byte* values) const {
  const uint64_t skip = first - unit_row;
  const uint64_t per_row = geometry_.per_row;
  switch (geometry_.body) {
    case UniformBody::kPlain:
      std::memcpy(values + at * shape_.type.width, unit.data() + skip * geometry_.stride,
                  static_cast<size_t>(n * geometry_.stride));
      break;
    case UniformBody::kBits:
      CopyBits(unit.data(), static_cast<int64_t>(skip * per_row), values,
               static_cast<int64_t>(at), static_cast<int64_t>(n * per_row));
      break;
    case UniformBody::kPacked:
      UnpackRows(unit, unit_row * per_row, first * per_row, n * per_row,
                 values + at * shape_.type.width);
      break;
    case UniformBody::kNone:
      break;
  }
}

// Values [first, first + n) of the page; the unit's first is `unit_first`, a multiple of
// 1,024.
void UniformPage::UnpackRows(std::span<const std::byte> unit, uint64_t unit_first,
                             uint64_t first, uint64_t n, std::byte* target) const {
  const encoding::PackedBody& packed = geometry_.packed;
  const uint32_t width = shape_.type.width;
  const uint64_t base = encoding::PackedBodyRange(packed, unit_first).begin;
  auto chunk_of = [&](uint64_t value) {
    return unit.subspan(
        static_cast<size_t>(encoding::PackedBodyRange(packed, value).begin - base));
  };
  constexpr uint64_t kChunk = encoding::kPackChunk;
  constexpr uint64_t kFew = 16;
  const uint64_t end = first + n;
  while (first < end) {
    const uint64_t chunk = first / kChunk * kChunk;
    const uint64_t chunk_end = std::min(chunk + kChunk, packed.count);
    const uint64_t whole = end == packed.count ? end : end / kChunk * kChunk;
    if (first == chunk && whole > first) {  // many chunks at once
      encoding::PackedValues(packed, chunk_of(first), first, whole - first, target);
      target += (whole - first) * width;
      first = whole;
      continue;
    }
    const uint64_t stop = std::min(end, chunk_end);
    if (stop - first <= kFew) {
      const encoding::PackedRange range = encoding::PackedBodyRange(packed, first);
      for (; first < stop; ++first, target += width) {
        encoding::PackedValueAt(
            packed, chunk_of(first).first(static_cast<size_t>(range.end - range.begin)),
            first, target);
      }
      continue;
    }
    Scratch values(kChunk * width);
    encoding::PackedValues(packed, chunk_of(chunk), chunk, chunk_end - chunk,
                           values.data());
    std::memcpy(target, values.data() + (first - chunk) * width,
                static_cast<size_t>((stop - first) * width));
    target += (stop - first) * width;
    first = stop;
  }
}

// Calls copy(i, bytes of rows[i]) for rows of a plain page.
template <typename Copy>
Status UniformPage::ForPlainRows(const FetchedBytes& bytes,
                                 std::span<const uint32_t> rows,
                                 const PageReadOptions& options, Copy copy) const {
  const auto stride = static_cast<size_t>(geometry_.stride);
  std::span<const std::byte> unit;
  uint64_t current = UINT64_MAX;
  const uint64_t mask = (uint64_t{1} << meta_.block_shift) - 1;
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint64_t wanted = rows[i] >> meta_.block_shift;
    if (wanted != current) {
      LANCER_RETURN_IF_ERROR(Unit(bytes, wanted, options, &unit));
      current = wanted;
    }
    copy(i, unit.data() + (rows[i] & mask) * stride);
  }
  return Status::Ok();
}

Status UniformPage::ReadPlainRows(const FetchedBytes& bytes,
                                  std::span<const uint32_t> rows,
                                  const PageReadOptions& options, LeafBuffer* out) const {
  const auto stride = static_cast<size_t>(geometry_.stride);
  LANCER_RETURN_IF_ERROR(out->GrowFixed(shape_.type, rows.size() * geometry_.per_row));
  std::byte* target = out->fixed.data() + out->values * shape_.type.width;
  return ForPlainRows(bytes, rows, options, [&](size_t i, const std::byte* value) {
    CopyValue(value, stride, target + i * stride);
  });
}

Status UniformPage::PlaceRows(const FetchedBytes& bytes, std::span<const uint32_t> rows,
                              std::span<const uint64_t> places,
                              const PageReadOptions& options, std::byte* target) const {
  LANCER_RETURN_IF_ERROR(CheckRows(where_, rows, meta_.rows));
  const auto stride = static_cast<size_t>(geometry_.stride);
  if (options.counters != nullptr) {
    Counters::Add(options.counters->bytes_used, rows.size() * stride);
  }
  return ForPlainRows(bytes, rows, options, [&](size_t i, const std::byte* value) {
    CopyValue(value, stride, target + places[i] * stride);
  });
}

Status UniformPage::ReadOtherRows(const FetchedBytes& bytes,
                                  std::span<const uint32_t> rows,
                                  const PageReadOptions& options, LeafBuffer* out) const {
  LANCER_RETURN_IF_ERROR(out->GrowFixed(shape_.type, rows.size() * geometry_.per_row));
  std::byte* values = out->fixed.data();
  std::span<const std::byte> unit;
  uint64_t current = UINT64_MAX;
  uint64_t at = out->values;
  for (size_t i = 0; i < rows.size();) {
    const uint64_t wanted = rows[i] >> meta_.block_shift;
    if (wanted != current) {
      LANCER_RETURN_IF_ERROR(Unit(bytes, wanted, options, &unit));
      current = wanted;
    }
    const size_t n = DenseRows(rows.subspan(i));
    if (n > 1) {
      UnpackDense(unit, wanted << meta_.block_shift, rows.subspan(i, n),
                  values + at * shape_.type.width);
    } else {
      CopyRows(unit, wanted << meta_.block_shift, rows[i], 1, at, values);
    }
    at += n * geometry_.per_row;
    i += n;
  }
  return Status::Ok();
}

// How many of the first rows lie in one chunk of packed numbers, if they are enough to
// unpack it whole; else 1.
size_t UniformPage::DenseRows(std::span<const uint32_t> rows) const {
  constexpr size_t kEnough = encoding::kPackChunk / 16;
  if (geometry_.body != UniformBody::kPacked || geometry_.per_row != 1 ||
      rows.size() < kEnough) {
    return 1;
  }
  const uint64_t chunk = rows[0] / encoding::kPackChunk;
  size_t n = 1;
  while (n < rows.size() && rows[n] / encoding::kPackChunk == chunk) {
    ++n;
  }
  return n < kEnough ? 1 : n;
}

// Numbers of one chunk, the chunk unpacked whole.
void UniformPage::UnpackDense(std::span<const std::byte> unit, uint64_t unit_row,
                              std::span<const uint32_t> rows, std::byte* target) const {
  const uint64_t first = rows[0] / encoding::kPackChunk * encoding::kPackChunk;
  const uint64_t end = std::min(first + encoding::kPackChunk, meta_.rows);
  const size_t width = shape_.type.width;
  Scratch chunk(encoding::kPackChunk * width);
  UnpackRows(unit, unit_row, first, end - first, chunk.data());
  for (const uint32_t row : rows) {
    std::memcpy(target, chunk.data() + (row - first) * width, width);
    target += width;
  }
}

Status UniformPage::ReadRows(const FetchedBytes& bytes, std::span<const uint32_t> rows,
                             const PageReadOptions& options, LeafBuffer* out) const {
  LANCER_RETURN_IF_ERROR(CheckRows(where_, rows, meta_.rows));
  const UsedBytes used(options, *out);
  Status status;
  if (geometry_.body == UniformBody::kNone) {
    status = ReadConstant(rows.size() * geometry_.per_row, out);
  } else if (geometry_.body == UniformBody::kPlain) {
    status = ReadPlainRows(bytes, rows, options, out);
  } else {
    status = ReadOtherRows(bytes, rows, options, out);
  }
  LANCER_RETURN_IF_ERROR(status);
  return validity_.AppendRows(rows, out);
}

Status UniformPage::ReadRange(const FetchedBytes& bytes, uint64_t first, uint64_t n,
                              const PageReadOptions& options, LeafBuffer* out) const {
  LANCER_RETURN_IF_ERROR(CheckRowRange(where_, first, n, meta_.rows));
  const UsedBytes used(options, *out);
  if (geometry_.body == UniformBody::kNone) {
    LANCER_RETURN_IF_ERROR(ReadConstant(n * geometry_.per_row, out));
    return validity_.AppendRange(first, n, out);
  }
  LANCER_RETURN_IF_ERROR(out->GrowFixed(shape_.type, n * geometry_.per_row));
  std::byte* values = out->fixed.data();
  uint64_t at = out->values;
  std::span<const std::byte> unit;
  for (uint64_t row = first; row < first + n;) {
    const uint64_t index = row >> meta_.block_shift;
    const uint64_t end = std::min(first + n, (index + 1) << meta_.block_shift);
    LANCER_RETURN_IF_ERROR(Unit(bytes, index, options, &unit));
    CopyRows(unit, index << meta_.block_shift, row, end - row, at, values);
    at += (end - row) * geometry_.per_row;
    row = end;
  }
  return validity_.AppendRange(first, n, out);
}

}  // namespace

PageResult OpenUniform(PageSource source) { return UniformPage::Open(std::move(source)); }

}  // namespace lancer::format
