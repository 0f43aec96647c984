// Kernels that look at every number of a run once: bounds and neighbour counts.
//
// Numbers are compared through keys: unsigned numbers in the stored order (spec:
// statistics). Addresses need no alignment. Ownership: the caller's memory. Thread rule:
// pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "encoding/values.h"

namespace lancer::encoding::simd {

template <typename T>
inline constexpr T kSignBit = static_cast<T>(T{1}
                                             << (std::numeric_limits<T>::digits - 1));

// Bits of positive infinity; larger magnitudes are NaN.
template <typename T, NumberKind kKind>
inline constexpr T kInfinityBits = kKind == NumberKind::kBfloat16 ? static_cast<T>(0x7F80)
                                   : sizeof(T) == 2               ? static_cast<T>(0x7C00)
                                   : sizeof(T) == 4 ? static_cast<T>(0x7F800000)
                                                    : static_cast<T>(0x7FF0000000000000);

template <typename T>
constexpr T ToKey(NumberKind kind, T bits) {
  switch (kind) {
    case NumberKind::kSigned:
      return static_cast<T>(bits ^ kSignBit<T>);
    case NumberKind::kFloat:
    case NumberKind::kBfloat16:
      return (bits & kSignBit<T>) != 0 ? static_cast<T>(~bits)
                                       : static_cast<T>(bits | kSignBit<T>);
    default:
      return bits;
  }
}

template <typename T>
constexpr T FromKey(NumberKind kind, T key) {
  if (IsFloating(kind)) {
    return (key & kSignBit<T>) != 0 ? static_cast<T>(key ^ kSignBit<T>)
                                    : static_cast<T>(~key);
  }
  return ToKey<T>(kind, key);
}

struct ScanResult {
  uint64_t min_key = UINT64_MAX;  // of numbers that are not NaN
  uint64_t max_key = 0;
  uint64_t changes = 0;   // neighbours within the run whose bits differ
  uint64_t descents = 0;  // neighbours where the second key is smaller
  uint64_t zeros = 0;     // -0 counts
  uint64_t nans = 0;
};

// `count` numbers of `width` bytes (1, 2, 4 or 8).
ScanResult Scan(NumberKind kind, uint32_t width, const std::byte* in, uint64_t count);

// Smallest and largest key alone; floats are taken as kUnsigned (bits).
struct KeyRange {
  uint64_t min = UINT64_MAX;
  uint64_t max = 0;
};
KeyRange FindRange(NumberKind kind, uint32_t width, const std::byte* in, uint64_t count);

}  // namespace lancer::encoding::simd
