#include "encoding/simd/predict_kernels.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

namespace lancer::encoding {
namespace {

std::vector<std::byte> RandomBytes(size_t size, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>(random());
  }
  return bytes;
}

template <typename T>
void CheckNumbers() {
  for (const uint64_t count : {0, 1, 15, 64, 100, 1001}) {
    const std::vector<std::byte> a = RandomBytes(count * sizeof(T) + 1, 1);
    const std::vector<std::byte> b = RandomBytes(count * sizeof(T), 2);
    std::vector<std::byte> out(count * sizeof(T));
    simd::SubtractNumbers(a.data() + 1, b.data(), count, sizeof(T), out.data());
    for (uint64_t i = 0; i < count; ++i) {
      T x = 0;
      T y = 0;
      T z = 0;
      std::memcpy(&x, a.data() + 1 + i * sizeof(T), sizeof(T));
      std::memcpy(&y, b.data() + i * sizeof(T), sizeof(T));
      std::memcpy(&z, out.data() + i * sizeof(T), sizeof(T));
      ASSERT_EQ(z, static_cast<T>(x - y));
    }
    std::vector<std::byte> back(a.size());
    back[0] = a[0];
    simd::AddNumbers(out.data(), b.data(), count, sizeof(T), back.data() + 1);
    ASSERT_EQ(back, a);
  }
}

TEST(PredictKernels, NumbersWrap) {
  CheckNumbers<uint8_t>();
  CheckNumbers<uint16_t>();
  CheckNumbers<uint32_t>();
  CheckNumbers<uint64_t>();
}

// The predictor as its author states it.
int Paeth(int left, int above, int corner) {
  const int estimate = left + above - corner;
  const int from_left = std::abs(estimate - left);
  const int from_above = std::abs(estimate - above);
  const int from_corner = std::abs(estimate - corner);
  if (from_left <= from_above && from_left <= from_corner) {
    return left;
  }
  return from_above <= from_corner ? above : corner;
}

TEST(PredictKernels, PaethPredictsFromThreeNeighbours) {
  struct Size {
    int rows, columns;
  };
  for (const Size size : {Size{1, 1}, {1, 9}, {9, 1}, {5, 33}, {40, 70}}) {
    const int rows = size.rows;
    const int columns = size.columns;
    const std::vector<std::byte> plane =
        RandomBytes(static_cast<size_t>(rows * columns), 7);
    const auto at = [&](int row, int column) {
      return row < 0 || column < 0
                 ? 0
                 : std::to_integer<int>(
                       plane[static_cast<size_t>(row * columns + column)]);
    };
    std::vector<std::byte> residuals(plane.size());
    simd::PaethResiduals(plane.data(), static_cast<uint64_t>(rows),
                         static_cast<uint64_t>(columns), residuals.data());
    for (int row = 0; row < rows; ++row) {
      for (int column = 0; column < columns; ++column) {
        const int predicted =
            Paeth(at(row, column - 1), at(row - 1, column), at(row - 1, column - 1));
        ASSERT_EQ(residuals[static_cast<size_t>(row * columns + column)],
                  static_cast<std::byte>(at(row, column) - predicted))
            << row << ", " << column << " of " << rows << " x " << columns;
      }
    }
    std::vector<std::byte> back(plane.size());
    simd::PaethRestore(residuals.data(), static_cast<uint64_t>(rows),
                       static_cast<uint64_t>(columns), back.data());
    ASSERT_EQ(back, plane);
  }
}

}  // namespace
}  // namespace lancer::encoding
