// Compiled without contraction of products and sums (encoding/CMakeLists.txt), so that
// every vector width rounds alike.
#include "encoding/simd/decimal_kernels.h"

#include <algorithm>
#include <array>
#include <bit>

#include "encoding/byte_order.h"
#include "encoding/simd/clones.h"

namespace lancer::encoding::simd {
namespace {

constexpr std::array<double, 23> kPowers = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// `kRound`: 1.5 * 2^(digits of the mantissa - 1). Added to a number below half a power
// less, it leaves the nearest integer in the low bits of the sum.
struct Double {
  using Float = double;
  using Bits = uint64_t;
  static constexpr double kRound = 0x1.8p52;
  static constexpr double kMost = 0x1p51;

  // Nearest double of a signed integer, by parts of 32 bits: the base instruction sets
  // and AVX2 have no vector form of the conversion.
  static double FromInteger(uint64_t integer) {
    const auto low = std::bit_cast<double>((integer & 0xFFFFFFFF) | 0x4330000000000000);
    const auto high = std::bit_cast<double>((integer >> 32) ^ 0x4530000080000000);
    return (high - (0x1p84 + 0x1p63 + 0x1p52)) + low;
  }
};

struct Single {
  using Float = float;
  using Bits = uint32_t;
  static constexpr float kRound = 0x1.8p23F;
  static constexpr float kMost = 0x1p22F;

  static float FromInteger(uint32_t integer) {
    return static_cast<float>(static_cast<int32_t>(integer));
  }
};

template <typename F>
[[gnu::always_inline]] inline void Divide(std::byte* values, uint64_t count,
                                          typename F::Float power) {
  using Bits = typename F::Bits;
  for (uint64_t i = 0; i < count; ++i) {
    std::byte* at = values + i * sizeof(Bits);
    StoreLe<Bits>(at, std::bit_cast<Bits>(F::FromInteger(LoadLe<Bits>(at)) / power));
  }
}

// The integer, and whether it gives the float back.
template <typename F>
[[gnu::always_inline]] inline typename F::Bits ToInteger(typename F::Bits bits,
                                                         typename F::Float power,
                                                         bool* exact) {
  using Float = typename F::Float;
  using Bits = typename F::Bits;
  const Float sum = std::bit_cast<Float>(bits) * power + F::kRound;
  const Float rounded = sum - F::kRound;
  *exact = (std::bit_cast<Bits>(rounded / power) == bits) & (rounded <= F::kMost) &
           (rounded >= -F::kMost);
  return std::bit_cast<Bits>(sum) - std::bit_cast<Bits>(F::kRound);
}

template <typename F>
[[gnu::always_inline]] inline uint64_t Multiply(const std::byte* in, uint64_t count,
                                                typename F::Float power, std::byte* out,
                                                uint32_t* misses) {
  using Bits = typename F::Bits;
  constexpr uint64_t kStep = 64;
  uint64_t missed = 0;
  for (uint64_t first = 0; first < count; first += kStep) {
    const uint64_t end = std::min(first + kStep, count);
    Bits wrong = 0;
    for (uint64_t i = first; i < end; ++i) {
      bool exact = false;
      const Bits integer =
          ToInteger<F>(LoadLe<Bits>(in + i * sizeof(Bits)), power, &exact);
      StoreLe<Bits>(out + i * sizeof(Bits), integer);
      wrong |= static_cast<Bits>(exact ? 0 : 1);
    }
    for (uint64_t i = first; wrong != 0 && i < end; ++i) {
      bool exact = false;
      (void)ToInteger<F>(LoadLe<Bits>(in + i * sizeof(Bits)), power, &exact);
      misses[missed] = static_cast<uint32_t>(i);
      missed += exact ? 0 : 1;
    }
  }
  return missed;
}

LANCER_SIMD_CLONES void Divide8(std::byte* values, uint64_t count, double power) {
  Divide<Double>(values, count, power);
}
LANCER_SIMD_CLONES void Divide4(std::byte* values, uint64_t count, float power) {
  Divide<Single>(values, count, power);
}
LANCER_SIMD_CLONES uint64_t Multiply8(const std::byte* in, uint64_t count, double power,
                                      std::byte* out, uint32_t* misses) {
  return Multiply<Double>(in, count, power, out, misses);
}
LANCER_SIMD_CLONES uint64_t Multiply4(const std::byte* in, uint64_t count, float power,
                                      std::byte* out, uint32_t* misses) {
  return Multiply<Single>(in, count, power, out, misses);
}

}  // namespace

void DecimalsToFloats(unsigned width, std::byte* values, uint64_t count, unsigned scale) {
  if (width == 8) {
    return Divide8(values, count, kPowers[scale]);
  }
  Divide4(values, count, static_cast<float>(kPowers[scale]));
}

uint64_t FloatsToDecimals(unsigned width, const std::byte* in, uint64_t count,
                          unsigned scale, std::byte* out, uint32_t* misses) {
  return width == 8
             ? Multiply8(in, count, kPowers[scale], out, misses)
             : Multiply4(in, count, static_cast<float>(kPowers[scale]), out, misses);
}

}  // namespace lancer::encoding::simd
