// Kernels of predict: differences of neighbouring tensors, and Paeth's predictor on one
// plane of bytes (spec: encodings, "predict").
//
// Addresses need no alignment. Ownership: the caller's memory. Thread rule: pure
// functions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lancer::encoding::simd {

// out = a - b, or a + b, wrapping at `width` = 1, 2, 4 or 8 bytes; `count` numbers.
void SubtractNumbers(const std::byte* a, const std::byte* b, uint64_t count,
                     uint32_t width, std::byte* out);
void AddNumbers(const std::byte* a, const std::byte* b, uint64_t count, uint32_t width,
                std::byte* out);

// Replaces a plane of `rows` x `columns` bytes by what Paeth's predictor leaves of it,
// and back. What lies left of or above the plane counts as 0. `in` and `out` do not
// overlap.
void PaethResiduals(const std::byte* in, uint64_t rows, uint64_t columns, std::byte* out);
void PaethRestore(const std::byte* in, uint64_t rows, uint64_t columns, std::byte* out);

}  // namespace lancer::encoding::simd
