// Kernels of cast: floats to a narrower type of floats, and back.
//
// Addresses need no alignment; input and output do not overlap. Nothing here depends on
// the processor's treatment of denormal numbers. Ownership: the caller's memory. Thread
// rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lancer::encoding::simd {

enum class Narrow : uint8_t { kFloat, kHalf, kBfloat16 };

// `count` values of the narrow type to floats of `width` = 4 or 8 bytes.
void Widen(Narrow narrow, unsigned width, const std::byte* in, uint64_t count,
           std::byte* out);

// The reverse. Where Widen would not give the same bits, what stands at `out` means
// nothing and the position goes to `misses`, in order; returns how many did. REQUIRES:
// `misses` has room for `count`; count < 2^32.
uint64_t NarrowFloats(Narrow narrow, unsigned width, const std::byte* in, uint64_t count,
                      std::byte* out, uint32_t* misses);

}  // namespace lancer::encoding::simd
