// Kernels that write runs of one value (spec: encodings, "run_end").
//
// Ownership: the caller's memory. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lancer::encoding::simd {

// Where runs end, and what values they have.
struct Runs {
  const uint32_t* ends = nullptr;  // strictly ascending
  const std::byte* values = nullptr;
  uint64_t count = 0;
};

// Writes values [first, first + n) of the runs, each of `width` = 1, 2, 4, 8 or 16 bytes.
// May write 64 bytes behind them. REQUIRES: the first run's end is above `first`, the
// last one's at least first + n.
void FillRuns(uint32_t width, const Runs& runs, uint64_t first, uint64_t n,
              std::byte* target);

}  // namespace lancer::encoding::simd
