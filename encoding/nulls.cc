// Validity (spec: encodings, "Nulls"):
//
//   none, all:  nothing
//   bitmap:     [ceil(count / 8) bytes], 1 = valid, lowest bit first, spare bits 0
//   positions:  [u16 per null row], ascending
#include "encoding/nulls.h"

#include <fmt/format.h>

#include <cstring>

#include "encoding/byte_order.h"
#include "encoding/byte_writer.h"
#include "types/bitmap.h"

namespace lancer::encoding {
namespace {

constexpr uint64_t kMaxPositionRows = 65536;

uint64_t BitmapSize(uint64_t count) { return count / 8 + (count % 8 != 0 ? 1 : 0); }

void AppendPositions(const std::byte* validity, uint64_t bit_offset, uint64_t count,
                     ByteWriter* out) {
  const auto end = static_cast<int64_t>(bit_offset + count);
  auto at = static_cast<int64_t>(bit_offset);
  while ((at = FindBit(validity, at, end, false)) != end) {
    out->Write(static_cast<uint16_t>(static_cast<uint64_t>(at) - bit_offset));
    ++at;
  }
}

Status DecodePositions(std::span<const std::byte> bytes, uint64_t count,
                       std::byte* target, uint64_t bit_offset) {
  FillBits(target, static_cast<int64_t>(bit_offset), static_cast<int64_t>(count), true);
  uint64_t least = 0;
  for (size_t i = 0; i < bytes.size(); i += 2) {
    const uint64_t row = LoadLe<uint16_t>(bytes.data() + i);
    if (row < least || row >= count) {
      return Status::Corruption(fmt::format(
          "nulls: position {} is row {}, expected [{}, {})", i / 2, row, least, count));
    }
    least = row + 1;
    ClearBit(target, static_cast<int64_t>(bit_offset + row));
  }
  return Status::Ok();
}

}  // namespace

NullKind AppendValidity(const std::byte* validity, uint64_t bit_offset, uint64_t count,
                        std::vector<std::byte>* out) {
  const auto rows = static_cast<int64_t>(count);
  const auto offset = static_cast<int64_t>(bit_offset);
  const uint64_t valid = validity == nullptr
                             ? count
                             : static_cast<uint64_t>(CountBits(validity, offset, rows));
  if (valid == count) {
    return NullKind::kNone;
  }
  if (valid == 0) {
    return NullKind::kAll;
  }
  ByteWriter writer(out);
  if (count <= kMaxPositionRows && (count - valid) * 2 < BitmapSize(count)) {
    AppendPositions(validity, bit_offset, count, &writer);
    return NullKind::kPositions;
  }
  std::byte* bitmap = writer.Extend(static_cast<size_t>(BitmapSize(count)));
  CopyBits(validity, offset, bitmap, 0, rows);
  return NullKind::kBitmap;
}

EncodedValidity EncodeValidity(const std::byte* validity, uint64_t bit_offset,
                               uint64_t count) {
  EncodedValidity result;
  result.kind = AppendValidity(validity, bit_offset, count, &result.bytes);
  return result;
}

Status CheckValidity(NullKind kind, std::span<const std::byte> bytes, uint64_t count) {
  bool fits = false;
  switch (kind) {
    case NullKind::kNone:
    case NullKind::kAll:
      fits = bytes.empty();
      break;
    case NullKind::kBitmap:
      fits = bytes.size() == BitmapSize(count);
      break;
    case NullKind::kPositions:
      fits =
          count <= kMaxPositionRows && bytes.size() % 2 == 0 && bytes.size() / 2 <= count;
      break;
    default:
      return Status::Corruption(
          fmt::format("nulls: unknown kind {}", static_cast<unsigned>(kind)));
  }
  if (!fits) {
    return Status::Corruption(
        fmt::format("nulls: kind {} with {} bytes cannot be of {} rows",
                    static_cast<unsigned>(kind), bytes.size(), count));
  }
  return Status::Ok();
}

Status DecodeValidity(NullKind kind, std::span<const std::byte> bytes, uint64_t count,
                      std::byte* target, uint64_t bit_offset) {
  LANCER_RETURN_IF_ERROR(CheckValidity(kind, bytes, count));
  const auto offset = static_cast<int64_t>(bit_offset);
  const auto rows = static_cast<int64_t>(count);
  switch (kind) {
    case NullKind::kNone:
    case NullKind::kAll:
      FillBits(target, offset, rows, kind == NullKind::kNone);
      break;
    case NullKind::kBitmap:
      CopyBits(bytes.data(), 0, target, offset, rows);
      break;
    case NullKind::kPositions:
      return DecodePositions(bytes, count, target, bit_offset);
  }
  return Status::Ok();
}

bool ValidAt(NullKind kind, std::span<const std::byte> bytes, uint64_t i) {
  switch (kind) {
    case NullKind::kNone:
      return true;
    case NullKind::kAll:
      return false;
    case NullKind::kBitmap:
      return GetBit(bytes.data(), static_cast<int64_t>(i));
    case NullKind::kPositions:
      break;
  }
  size_t low = 0;
  size_t high = bytes.size() / 2;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (LoadLe<uint16_t>(bytes.data() + middle * 2) < i) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == bytes.size() / 2 || LoadLe<uint16_t>(bytes.data() + low * 2) != i;
}

uint64_t CountNulls(NullKind kind, std::span<const std::byte> bytes, uint64_t count) {
  switch (kind) {
    case NullKind::kNone:
      return 0;
    case NullKind::kAll:
      return count;
    case NullKind::kBitmap:
      return count - static_cast<uint64_t>(
                         CountBits(bytes.data(), 0, static_cast<int64_t>(count)));
    case NullKind::kPositions:
      break;
  }
  return bytes.size() / 2;
}

}  // namespace lancer::encoding
