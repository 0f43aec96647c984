#include "format/column_bounds.h"

#include <gtest/gtest.h>

#include <cstring>

#include "format/open_file.h"
#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

Batch TwoColumns(std::vector<int64_t> numbers, const std::vector<std::string>& texts) {
  auto schema = std::make_shared<const Schema>(
      std::vector<Field>{{.name = "n", .type = DataType::Make(TypeKind::kInt64)},
                         {.name = "s", .type = DataType::Make(TypeKind::kString)}});
  const auto rows = static_cast<int64_t>(numbers.size());
  return {schema, rows, {Int64s(std::move(numbers)), Strings(texts)}};
}

TEST(ColumnBounds, JoinPagesByValueAndNotByText) {
  ContextPtr context = MemoryContext();
  std::vector<int64_t> numbers;
  std::vector<std::string> texts;
  for (int64_t i = 0; i < 30000; ++i) {
    numbers.push_back(i - 29000);
    texts.push_back(std::string(40, 'x') + std::to_string(i));
  }
  WriteFile(context, "a.lancer", {TwoColumns(numbers, texts)}, {.page_bytes = 32 << 10});
  auto reader = OpenOrFail(context, "a.lancer");
  auto bounds = ReadColumnBounds(FileReaderAccess::File(*reader), {});
  ASSERT_TRUE(bounds.has_value()) << bounds.error().ToString();
  ASSERT_EQ(bounds->size(), 2U);
  auto text = [&](size_t leaf, const std::optional<encoding::Bound>& bound) {
    return FormatBound((*bounds)[leaf].shape, bound);
  };
  const encoding::Statistics& number = (*bounds)[0].statistics;
  EXPECT_EQ(number.count, 30000U);
  EXPECT_EQ(text(0, number.min), "-29000");
  EXPECT_EQ(text(0, number.max), "999");
  const encoding::Statistics& string = (*bounds)[1].statistics;
  EXPECT_EQ(text(1, string.min), '"' + std::string(32, 'x') + "\"...");
  EXPECT_EQ(text(1, string.max), '"' + std::string(31, 'x') + "y\"...");
}

std::vector<DistinctRange> DistinctOf(const std::vector<Batch>& batches,
                                      WriterOptions options = {}) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", batches, std::move(options));
  auto reader = OpenOrFail(context, "a.lancer");
  auto bounds = ReadColumnBounds(FileReaderAccess::File(*reader), {});
  EXPECT_TRUE(bounds.has_value());
  std::vector<DistinctRange> ranges;
  for (const ColumnBounds& leaf : *bounds) {
    EXPECT_TRUE(leaf.distinct.has_value());
    ranges.push_back(leaf.distinct.value_or(DistinctRange{}));
  }
  return ranges;
}

TEST(ColumnBounds, CountDistinctValuesOfPagesThatMayShareThem) {
  std::vector<int64_t> rising;
  std::vector<int64_t> mixed;
  std::vector<std::string> texts;
  for (int64_t i = 0; i < 30000; ++i) {
    rising.push_back(i / 2);
    mixed.push_back(i * 7919 % 30000 / 3);
    texts.push_back(std::to_string(i % 50) + " of fifty texts that come again and again");
  }
  const WriterOptions small{.page_rows = 8192};
  const auto one_page = DistinctOf({TwoColumns(mixed, texts)});
  EXPECT_EQ(one_page[0], (DistinctRange{10000, 10000}));
  EXPECT_EQ(one_page[1], (DistinctRange{50, 50}));
  // Pages that lie apart add up; codes of one dictionary are no more than its entries.
  const auto pages = DistinctOf({TwoColumns(rising, texts)}, small);
  EXPECT_EQ(pages[0], (DistinctRange{15000, 15000}));
  EXPECT_EQ(pages[1], (DistinctRange{50, 50}));
  const auto shared = DistinctOf({TwoColumns(mixed, texts)}, small);
  EXPECT_LE(shared[0].at_least, 10000U);
  EXPECT_GE(shared[0].at_most, 10000U);
  EXPECT_LT(shared[0].at_least, shared[0].at_most);
}

TEST(ColumnBounds, NumbersThatAreNoneMayBeSharedByPartsThatLieApart) {
  const encoding::PhysicalType type{encoding::PhysicalKind::kFixed,
                                    encoding::NumberKind::kFloat, 8};
  const auto part = [&](double value, uint64_t nans) {
    ColumnBounds bounds;
    bounds.statistics.type = type;
    bounds.statistics.count = 10;
    bounds.statistics.nan_count = nans;
    encoding::Bound bound;
    bound.size = 8;
    std::memcpy(bound.bytes.data(), &value, 8);
    bounds.statistics.min = bounds.statistics.max = bound;
    bounds.distinct = {2, 2};
    return bounds;
  };
  ColumnBounds apart = part(1, 1);
  JoinBounds(&apart, part(2, 0));
  EXPECT_EQ(apart.distinct, (DistinctRange{4, 4}));
  ColumnBounds both = part(1, 1);
  JoinBounds(&both, part(2, 1));
  EXPECT_EQ(both.distinct, (DistinctRange{2, 4}));
  ColumnBounds unknown = part(3, 0);
  unknown.distinct.reset();
  JoinBounds(&both, unknown);
  EXPECT_FALSE(both.distinct.has_value());
}

}  // namespace
}  // namespace lancer::format
