#include "format/column_meta.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/format/container_fixture.h"

namespace lancer::format {
namespace {

encoding::Bound BoundOf(std::string_view text, bool exact) {
  encoding::Bound bound;
  bound.size = static_cast<uint8_t>(text.size());
  bound.exact = exact;
  std::ranges::transform(text, bound.bytes.begin(),
                         [](char c) { return static_cast<std::byte>(c); });
  return bound;
}

// Three pages that differ in everything that a page may have.
ColumnMeta ThreePages() {
  ColumnMeta meta = PlainColumn(Int64Shape("x", 5), {.offset = 64, .size = 100}, 10);
  meta.rows = 30;
  PageMeta page = meta.pages[0];
  page.first_row = 10;
  page.layout = LayoutKind::kBlocks;
  page.block_shift = 12;
  page.flags = kPageUnevenBlocks;
  page.index = {.offset = 200, .size = 16, .check = 99};
  page.statistics = {.min = BoundOf("abcdefgh", false),
                     .max = BoundOf("zzzzzzzz", false),
                     .null_count = 0,
                     .nan_count = {},
                     .distinct_count = 3};
  meta.pages.push_back(page);
  page.first_row = 20;
  page.statistics = {.min = {},
                     .max = BoundOf("yyyyyyyy", true),
                     .null_count = 10,
                     .nan_count = 0,
                     .distinct_count = {}};
  meta.pages.push_back(page);
  meta.dictionary = {.offset = 300, .size = 10, .check = 1};
  meta.dictionary_entries = 4;
  meta.codec_dictionary = {.offset = 310, .size = 11, .check = 2};
  meta.symbol_table = {.offset = 322, .size = 8, .check = 4};
  meta.profile = Profile::kCompact;
  meta.block_statistics = {.offset = 330, .size = 12, .check = 3};
  return meta;
}

void ExpectSame(const ColumnMeta& a, const ColumnMeta& b) {
  EXPECT_EQ(a.role, b.role);
  EXPECT_EQ(a.field_ids, b.field_ids);
  EXPECT_EQ(a.path, b.path);
  EXPECT_EQ(a.type, b.type);
  EXPECT_EQ(a.rows, b.rows);
  EXPECT_EQ(a.tree_sets, b.tree_sets);
  EXPECT_EQ(a.dictionary, b.dictionary);
  EXPECT_EQ(a.dictionary_entries, b.dictionary_entries);
  EXPECT_EQ(a.codec_dictionary, b.codec_dictionary);
  EXPECT_EQ(a.symbol_table, b.symbol_table);
  EXPECT_EQ(a.profile, b.profile);
  EXPECT_EQ(a.block_statistics, b.block_statistics);
  ASSERT_EQ(a.pages.size(), b.pages.size());
  for (size_t i = 0; i < a.pages.size(); ++i) {
    SCOPED_TRACE(i);
    const PageMeta& left = a.pages[i];
    const PageMeta& right = b.pages[i];
    EXPECT_EQ(left.first_row, right.first_row);
    EXPECT_EQ(left.rows, right.rows);
    EXPECT_EQ(left.values, right.values);
    EXPECT_EQ(left.offset, right.offset);
    EXPECT_EQ(left.size, right.size);
    EXPECT_EQ(left.layout, right.layout);
    EXPECT_EQ(left.block_shift, right.block_shift);
    EXPECT_EQ(left.flags, right.flags);
    EXPECT_EQ(left.trees, right.trees);
    EXPECT_EQ(left.index, right.index);
    EXPECT_EQ(left.statistics.min, right.statistics.min);
    EXPECT_EQ(left.statistics.max, right.statistics.max);
    EXPECT_EQ(left.statistics.null_count, right.statistics.null_count);
    EXPECT_EQ(left.statistics.nan_count, right.statistics.nan_count);
    EXPECT_EQ(left.statistics.distinct_count, right.statistics.distinct_count);
  }
}

TEST(ColumnMeta, RoundTrips) {
  for (const ColumnMeta& meta :
       {ThreePages(), PlainColumn(Int64Shape("x", 5), {.offset = 64, .size = 9}, 0)}) {
    EncodingDictionary encodings{{"zstd"}};
    auto bytes = SerializeColumnMeta(meta, &encodings);
    auto parsed = ParseColumnMeta(bytes, encodings, Int64Shape("x", 5), 1000, meta.rows,
                                  "a.lancer: column x");
    ASSERT_TRUE(parsed) << parsed.error().ToString();
    ExpectSame(**parsed, meta);
    EXPECT_EQ(encodings.names.size(), 2u);
  }
}

TEST(ColumnMeta, GivesThePath) {
  ColumnMeta meta = ThreePages();
  meta.path = {"a", "", "b.c"};
  EncodingDictionary encodings;
  auto path = ParseColumnPath(SerializeColumnMeta(meta, &encodings), "a.lancer");
  ASSERT_TRUE(path);
  EXPECT_EQ(*path, meta.path);
}

TEST(ColumnMeta, IsReadFromUnalignedMemory) {
  EncodingDictionary encodings;
  auto bytes = SerializeColumnMeta(ThreePages(), &encodings);
  for (size_t shift = 1; shift < 8; ++shift) {
    std::vector<std::byte> moved(shift);
    moved.insert(moved.end(), bytes.begin(), bytes.end());
    EXPECT_TRUE(ParseColumnMeta(std::span(moved).subspan(shift), encodings,
                                Int64Shape("x", 5), 1000, 30, "a"));
  }
}

TEST(ColumnMeta, FindsThePageOfARow) {
  ColumnMeta meta = ThreePages();
  for (auto [row, page] :
       {std::pair{0u, 0u}, {9u, 0u}, {10u, 1u}, {19u, 1u}, {29u, 2u}}) {
    EXPECT_EQ(meta.PageOf(row), page) << row;
  }
}

TEST(ColumnMeta, IsSmallForAColumnOfOnePage) {
  EncodingDictionary encodings;
  ColumnMeta meta = PlainColumn(Int64Shape("column_12345", 5), {64, 100, 0}, 10);
  EXPECT_LT(SerializeColumnMeta(meta, &encodings).size(), 360u);
}

}  // namespace
}  // namespace lancer::format
