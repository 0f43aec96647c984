// Kernels of alp: integers to the floats nearest to integer / 10^scale, and back.
//
// A quotient of two exact numbers is rounded once, so that what comes out is the float
// that a reader of decimal text would make. Addresses need no alignment. Ownership: the
// caller's memory. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lancer::encoding::simd {

// Largest scale: powers of ten up to it are exact in the float of that width.
constexpr unsigned MaxDecimalScale(unsigned width) { return width == 8 ? 22 : 10; }

// Turns `count` signed integers of `width` = 4 or 8 bytes into floats, in place.
void DecimalsToFloats(unsigned width, std::byte* values, uint64_t count, unsigned scale);

// The reverse: integer i at `out`, `width` bytes each. Where no integer gives the float's
// bits back, what stands at `out` means nothing and the position goes to `misses`, in
// order; returns how many did. REQUIRES: `misses` has room for `count`; count < 2^32.
uint64_t FloatsToDecimals(unsigned width, const std::byte* in, uint64_t count,
                          unsigned scale, std::byte* out, uint32_t* misses);

}  // namespace lancer::encoding::simd
