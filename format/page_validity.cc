#include "format/page_validity.h"

#include <fmt/format.h>

#include "encoding/byte_writer.h"
#include "encoding/scratch.h"
#include "types/bitmap.h"

namespace lancer::format {
namespace {

// Slots per row of each level, then of the leaf. REQUIRES: no kList level.
std::vector<uint64_t> SlotsPerRow(const LeafShape& shape) {
  std::vector<uint64_t> slots;
  uint64_t per_row = 1;
  for (const Level& level : shape.levels) {
    slots.push_back(per_row);
    if (level.kind == LevelKind::kFixedList) {
      per_row *= level.fixed_size;
    }
  }
  slots.push_back(per_row);
  return slots;
}

}  // namespace

Status StoredValidity::Append(uint64_t first, uint64_t n, ValidityBuffer* out) const {
  switch (kind) {
    case encoding::NullKind::kNone:
      out->AppendValid(n);
      return Status::Ok();
    case encoding::NullKind::kAll:
      out->AppendNull(n);
      return Status::Ok();
    case encoding::NullKind::kBitmap:
      out->Append(bytes.data(), first, n);
      return Status::Ok();
    case encoding::NullKind::kPositions:
      break;
  }
  if (n == 1) {
    if (encoding::ValidAt(kind, bytes, first)) {
      out->AppendValid(1);
    } else {
      out->AppendNull(1);
    }
    return Status::Ok();
  }
  encoding::Scratch bits(BitmapBytes(static_cast<int64_t>(slots)));
  LANCER_RETURN_IF_ERROR(encoding::DecodeValidity(kind, bytes, slots, bits.data(), 0));
  out->Append(bits.data(), first, n);
  return Status::Ok();
}

void PageValidity::Write(const PageInput& input, std::vector<std::byte>* index) {
  std::vector<std::byte> validity;
  encoding::ByteWriter writer(index);
  auto add = [&](const ValidityBuffer& buffer) {
    const size_t before = validity.size();
    const std::byte* bits = buffer.null_count > 0 ? buffer.data() : nullptr;
    const auto kind = encoding::AppendValidity(bits, 0, buffer.count, &validity);
    writer.Write(static_cast<uint32_t>(kind));
    writer.Write(static_cast<uint32_t>(validity.size() - before));
  };
  for (const LevelBuffer& level : input.buffer.levels) {
    add(level.validity);
  }
  add(input.buffer.validity);
  writer.WriteSpan(validity);
}

Result<PageValidity> PageValidity::Read(const LeafShape& shape, const PageMeta& meta,
                                        encoding::ByteReader* index) {
  PageValidity result;
  std::vector<uint32_t> sizes;
  for (const uint64_t per_row : SlotsPerRow(shape)) {
    uint32_t kind = 0;
    uint32_t size = 0;
    if (!index->Read(&kind) || !index->Read(&size)) {
      return Status::Corruption("cut short in the null kinds");
    }
    if (kind > static_cast<uint32_t>(encoding::NullKind::kPositions)) {
      return Status::Corruption(fmt::format("unknown null kind {}", kind));
    }
    result.any_nulls_ = result.any_nulls_ || kind != 0;
    result.slots_.push_back(
        {{static_cast<encoding::NullKind>(kind), {}, meta.rows * per_row}, per_row});
    sizes.push_back(size);
  }
  for (size_t i = 0; i < sizes.size(); ++i) {
    StoredValidity& validity = result.slots_[i].validity;
    if (!index->ReadSpan(sizes[i], &validity.bytes)) {
      return Status::Corruption(
          fmt::format("validity of {} bytes, {} are left", sizes[i], index->remaining()));
    }
    LANCER_RETURN_IF_ERROR(
        encoding::CheckValidity(validity.kind, validity.bytes, validity.slots));
    if (validity.kind == encoding::NullKind::kPositions) {
      encoding::Scratch bits(BitmapBytes(static_cast<int64_t>(validity.slots)));
      LANCER_RETURN_IF_ERROR(encoding::DecodeValidity(validity.kind, validity.bytes,
                                                      validity.slots, bits.data(), 0));
    }
  }
  return result;
}

Status PageValidity::AppendRange(uint64_t first, uint64_t n, LeafBuffer* out) const {
  for (size_t i = 0; i < slots_.size(); ++i) {
    ValidityBuffer* target =
        i + 1 < slots_.size() ? &out->levels[i].validity : &out->validity;
    const uint64_t per_row = slots_[i].per_row;
    LANCER_RETURN_IF_ERROR(
        slots_[i].validity.Append(first * per_row, n * per_row, target));
  }
  out->rows += n;
  out->values += n * slots_.back().per_row;
  return Status::Ok();
}

Status PageValidity::AppendRows(std::span<const uint32_t> rows, LeafBuffer* out) const {
  if (!any_nulls_) {
    return AppendRange(0, rows.size(), out);
  }
  for (const uint32_t row : rows) {
    LANCER_RETURN_IF_ERROR(AppendRange(row, 1, out));
  }
  return Status::Ok();
}

}  // namespace lancer::format
