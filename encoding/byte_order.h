// Byte order: loads and stores of little-endian numbers at any address.
//
// Every stored number of Lancer passes through these functions, through ByteReader and
// ByteWriter, or through the kernels of simd/. Ownership: none. Thread rule: pure
// functions.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lancer::encoding {

template <std::unsigned_integral T>
constexpr T SwapBytes(T value) {
  if constexpr (sizeof(T) == 1) {
    return value;
  } else if constexpr (sizeof(T) == 2) {
    return __builtin_bswap16(value);
  } else if constexpr (sizeof(T) == 4) {
    return __builtin_bswap32(value);
  } else {
    static_assert(sizeof(T) == 8);
    return __builtin_bswap64(value);
  }
}

// REQUIRES: sizeof(T) bytes at `from`.
template <std::unsigned_integral T>
T LoadLe(const void* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  if constexpr (std::endian::native == std::endian::big) {
    value = SwapBytes(value);
  }
  return value;
}

// REQUIRES: room for sizeof(T) bytes at `to`.
template <std::unsigned_integral T>
void StoreLe(void* to, T value) {
  if constexpr (std::endian::native == std::endian::big) {
    value = SwapBytes(value);
  }
  std::memcpy(to, &value, sizeof(T));
}

// A number of `bytes` = 1, 2, 4 or 8 bytes.
inline uint64_t LoadNumber(const std::byte* from, unsigned bytes) {
  switch (bytes) {
    case 1:
      return LoadLe<uint8_t>(from);
    case 2:
      return LoadLe<uint16_t>(from);
    case 4:
      return LoadLe<uint32_t>(from);
    default:
      return LoadLe<uint64_t>(from);
  }
}

// The low `bytes` = 1, 2, 4 or 8 bytes of a number.
inline void StoreNumber(uint64_t value, std::byte* to, unsigned bytes) {
  switch (bytes) {
    case 1:
      return StoreLe(to, static_cast<uint8_t>(value));
    case 2:
      return StoreLe(to, static_cast<uint16_t>(value));
    case 4:
      return StoreLe(to, static_cast<uint32_t>(value));
    default:
      return StoreLe(to, value);
  }
}

}  // namespace lancer::encoding
