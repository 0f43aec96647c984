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

}  // namespace lancer::encoding
