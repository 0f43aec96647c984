#include "types/bitmap.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace lancer {
namespace {

std::vector<std::byte> RandomBits(std::mt19937_64& rng, size_t bytes) {
  std::vector<std::byte> bits(bytes);
  for (std::byte& byte : bits) {
    byte = static_cast<std::byte>(rng() % 3 == 0 ? 0xff : rng());
  }
  return bits;
}

TEST(Bitmap, BytesRoundUp) {
  EXPECT_EQ(BitmapBytes(0), 0U);
  EXPECT_EQ(BitmapBytes(1), 1U);
  EXPECT_EQ(BitmapBytes(8), 1U);
  EXPECT_EQ(BitmapBytes(9), 2U);
  EXPECT_EQ(BitmapBytes(INT64_MAX), (uint64_t{1} << 60));
}

TEST(Bitmap, SetAndClearTouchOneBit) {
  std::byte bits[2] = {};
  SetBit(bits, 9);
  EXPECT_EQ(bits[1], std::byte{2});
  EXPECT_TRUE(GetBit(bits, 9));
  ClearBit(bits, 9);
  EXPECT_EQ(bits[1], std::byte{0});
}

TEST(Bitmap, CountFindAndFillAgreeWithBitByBit) {
  std::mt19937_64 rng(1);
  for (int round = 0; round < 400; ++round) {
    std::vector<std::byte> bits = RandomBits(rng, 40);
    auto offset = static_cast<int64_t>(rng() % 150);
    auto length = static_cast<int64_t>(rng() % 170);
    bool value = round % 2 == 0;
    int64_t ones = 0;
    int64_t found = offset + length;
    for (int64_t i = offset + length; i-- > offset;) {
      ones += GetBit(bits.data(), i) ? 1 : 0;
      found = GetBit(bits.data(), i) == value ? i : found;
    }
    ASSERT_EQ(CountBits(bits.data(), offset, length), ones);
    ASSERT_EQ(FindBit(bits.data(), offset, offset + length, value), found);
    std::vector<std::byte> filled = bits;
    FillBits(filled.data(), offset, length, value);
    for (int64_t i = 0; i < 320; ++i) {
      bool inside = i >= offset && i < offset + length;
      ASSERT_EQ(GetBit(filled.data(), i), inside ? value : GetBit(bits.data(), i));
    }
  }
}

TEST(Bitmap, CopyMovesBitsAndKeepsNeighbours) {
  std::mt19937_64 rng(2);
  for (int round = 0; round < 400; ++round) {
    std::vector<std::byte> source = RandomBits(rng, 40);
    std::vector<std::byte> target = RandomBits(rng, 40);
    std::vector<std::byte> before = target;
    auto from = static_cast<int64_t>(rng() % 150);
    auto to = static_cast<int64_t>(rng() % 150);
    auto length = static_cast<int64_t>(rng() % 170);
    CopyBits(source.data(), from, target.data(), to, length);
    for (int64_t i = 0; i < 320; ++i) {
      bool inside = i >= to && i < to + length;
      ASSERT_EQ(GetBit(target.data(), i),
                inside ? GetBit(source.data(), from + i - to) : GetBit(before.data(), i));
    }
  }
}

TEST(Bitmap, CopyDoesNotReadBehindTheLastBit) {
  // One byte each, owned exactly: a sanitizer sees a read behind it.
  for (int64_t shift = 0; shift < 8; ++shift) {
    auto source = std::make_unique<std::byte[]>(1);
    auto target = std::make_unique<std::byte[]>(1);
    source[0] = std::byte{0xff};
    CopyBits(source.get(), shift, target.get(), 0, 8 - shift);
    EXPECT_EQ(CountBits(target.get(), 0, 8), 8 - shift);
  }
}

}  // namespace
}  // namespace lancer
