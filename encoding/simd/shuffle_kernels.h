// Kernels that split values into planes of bytes or bits, and join them again (spec:
// encodings, "shuffle").
//
// Plane p of a split holds byte p (or bit p) of every value, lowest first. Addresses need
// no alignment. Ownership: the caller's memory, in and out do not overlap. Thread rule:
// pure functions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lancer::encoding::simd {

// Byte p of value i goes to out[p * count + i].
void SplitBytes(const std::byte* in, uint64_t count, uint32_t width, std::byte* out);
void JoinBytes(const std::byte* in, uint64_t count, uint32_t width, std::byte* out);

// The same after each value was rotated left by one bit, so that the sign stands below
// the mantissa and the exponent fills the highest bits. REQUIRES: width 2, 4 or 8.
void SplitRotatedBytes(const std::byte* in, uint64_t count, uint32_t width,
                       std::byte* out);
void JoinRotatedBytes(const std::byte* in, uint64_t count, uint32_t width,
                      std::byte* out);

// `count` squares of 8 x 8 bits, in place: bit c of byte r becomes bit r of byte c.
void TransposeBits(std::byte* squares, uint64_t count);

}  // namespace lancer::encoding::simd
