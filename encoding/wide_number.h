// Numbers of 16 and 32 bytes: how they compare.
//
// Ownership: looks at the caller's bytes. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "encoding/byte_order.h"

namespace lancer::encoding {

// -1, 0, 1 by value. REQUIRES: both have 16 bytes, or both 32.
inline int CompareWide(std::span<const std::byte> a, std::span<const std::byte> b,
                       bool is_signed) {
  uint64_t flip = is_signed ? uint64_t{1} << 63 : 0;  // the sign is in the highest word
  for (size_t at = a.size(); at > 0; at -= 8) {
    const uint64_t left = LoadLe<uint64_t>(a.data() + at - 8) ^ flip;
    const uint64_t right = LoadLe<uint64_t>(b.data() + at - 8) ^ flip;
    if (left != right) {
      return left < right ? -1 : 1;
    }
    flip = 0;
  }
  return 0;
}

// REQUIRES: a multiple of 8 bytes.
inline bool IsZeroWide(std::span<const std::byte> value) {
  uint64_t any = 0;
  for (size_t at = 0; at < value.size(); at += 8) {
    any |= LoadLe<uint64_t>(value.data() + at);
  }
  return any == 0;
}

}  // namespace lancer::encoding
