// Hashes of values for the tables of this folder. Never stored, so they may change.
//
// Ownership: the caller's memory. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "encoding/byte_order.h"
#include "encoding/checksum.h"

namespace lancer::encoding {

inline uint64_t HashOfNumber(uint64_t number) {
  const uint64_t mixed = (number ^ (number >> 32)) * 0x9E3779B97F4A7C15ULL;
  return mixed ^ (mixed >> 29);
}

// Short values are two overlapping loads; the length keeps zero padding apart.
inline uint64_t HashOfBytes(std::span<const std::byte> value) {
  const size_t size = value.size();
  if (size > 16) {
    return Checksum64(value);
  }
  uint64_t low = 0;
  uint64_t high = 0;
  if (size >= 8) {
    low = LoadLe<uint64_t>(value.data());
    high = LoadLe<uint64_t>(value.data() + size - 8);
  } else if (size >= 4) {
    low = LoadLe<uint32_t>(value.data());
    high = LoadLe<uint32_t>(value.data() + size - 4);
  } else {
    for (const std::byte byte : value) {
      low = low << 8 | std::to_integer<uint64_t>(byte);
    }
  }
  return HashOfNumber(HashOfNumber(low + size * 0xD6E8FEB86659FD93ULL) ^ high);
}

}  // namespace lancer::encoding
