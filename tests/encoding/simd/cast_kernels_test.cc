#include "encoding/simd/cast_kernels.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <span>
#include <vector>

#include "encoding/byte_order.h"

namespace lancer::encoding {
namespace {

using simd::Narrow;

uint64_t Widened(Narrow narrow, unsigned width, uint64_t bits) {
  std::byte in[8];
  std::byte out[8];
  StoreLe(in, bits);
  simd::Widen(narrow, width, in, 1, out);
  return LoadNumber(out, width);
}

// Of a number of `mantissa` bits below the exponent; neither infinity nor NaN.
double ValueOf(uint64_t bits, int mantissa, int exponent_bits) {
  const auto fraction = static_cast<double>(bits & ((1U << mantissa) - 1));
  const int exponent = static_cast<int>(bits >> mantissa) & ((1 << exponent_bits) - 1);
  const int least = 2 - (1 << (exponent_bits - 1)) - mantissa;
  return exponent == 0
             ? std::ldexp(fraction, least)
             : std::ldexp(fraction + std::ldexp(1.0, mantissa), least + exponent - 1);
}

TEST(CastKernels, EveryNumberOfTwoBytesWidensToItsValueAndComesBack) {
  const struct {
    Narrow narrow;
    int mantissa, exponent_bits;
  } kinds[] = {{Narrow::kHalf, 10, 5}, {Narrow::kBfloat16, 7, 8}};
  for (const auto& kind : kinds) {
    const uint32_t infinity = ((1U << kind.exponent_bits) - 1) << kind.mantissa;
    for (uint32_t bits = 0; bits < 65536; ++bits) {
      const auto single = static_cast<uint32_t>(Widened(kind.narrow, 4, bits));
      const uint64_t wide = Widened(kind.narrow, 8, bits);
      if ((bits & 0x7FFF) < infinity) {
        const double value = ValueOf(bits & 0x7FFF, kind.mantissa, kind.exponent_bits) *
                             (bits >= 0x8000 ? -1 : 1);
        ASSERT_EQ(wide, std::bit_cast<uint64_t>(value)) << bits;
        ASSERT_EQ(single, std::bit_cast<uint32_t>(static_cast<float>(value))) << bits;
      } else {
        const uint32_t payload = (bits & ((1U << kind.mantissa) - 1))
                                 << (23 - kind.mantissa);
        ASSERT_EQ(single, (bits & 0x8000) << 16 | 0x7F800000 | payload);
        ASSERT_EQ(wide & 0xFFFFFFFFFFFFF, uint64_t{payload} << 29);
        ASSERT_EQ(wide >> 52, (bits >> 15) << 11 | 0x7FF);
      }
      for (const unsigned width : {4U, 8U}) {
        std::byte in[8];
        std::byte out[8];
        uint32_t miss = 0;
        StoreLe(in, width == 4 ? single : wide);
        ASSERT_EQ(simd::NarrowFloats(kind.narrow, width, in, 1, out, &miss), 0U);
        ASSERT_EQ(LoadLe<uint16_t>(out), bits);
      }
    }
  }
}

TEST(CastKernels, FloatsOfFourBytesWidenToTheirValue) {
  for (uint64_t bits = 0; bits < 0x7F800000; bits += 65521) {
    const auto value =
        static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(bits)));
    ASSERT_EQ(Widened(Narrow::kFloat, 8, bits), std::bit_cast<uint64_t>(value));
  }
  EXPECT_EQ(Widened(Narrow::kFloat, 8, 0x7F800001), 0x7FF0000020000000U);
  EXPECT_EQ(Widened(Narrow::kFloat, 8, 0xFF800000), 0xFFF0000000000000U);
}

TEST(CastKernels, WhatIsBetweenNarrowNumbersIsMissed) {
  const std::vector<double> numbers = {1.0,   1.0 / 3,  65504.0,  65536.0,
                                       -0.0,  0x1p-24,  0x1p-25,  0x1p-26,
                                       1e300, 0x1p-149, 0x1p-150, 2.5};
  const std::vector<uint32_t> misses_of_half = {1, 3, 6, 7, 8, 9, 10};
  std::vector<std::byte> out(numbers.size() * 4);
  std::vector<uint32_t> misses(numbers.size());
  const auto in = std::as_bytes(std::span(numbers));
  misses.resize(simd::NarrowFloats(Narrow::kHalf, 8, in.data(), numbers.size(),
                                   out.data(), misses.data()));
  EXPECT_EQ(misses, misses_of_half);
  misses.resize(numbers.size());
  misses.resize(simd::NarrowFloats(Narrow::kFloat, 8, in.data(), numbers.size(),
                                   out.data(), misses.data()));
  EXPECT_EQ(misses, (std::vector<uint32_t>{1, 8, 10}));
}

}  // namespace
}  // namespace lancer::encoding
