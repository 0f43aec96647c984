#include "format/block_statistics.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/format/input_fixture.h"

namespace lancer::format {
namespace {

encoding::Bound BoundOf(std::string_view text, bool exact = true) {
  encoding::Bound bound;
  std::ranges::copy(std::as_bytes(std::span(text)), bound.bytes.begin());
  bound.size = static_cast<uint8_t>(text.size());
  bound.exact = exact;
  return bound;
}

encoding::Statistics TextStatistics(std::string_view min, std::string_view max) {
  encoding::Statistics statistics;
  statistics.type.kind = encoding::PhysicalKind::kBytes;
  statistics.min = BoundOf(min);
  statistics.max = BoundOf(max);
  statistics.null_count = 3;
  return statistics;
}

TEST(BlockStatistics, CutsTextToEightBytesAndRoundsTheMaximumUp) {
  BlockBounds bounds = StoredBounds(TextStatistics("aaaaaaaaaa", "bbbbbbbbbb"));
  EXPECT_EQ(bounds.min, BoundOf("aaaaaaaa", false));
  EXPECT_EQ(bounds.max, BoundOf("bbbbbbbc", false));
  EXPECT_EQ(bounds.null_count, 3U);
}

TEST(BlockStatistics, AMaximumOfHighBytesCarriesOrIsAbsent) {
  BlockBounds carried =
      StoredBounds(TextStatistics("a", "b\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"));
  EXPECT_EQ(carried.max, BoundOf("c", false));
  BlockBounds absent =
      StoredBounds(TextStatistics("a", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"));
  EXPECT_FALSE(absent.max.has_value());
}

TEST(BlockStatistics, KeepsShortBoundsExact) {
  BlockBounds bounds = StoredBounds(TextStatistics("abc", "abd"));
  EXPECT_EQ(bounds.min, BoundOf("abc"));
  EXPECT_EQ(bounds.max, BoundOf("abd"));
}

TEST(BlockStatistics, RoundTrips) {
  PagesOfBounds pages{{StoredBounds(TextStatistics("a", "b")), BlockBounds{}}, {}};
  std::vector<std::byte> bytes = SerializeBlockStatistics(pages);
  auto parsed = ParseBlockStatistics(bytes, 2, "a.lancer: column x");
  ASSERT_TRUE(parsed.has_value()) << parsed.error().ToString();
  EXPECT_EQ(*parsed, pages);
}

TEST(BlockStatistics, EveryTruncationAndExtensionIsCorruption) {
  PagesOfBounds pages{{StoredBounds(TextStatistics("a", "b"))}};
  std::vector<std::byte> bytes = SerializeBlockStatistics(pages);
  for (size_t size = 0; size < bytes.size(); ++size) {
    auto parsed = ParseBlockStatistics(std::span(bytes).first(size), 1, "where");
    ASSERT_EQ(parsed.status().code(), StatusCode::kCorruption) << size;
    ASSERT_EQ(parsed.status().message().find("where: block statistics"), 0U);
  }
  bytes.push_back(std::byte{0});
  EXPECT_EQ(ParseBlockStatistics(bytes, 1, "where").status().code(),
            StatusCode::kCorruption);
}

TEST(BlockStatistics, AnotherPageCountIsCorruption) {
  std::vector<std::byte> bytes = SerializeBlockStatistics({{}, {}});
  EXPECT_EQ(ParseBlockStatistics(bytes, 3, "where").status().code(),
            StatusCode::kCorruption);
}

TEST(HasBlockBounds, WhereValuesAreShortAndFlat) {
  const auto bounds = [](const ArrayPtr& array) {
    return HasBlockBounds(InputFixture(array).input);
  };
  EXPECT_TRUE(bounds(test::MakeInt64Array({1})));
  EXPECT_TRUE(bounds(test::MakeStringArray({"a"})));
  EXPECT_FALSE(bounds(test::MakeStringArray({std::string(5000, 'a')})));
  EXPECT_FALSE(bounds(test::MakeBoolArray({true})));
  EXPECT_FALSE(bounds(test::MakeNullArray(3)));
  EXPECT_FALSE(bounds(test::MakeListArray({1}, test::MakeInt64Array({1}))));
}

}  // namespace
}  // namespace lancer::format
