#include "encoding/simd/shuffle_kernels.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <random>
#include <vector>

namespace lancer::encoding {
namespace {

constexpr uint64_t kCounts[] = {0, 1, 7, 31, 64, 65, 1023, 1024, 1025, 3000};

std::vector<std::byte> RandomBytes(size_t size) {
  std::mt19937_64 random(size);
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>(random());
  }
  return bytes;
}

TEST(ShuffleKernels, SplitAndJoinBytesOfAnyWidthAtOddAddresses) {
  for (const uint32_t width : {1, 2, 3, 4, 5, 8, 16, 32}) {
    for (const uint64_t count : kCounts) {
      const std::vector<std::byte> in = RandomBytes(count * width + 1);
      std::vector<std::byte> split(count * width + 3);
      simd::SplitBytes(in.data() + 1, count, width, split.data() + 3);
      for (uint64_t i = 0; i < count; ++i) {
        for (uint32_t plane = 0; plane < width; ++plane) {
          ASSERT_EQ(split[3 + plane * count + i], in[1 + i * width + plane])
              << width << " x " << count;
        }
      }
      std::vector<std::byte> joined(in.size());
      joined[0] = in[0];
      simd::JoinBytes(split.data() + 3, count, width, joined.data() + 1);
      ASSERT_EQ(joined, in) << width << " x " << count;
    }
  }
}

template <typename T>
void CheckRotated() {
  for (const uint64_t count : kCounts) {
    const std::vector<std::byte> in = RandomBytes(count * sizeof(T));
    std::vector<std::byte> rotated(in.size());
    for (uint64_t i = 0; i < count; ++i) {
      T value = 0;
      std::memcpy(&value, in.data() + i * sizeof(T), sizeof(T));
      value = std::rotl(value, 1);
      std::memcpy(rotated.data() + i * sizeof(T), &value, sizeof(T));
    }
    std::vector<std::byte> expected(in.size());
    simd::SplitBytes(rotated.data(), count, sizeof(T), expected.data());
    std::vector<std::byte> split(in.size());
    simd::SplitRotatedBytes(in.data(), count, sizeof(T), split.data());
    ASSERT_EQ(split, expected) << sizeof(T) << " x " << count;
    std::vector<std::byte> joined(in.size());
    simd::JoinRotatedBytes(split.data(), count, sizeof(T), joined.data());
    ASSERT_EQ(joined, in) << sizeof(T) << " x " << count;
  }
}

TEST(ShuffleKernels, RotatedBytesAreBytesOfRotatedValues) {
  CheckRotated<uint16_t>();
  CheckRotated<uint32_t>();
  CheckRotated<uint64_t>();
}

TEST(ShuffleKernels, TransposesSquaresOfBits) {
  for (const uint64_t count : kCounts) {
    const std::vector<std::byte> in = RandomBytes(count * 8);
    std::vector<std::byte> out = in;
    simd::TransposeBits(out.data(), count);
    for (uint64_t square = 0; square < count; ++square) {
      for (unsigned row = 0; row < 8; ++row) {
        for (unsigned column = 0; column < 8; ++column) {
          ASSERT_EQ((out[square * 8 + column] >> row) & std::byte{1},
                    (in[square * 8 + row] >> column) & std::byte{1});
        }
      }
    }
  }
}

}  // namespace
}  // namespace lancer::encoding
