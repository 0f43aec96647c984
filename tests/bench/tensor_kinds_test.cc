#include "bench/tensor_kinds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>

namespace lancer::bench {
namespace {

template <typename T>
std::vector<T> As(const TensorBytes& bytes) {
  std::vector<T> numbers(bytes.size() / sizeof(T));
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(T));
  return numbers;
}

TEST(TensorKinds, AreOfTheirSizeAndFollowTheSeed) {
  for (const TensorKind& kind : TensorKinds()) {
    SCOPED_TRACE(kind.name);
    const TensorBytes made = kind.make(2, 5);
    EXPECT_EQ(made.size(), 2 * kind.bytes_per_tensor());
    EXPECT_EQ(made, kind.make(2, 5));
    EXPECT_NE(made, kind.make(2, 6));
  }
}

TEST(TensorKinds, MoreTensorsStartWithTheSameOnes) {
  for (const TensorKind& kind : TensorKinds()) {
    SCOPED_TRACE(kind.name);
    const TensorBytes few = kind.make(1, 9);
    const TensorBytes more = kind.make(3, 9);
    EXPECT_TRUE(std::equal(few.begin(), few.end(), more.begin()));
  }
}

TEST(LabelMaps, HoldAsManyLabelsAsRegions) {
  const auto labels = As<int32_t>(
      MakeLabelMaps({.height = 64, .width = 48, .regions = 5, .labels = 100'000}, 1, 3));
  EXPECT_EQ(labels.size(), 64U * 48);
  EXPECT_EQ(std::set<int32_t>(labels.begin(), labels.end()).size(), 5U);
}

TEST(OccupancyGrids, AreOnesAmongZeros) {
  const auto cells = As<float>(MakeOccupancyGrids({.side = 32}, 1, 3));
  const auto ones = std::ranges::count(cells, 1.0F);
  EXPECT_EQ(ones + std::ranges::count(cells, 0.0F), 32 * 32 * 32);
  EXPECT_GT(ones, 100);
  EXPECT_LT(ones, 32 * 32 * 32 / 10);
}

TEST(SparseTensors, HoldTheirShareOfNumbers) {
  const auto cells =
      As<float>(MakeSparseTensors({.cells = 100'000, .density = 0.02}, 1, 3));
  const auto zeros = std::ranges::count(cells, 0.0F);
  EXPECT_NEAR(static_cast<double>(zeros), 98'000, 300);
}

TEST(CameraFrames, DifferWhereDiscsMove) {
  const CameraFrames still = {.background = {.height = 64, .width = 64}, .radius = 5};
  const TensorBytes frames = MakeCameraFrames(still, 2, 3);
  uint64_t changed = 0;
  for (size_t i = 0; i < frames.size() / 2; ++i) {
    changed += frames[i] != frames[frames.size() / 2 + i] ? 1 : 0;
  }
  EXPECT_GT(changed, 0U);
  EXPECT_LT(changed, frames.size() / 2 / 10);
}

TEST(CameraFrames, NoiseIsNewInEachFrame) {
  const CameraFrames noisy = {
      .background = {.height = 64, .width = 64}, .discs = 0, .noise = 2};
  const TensorBytes frames = MakeCameraFrames(noisy, 2, 3);
  double square = 0;
  for (size_t i = 0; i < frames.size() / 2; ++i) {
    const int difference = std::to_integer<int>(frames[i]) -
                           std::to_integer<int>(frames[frames.size() / 2 + i]);
    square += difference * difference;
  }
  // Two noises and two roundings.
  EXPECT_NEAR(std::sqrt(square / (64 * 64 * 3)), std::sqrt(2 * (4 + 1 / 12.0)), 0.1);
}

TEST(Embeddings, AreUnitVectors) {
  const auto numbers = As<float>(MakeEmbeddings({.dimension = 100}, 2, 3));
  for (size_t i = 0; i < 2; ++i) {
    double square = 0;
    for (size_t j = 0; j < 100; ++j) {
      square += static_cast<double>(numbers[100 * i + j]) * numbers[100 * i + j];
    }
    EXPECT_NEAR(square, 1, 1e-5);
  }
}

TEST(Embeddings, RoundedOnesLeaveLowBitsZero) {
  const auto of = [](TensorElement element) {
    return As<uint32_t>(MakeEmbeddings({.rounded_to = element}, 1, 3));
  };
  EXPECT_TRUE(std::ranges::all_of(of(TensorElement::kFloat16),
                                  [](uint32_t bits) { return bits % (1U << 13) == 0; }));
  EXPECT_TRUE(std::ranges::all_of(of(TensorElement::kBFloat16),
                                  [](uint32_t bits) { return bits % (1U << 16) == 0; }));
}

TEST(Float16, EveryNumberComesBack) {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const float value = FromFloat16(half);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(FromFloat16(ToFloat16(value)))) << bits;
    } else {
      EXPECT_EQ(ToFloat16(value), half);
    }
  }
}

TEST(Float16, RoundsToTheNearestAndTiesToEven) {
  EXPECT_EQ(ToFloat16(1.0F), 0x3C00);
  EXPECT_EQ(ToFloat16(1.0F + 0x1p-11F), 0x3C00);
  EXPECT_EQ(ToFloat16(1.0F + 0x1.8p-10F), 0x3C02);
  EXPECT_EQ(ToFloat16(65519.0F), 0x7BFF);
  EXPECT_EQ(ToFloat16(65520.0F), 0x7C00);
  EXPECT_EQ(ToFloat16(0x1.8p-24F), 0x0002);
  EXPECT_EQ(ToFloat16(-0.0F), 0x8000);
}

TEST(BFloat16, RoundsToTheNearestAndTiesToEven) {
  EXPECT_EQ(ToBFloat16(1.0F), 0x3F80);
  EXPECT_EQ(ToBFloat16(1.0F + 0x1p-8F), 0x3F80);
  EXPECT_EQ(ToBFloat16(1.0F + 0x1.8p-7F), 0x3F82);
  EXPECT_EQ(ToBFloat16(std::numeric_limits<float>::max()), 0x7F80);
  EXPECT_EQ(FromBFloat16(0x3F80), 1.0F);
}

}  // namespace
}  // namespace lancer::bench
