#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "encoding/codec.h"

namespace lancer::encoding {
namespace {

const Codec& Subject() { return static_cast<const Codec&>(ZstdEncoding()); }

TEST(Zstd, FillsExactlyTheSizeThatIsExpected) {
  const std::string text(1000, 'r');
  const auto raw = std::as_bytes(std::span(text));
  std::vector<std::byte> stored;
  ASSERT_TRUE(Subject().Compress(raw, {}, nullptr, 0, &stored).ok());
  ASSERT_LT(stored.size(), raw.size());
  EXPECT_LE(raw.size(), stored.size() * Subject().MaxRatio());
  std::vector<std::byte> back(1000 + 64);
  EXPECT_TRUE(Subject().Decompress(stored, nullptr, std::span(back).first(1000)).ok());
  EXPECT_TRUE(std::equal(raw.begin(), raw.end(), back.begin()));
  for (const size_t size : {999, 1001}) {
    EXPECT_EQ(Subject().Decompress(stored, nullptr, std::span(back).first(size)).code(),
              StatusCode::kCorruption);
  }
}

TEST(Zstd, AppendsNothingWhenNothingIsGained) {
  std::vector<std::byte> stored;
  const std::byte raw[3] = {};
  ASSERT_TRUE(Subject().Compress(raw, {}, nullptr, 0, &stored).ok());
  EXPECT_TRUE(stored.empty());
}

TEST(Zstd, RatioHoldsForTheMostCompressibleBytes) {
  const std::vector<std::byte> raw(size_t{8} << 20);
  std::vector<std::byte> stored;
  ASSERT_TRUE(Subject().Compress(raw, {}, nullptr, 2, &stored).ok());
  EXPECT_LE(raw.size(), stored.size() * Subject().MaxRatio());
}

}  // namespace
}  // namespace lancer::encoding
