#include "encoding/raw_bytes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace lancer::encoding {
namespace {

TEST(RawBytes, ComeBackBehindWhatIsThere) {
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    text += "entry " + std::to_string(i % 7);
  }
  for (const uint8_t level_class : {uint8_t{0}, uint8_t{1}, uint8_t{2}}) {
    std::vector<std::byte> out(3);
    ASSERT_TRUE(EncodeRawBytes(std::as_bytes(std::span(text)), level_class, &out).ok());
    EXPECT_LT(out.size(), text.size() / 2);
    const auto stored = std::span(out).subspan(3);
    const auto raw = DecodeRawBytes(stored, text.size());
    ASSERT_TRUE(raw.has_value());
    EXPECT_TRUE(std::ranges::equal(*raw, std::as_bytes(std::span(text))));
    for (const size_t other : {size_t{0}, text.size() - 1, text.size() + 1}) {
      EXPECT_EQ(DecodeRawBytes(stored, other).error().code(), StatusCode::kCorruption);
    }
    EXPECT_FALSE(DecodeRawBytes(stored.first(stored.size() - 1), text.size()));
  }
}

}  // namespace
}  // namespace lancer::encoding
