#include "encoding/simd/fill_kernels.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "encoding/simd/clones.h"

namespace lancer::encoding::simd {
namespace {

constexpr size_t kStoreBytes = 32;

// A vector of one value over and over, made in registers: a store of its parts and a load
// of the whole would wait for each other.
template <typename T>
struct Repeated {
  typedef T Type __attribute__((vector_size(kStoreBytes)));  // NOLINT: no other spelling

  [[gnu::always_inline]] explicit Repeated(const std::byte* value) {
    T number;
    std::memcpy(&number, value, sizeof(T));
    vector = Type{} + number;
  }
  Type vector;
};

struct Pair {};  // 16 bytes

template <>
struct Repeated<Pair> {
  typedef uint64_t Type __attribute__((vector_size(kStoreBytes)));  // NOLINT: as above

  [[gnu::always_inline]] explicit Repeated(const std::byte* value) {
    std::array<uint64_t, 2> halves;
    std::memcpy(halves.data(), value, sizeof(halves));
    vector = Type{halves[0], halves[1], halves[0], halves[1]};
  }
  Type vector;
};

// Whole stores of 32 bytes: what one run writes too much, the next one writes over. Two
// for every run, so that short runs, whose lengths cannot be foreseen, take no branch.
template <size_t kWidth, typename T>
LANCER_SIMD_CLONES void Fill(const Runs& runs, uint64_t first, uint64_t n,
                             std::byte* target) {
  constexpr uint64_t kStep = kStoreBytes / kWidth;
  const uint32_t* const ends = runs.ends;
  const std::byte* value = runs.values;
  uint64_t at = 0;
  for (uint64_t run = 0, count = runs.count; run < count; ++run, value += kWidth) {
    const uint64_t end = std::min(ends[run] - first, n);
    const Repeated<T> repeated(value);
    std::memcpy(target + at * kWidth, &repeated.vector, kStoreBytes);
    std::memcpy(target + (at + kStep) * kWidth, &repeated.vector, kStoreBytes);
    for (uint64_t i = at + 2 * kStep; i < end; i += kStep) {
      std::memcpy(target + i * kWidth, &repeated.vector, kStoreBytes);
    }
    at = end;
  }
}

}  // namespace

void FillRuns(uint32_t width, const Runs& runs, uint64_t first, uint64_t n,
              std::byte* target) {
  switch (width) {
    case 1:
      return Fill<1, uint8_t>(runs, first, n, target);
    case 2:
      return Fill<2, uint16_t>(runs, first, n, target);
    case 4:
      return Fill<4, uint32_t>(runs, first, n, target);
    case 8:
      return Fill<8, uint64_t>(runs, first, n, target);
    default:
      return Fill<16, Pair>(runs, first, n, target);
  }
}

}  // namespace lancer::encoding::simd
