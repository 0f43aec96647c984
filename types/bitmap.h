// Bitmaps: spans of bits, least significant first, as Arrow keeps validity and booleans.
//
// Ownership: functions on the caller's memory, nothing is kept. Thread rule: no shared
// state.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lancer {

// Bytes that hold `bit_count` bits.
constexpr size_t BitmapBytes(int64_t bit_count) {
  return static_cast<size_t>(bit_count / 8 + (bit_count % 8 != 0 ? 1 : 0));
}

inline bool GetBit(const std::byte* bits, int64_t i) {
  return (std::to_integer<unsigned>(bits[i >> 3]) >> (i & 7) & 1U) != 0;
}

inline void SetBit(std::byte* bits, int64_t i) {
  bits[i >> 3] |= static_cast<std::byte>(1U << (i & 7));
}

inline void ClearBit(std::byte* bits, int64_t i) {
  bits[i >> 3] &= static_cast<std::byte>(~(1U << (i & 7)));
}

// Ones among the bits [offset, offset + length).
int64_t CountBits(const std::byte* bits, int64_t offset, int64_t length);

// Sets the bits [offset, offset + length) to `value`; its neighbours stay.
void FillBits(std::byte* bits, int64_t offset, int64_t length, bool value);

// Copies `length` bits; the target's neighbouring bits stay. The two must not overlap.
void CopyBits(const std::byte* source, int64_t source_offset, std::byte* target,
              int64_t target_offset, int64_t length);

// First bit in [from, to) that equals `value`, or `to`.
int64_t FindBit(const std::byte* bits, int64_t from, int64_t to, bool value);

}  // namespace lancer
