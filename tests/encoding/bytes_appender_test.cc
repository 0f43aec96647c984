#include "encoding/bytes_appender.h"

#include <gtest/gtest.h>

#include <string_view>

namespace lancer::encoding {
namespace {

std::span<const std::byte> BytesIn(std::string_view text) {
  return std::as_bytes(std::span(text));
}

TEST(BytesAppender, WritesCopiesAndTheirEndsBehindWhatIsThere) {
  BytesTarget target;
  target.offsets = {100};
  BytesAppender appender(&target);
  ASSERT_TRUE(appender.Start(5, 8).ok());
  appender.Append(BytesIn("ab"), 3);
  appender.Append({}, 1);
  appender.Append(BytesIn("xy"), 1);
  EXPECT_EQ(target.offsets, (std::vector<uint64_t>{100, 102, 104, 106, 106, 108}));
  ASSERT_EQ(target.data.size(), 8U);
  EXPECT_TRUE(std::ranges::equal(target.data.bytes(), BytesIn("abababxy")));
}

TEST(BytesAppender, KeepsToTheLimit) {
  BytesTarget target;
  target.offsets = {0};
  target.limit = 7;
  EXPECT_EQ(BytesAppender(&target).Start(1, 8).code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(target.offsets.size(), 1U);
  EXPECT_TRUE(BytesAppender(&target).Start(1, 7).ok());
}

TEST(BytesOf, SaysTheMostWhereTheProductIsNoNumber) {
  EXPECT_EQ(BytesOf(3, 5), 15U);
  EXPECT_EQ(BytesOf(UINT64_MAX, 0), 0U);
  EXPECT_EQ(BytesOf(uint64_t{1} << 33, uint64_t{1} << 33), UINT64_MAX);
}

}  // namespace
}  // namespace lancer::encoding
