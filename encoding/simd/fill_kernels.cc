#include "encoding/simd/fill_kernels.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "encoding/simd/clones.h"

namespace lancer::encoding::simd {
namespace {

constexpr size_t kStoreBytes = 32;

// Whole stores of 32 bytes: what one run writes too much, the next one writes over.
template <size_t kWidth>
[[gnu::always_inline]] inline void Fill(const Runs& runs, uint64_t first, uint64_t n,
                                        std::byte* target) {
  constexpr uint64_t kStep = kStoreBytes / kWidth;
  std::array<std::byte, kStoreBytes> repeated;
  const uint32_t* const ends = runs.ends;
  const std::byte* value = runs.values;
  uint64_t at = 0;
  for (uint64_t run = 0, count = runs.count; run < count; ++run, value += kWidth) {
    const uint64_t end = std::min(ends[run] - first, n);
    for (size_t copy = 0; copy < kStep; ++copy) {
      std::memcpy(repeated.data() + copy * kWidth, value, kWidth);
    }
    for (uint64_t i = at; i < end; i += kStep) {
      std::memcpy(target + i * kWidth, repeated.data(), kStoreBytes);
    }
    at = end;
  }
}

LANCER_SIMD_CLONES void Fill1(const Runs& runs, uint64_t first, uint64_t n,
                              std::byte* target) {
  Fill<1>(runs, first, n, target);
}
LANCER_SIMD_CLONES void Fill2(const Runs& runs, uint64_t first, uint64_t n,
                              std::byte* target) {
  Fill<2>(runs, first, n, target);
}
LANCER_SIMD_CLONES void Fill4(const Runs& runs, uint64_t first, uint64_t n,
                              std::byte* target) {
  Fill<4>(runs, first, n, target);
}
LANCER_SIMD_CLONES void Fill8(const Runs& runs, uint64_t first, uint64_t n,
                              std::byte* target) {
  Fill<8>(runs, first, n, target);
}
LANCER_SIMD_CLONES void Fill16(const Runs& runs, uint64_t first, uint64_t n,
                               std::byte* target) {
  Fill<16>(runs, first, n, target);
}

}  // namespace

void FillRuns(uint32_t width, const Runs& runs, uint64_t first, uint64_t n,
              std::byte* target) {
  switch (width) {
    case 1:
      return Fill1(runs, first, n, target);
    case 2:
      return Fill2(runs, first, n, target);
    case 4:
      return Fill4(runs, first, n, target);
    case 8:
      return Fill8(runs, first, n, target);
    default:
      return Fill16(runs, first, n, target);
  }
}

}  // namespace lancer::encoding::simd
