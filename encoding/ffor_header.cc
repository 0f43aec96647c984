#include "encoding/ffor_header.h"

#include "encoding/bit_pack.h"

namespace lancer::encoding {

bool ReadFforHeader(ByteReader* reader, PhysicalType type, FforHeader* header) {
  uint8_t width = 0;
  if (!reader->Read(&width) || !reader->Read(&header->flags)) {
    return false;
  }
  header->width = width;
  if ((header->flags & kFforSmallPatches) != 0) {
    uint16_t count = 0;
    if (!reader->Read(&count)) {
      return false;
    }
    header->patch_count = count;
  } else if ((header->flags & kFforLargePatches) != 0) {
    uint32_t count = 0;
    if (!reader->Read(&count)) {
      return false;
    }
    header->patch_count = count;
  }
  std::span<const std::byte> reference;
  if (!reader->ReadSpan(type.width, &reference)) {
    return false;
  }
  header->reference = LoadNumber(reference.data(), FforDistanceBytes(type));
  for (uint32_t at = 8; at < type.width; at += 8) {
    header->reference_high[at / 8 - 1] = LoadLe<uint64_t>(reference.data() + at);
  }
  return true;
}

void WriteFforHeader(const FforHeader& header, PhysicalType type, ByteWriter* out) {
  out->Write(static_cast<uint8_t>(header.width));
  out->Write(header.flags);
  if (header.flags == kFforSmallPatches) {
    out->Write(static_cast<uint16_t>(header.patch_count));
  } else if (header.flags == kFforLargePatches) {
    out->Write(static_cast<uint32_t>(header.patch_count));
  }
  std::byte* to = out->Extend(type.width);
  StoreNumber(header.reference, to, FforDistanceBytes(type));
  for (uint32_t at = 8; at < type.width; at += 8) {
    StoreLe<uint64_t>(to + at, header.reference_high[at / 8 - 1]);
  }
}

std::string_view FforFault(const FforHeader& header, PhysicalType type, uint64_t count) {
  if (header.width > FforDistanceBytes(type) * 8) {
    return "width is larger than the type";
  }
  if (header.flags > kFforRaw ||
      header.flags == (kFforSmallPatches | kFforLargePatches)) {
    return "unknown flags";
  }
  if (header.flags == kFforRaw && !IsFforWide(type)) {
    return "raw values of a type of at most 8 bytes";
  }
  if (header.patch_count > count) {
    return "more patches than values";
  }
  return {};
}

uint64_t FforBodyBytes(const FforHeader& header, PhysicalType type, uint64_t count) {
  if (header.flags == kFforRaw) {
    return count * type.width;
  }
  return PackedBytes(count, header.width) +
         header.patch_count * (FforPositionBytes(header.flags) + FforDistanceBytes(type));
}

}  // namespace lancer::encoding
