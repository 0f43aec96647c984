// Gather: copies fixed-width values from places in one array to a strided target, with
// moves of the width where it is 1, 2, 4, 8 or 16 bytes.
//
// Ownership: the caller's memory. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace lancer::encoding {

namespace gather_internal {

template <size_t kWidth>
void GatherWidth(const std::byte* from, std::span<const uint32_t> places,
                 std::byte* target, size_t stride_bytes) {
  for (const uint32_t place : places) {
    std::memcpy(target, from + size_t{place} * kWidth, kWidth);
    target += stride_bytes;
  }
}

}  // namespace gather_internal

// REQUIRES: each place * width + width lies within `from`.
inline void Gather(const std::byte* from, size_t width, std::span<const uint32_t> places,
                   std::byte* target, size_t stride_bytes) {
  switch (width) {
    case 0:  // `from` may be null
      return;
    case 1:
      return gather_internal::GatherWidth<1>(from, places, target, stride_bytes);
    case 2:
      return gather_internal::GatherWidth<2>(from, places, target, stride_bytes);
    case 4:
      return gather_internal::GatherWidth<4>(from, places, target, stride_bytes);
    case 8:
      return gather_internal::GatherWidth<8>(from, places, target, stride_bytes);
    case 16:
      return gather_internal::GatherWidth<16>(from, places, target, stride_bytes);
    default:
      for (const uint32_t place : places) {
        std::memcpy(target, from + size_t{place} * width, width);
        target += stride_bytes;
      }
  }
}

}  // namespace lancer::encoding
