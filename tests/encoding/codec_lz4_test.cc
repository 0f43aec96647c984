#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "encoding/codec.h"

namespace lancer::encoding {
namespace {

const Codec& Subject() { return static_cast<const Codec&>(Lz4Encoding()); }

TEST(Lz4, FillsExactlyTheSizeThatIsExpected) {
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

TEST(Lz4, GivesAnyPrefixWithAndWithoutADictionary) {
  std::string text;
  for (int i = 0; text.size() < 3000; ++i) {
    text += "ironic deposits " + std::to_string(i * i) + " sleep furiously; ";
  }
  const auto raw = std::as_bytes(std::span(text));
  const auto dictionary = *CodecDictionary::Load(raw.subspan(500, 1200));
  for (const CodecDictionary* used :
       std::initializer_list<const CodecDictionary*>{dictionary.get(), nullptr}) {
    std::vector<std::byte> stored;
    ASSERT_TRUE(Subject().Compress(raw, {}, used, 0, &stored).ok());
    for (size_t size = 0; size <= raw.size(); size += size < 200 ? 1 : 97) {
      std::vector<std::byte> prefix(size);
      const Status status = Subject().DecompressPrefix(stored, used, raw.size(), prefix);
      ASSERT_TRUE(status.ok()) << status.ToString();
      EXPECT_TRUE(std::equal(prefix.begin(), prefix.end(), raw.begin())) << size;
    }
    // Half of what is stored cannot give more than that much of the text.
    std::vector<std::byte> prefix(raw.size() - 1);
    EXPECT_EQ(Subject()
                  .DecompressPrefix(std::span(stored).first(stored.size() / 2), used,
                                    raw.size(), prefix)
                  .code(),
              StatusCode::kCorruption);
  }
}

TEST(Lz4, AppendsNothingWhenNothingIsGained) {
  std::vector<std::byte> stored;
  const std::byte raw[3] = {};
  ASSERT_TRUE(Subject().Compress(raw, {}, nullptr, 0, &stored).ok());
  EXPECT_TRUE(stored.empty());
}

TEST(Lz4, RatioHoldsForTheMostCompressibleBytes) {
  const std::vector<std::byte> raw(size_t{8} << 20);
  std::vector<std::byte> stored;
  ASSERT_TRUE(Subject().Compress(raw, {}, nullptr, 2, &stored).ok());
  EXPECT_LE(raw.size(), stored.size() * Subject().MaxRatio());
}

}  // namespace
}  // namespace lancer::encoding
