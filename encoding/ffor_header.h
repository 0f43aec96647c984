// The node header of ffor (spec: encodings, "ffor"); drawn in ffor.cc.
//
// Ownership: plain values. Thread rule: pure functions.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "encoding/byte_order.h"
#include "encoding/byte_reader.h"
#include "encoding/byte_writer.h"
#include "encoding/values.h"

namespace lancer::encoding {

// Flags. At most one is set.
inline constexpr uint8_t kFforSmallPatches = 1;  // u16 count and positions
inline constexpr uint8_t kFforLargePatches = 2;  // u32 count and positions
inline constexpr uint8_t kFforRaw = 4;           // the body is plain values

struct FforHeader {
  unsigned width = 0;  // bits per packed number
  uint8_t flags = 0;
  uint64_t patch_count = 0;
  uint64_t reference = 0;                       // low 64 bits
  std::array<uint64_t, 3> reference_high = {};  // the words above, of wide types only
};

// Types of 16 and 32 bytes: distances have 8 bytes, the reference has them all.
inline bool IsFforWide(PhysicalType type) { return type.width > 8; }

// Bytes of a distance: the type's width, 8 for wide types.
inline unsigned FforDistanceBytes(PhysicalType type) { return std::min(type.width, 8U); }

inline unsigned FforPositionBytes(uint8_t flags) {
  return (flags & kFforSmallPatches) != 0 ? 2 : 4;
}

// False when the header is cut short.
[[nodiscard]] bool ReadFforHeader(ByteReader* reader, PhysicalType type,
                                  FforHeader* header);
void WriteFforHeader(const FforHeader& header, PhysicalType type, ByteWriter* out);

// What is wrong with a header of a stream of `count` values; empty when nothing is.
std::string_view FforFault(const FforHeader& header, PhysicalType type, uint64_t count);

// Bytes of the body. REQUIRES: FforFault found nothing.
uint64_t FforBodyBytes(const FforHeader& header, PhysicalType type, uint64_t count);

// Writes reference + distance as a value of the type.
inline void StoreFforValue(const FforHeader& header, uint64_t distance, std::byte* to,
                           PhysicalType type) {
  const uint64_t low = header.reference + distance;
  StoreNumber(low, to, FforDistanceBytes(type));
  bool carry = low < distance;
  for (uint32_t at = 8; at < type.width; at += 8) {
    const uint64_t word = header.reference_high[at / 8 - 1] + (carry ? 1 : 0);
    StoreLe<uint64_t>(to + at, word);
    carry = carry && word == 0;
  }
}

}  // namespace lancer::encoding
