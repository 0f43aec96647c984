#include "encoding/simd/decimal_kernels.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>
#include <vector>

#include "encoding/byte_order.h"

namespace lancer::encoding {
namespace {

TEST(DecimalKernels, DivideAsTheDefinitionSays) {
  std::mt19937_64 random(1);
  for (const uint64_t count : {0, 1, 7, 64, 65, 1000}) {
    for (unsigned scale = 0; scale <= 22; ++scale) {
      std::vector<std::byte> bytes(count * 8 + 1);
      std::vector<double> expected;
      for (uint64_t i = 0; i < count; ++i) {
        const auto integer = static_cast<int64_t>(random() >> (random() % 64)) *
                             (random() % 2 == 0 ? 1 : -1);
        StoreLe(bytes.data() + 1 + i * 8, static_cast<uint64_t>(integer));
        expected.push_back(static_cast<double>(integer) /
                           std::pow(10.0, static_cast<double>(scale)));
      }
      simd::DecimalsToFloats(8, bytes.data() + 1, count, scale);
      for (uint64_t i = 0; i < count; ++i) {
        EXPECT_EQ(LoadLe<uint64_t>(bytes.data() + 1 + i * 8),
                  std::bit_cast<uint64_t>(expected[i]));
      }
    }
  }
}

TEST(DecimalKernels, DivideInFourBytes) {
  std::mt19937_64 random(2);
  for (unsigned scale = 0; scale <= simd::MaxDecimalScale(4); ++scale) {
    std::vector<std::byte> bytes(100 * 4);
    std::vector<float> expected;
    for (uint64_t i = 0; i < 100; ++i) {
      const auto integer = static_cast<int32_t>(random() >> (32 + random() % 32));
      StoreLe(bytes.data() + i * 4, static_cast<uint32_t>(integer));
      expected.push_back(static_cast<float>(integer) /
                         std::pow(10.0F, static_cast<float>(scale)));
    }
    simd::DecimalsToFloats(4, bytes.data(), 100, scale);
    for (uint64_t i = 0; i < 100; ++i) {
      EXPECT_EQ(LoadLe<uint32_t>(bytes.data() + i * 4),
                std::bit_cast<uint32_t>(expected[i]));
    }
  }
}

TEST(DecimalKernels, MissExactlyWhatDoesNotComeBack) {
  std::mt19937_64 random(3);
  for (const unsigned width : {4U, 8U}) {
    for (const unsigned scale : {0U, 2U, 9U}) {
      constexpr uint64_t kCount = 3000;
      std::vector<std::byte> in(kCount * width);
      for (uint64_t i = 0; i < kCount; ++i) {
        const double number = (static_cast<double>(random() % 2000) - 1000) / 100;
        const uint64_t bits = width == 8
                                  ? std::bit_cast<uint64_t>(number)
                                  : std::bit_cast<uint32_t>(static_cast<float>(number));
        StoreNumber(i % 9 == 0 ? random() : bits, in.data() + i * width, width);
      }
      std::vector<std::byte> back(in.size());
      std::vector<uint32_t> misses(kCount);
      misses.resize(simd::FloatsToDecimals(width, in.data(), kCount, scale, back.data(),
                                           misses.data()));
      simd::DecimalsToFloats(width, back.data(), kCount, scale);
      size_t k = 0;
      for (uint64_t i = 0; i < kCount; ++i) {
        if (k < misses.size() && misses[k] == i) {
          ++k;
          continue;
        }
        EXPECT_EQ(LoadNumber(back.data() + i * width, width),
                  LoadNumber(in.data() + i * width, width));
      }
      EXPECT_EQ(k, misses.size());
      EXPECT_LT(misses.size(), scale == 2 ? kCount / 8 : kCount);
    }
  }
}

}  // namespace
}  // namespace lancer::encoding
