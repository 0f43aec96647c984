#include "encoding/simd/scan_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "encoding/byte_order.h"

namespace lancer::encoding {
namespace {

TEST(ScanKernels, CountWhatADirectLoopCounts) {
  std::mt19937_64 random(5);
  for (const uint32_t width : {1U, 2U, 4U, 8U}) {
    for (const uint64_t count : {1, 2, 127, 129, 130, 1024, 1025, 2500}) {
      std::vector<std::byte> bytes(count * width + 1);
      for (std::byte& byte : bytes) {
        byte = static_cast<std::byte>(random() % 3);
      }
      const std::byte* in = bytes.data() + 1;
      const simd::ScanResult result = simd::Scan(NumberKind::kUnsigned, width, in, count);
      simd::ScanResult expected;
      for (uint64_t i = 0; i < count; ++i) {
        const uint64_t value = LoadNumber(in + i * width, width);
        const uint64_t last = i == 0 ? value : LoadNumber(in + (i - 1) * width, width);
        expected.min_key = std::min(expected.min_key, value);
        expected.max_key = std::max(expected.max_key, value);
        expected.changes += value != last ? 1 : 0;
        expected.descents += value < last ? 1 : 0;
        expected.zeros += value == 0 ? 1 : 0;
      }
      EXPECT_EQ(result.min_key, expected.min_key);
      EXPECT_EQ(result.max_key, expected.max_key);
      EXPECT_EQ(result.changes, expected.changes) << width << " x " << count;
      EXPECT_EQ(result.descents, expected.descents) << width << " x " << count;
      EXPECT_EQ(result.zeros, expected.zeros);
      const simd::KeyRange range =
          simd::FindRange(NumberKind::kUnsigned, width, in, count);
      EXPECT_EQ(range.min, expected.min_key);
      EXPECT_EQ(range.max, expected.max_key);
    }
  }
}

TEST(ScanKernels, KeysOrderFloatsAndComeBack) {
  const uint32_t ascending[] = {0xFF800000, 0xBF800000, 0x80000001, 0x80000000,
                                0x00000000, 0x00000001, 0x3F800000, 0x7F800000};
  for (size_t i = 0; i < std::size(ascending); ++i) {
    const uint32_t key = simd::ToKey(NumberKind::kFloat, ascending[i]);
    EXPECT_EQ(simd::FromKey(NumberKind::kFloat, key), ascending[i]);
    if (i > 0) {
      EXPECT_LT(simd::ToKey(NumberKind::kFloat, ascending[i - 1]), key);
    }
  }
}

}  // namespace
}  // namespace lancer::encoding
