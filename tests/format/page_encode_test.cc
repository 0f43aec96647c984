// What EncodePage chooses and states about a page.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/format/page_fixture.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::format {
namespace {

using test::Nullable;

TEST(EncodePage, StatesStatisticsOfFlatLeavesOnly) {
  const ArrayPtr flat = test::MakeInt64Array({5, std::nullopt, -3, 9});
  ColumnFixture numbers(Nullable("x", flat->type()), flat, {});
  const PageStatistics& stated = numbers.leaves[0]->page.meta.statistics;
  ASSERT_TRUE(stated.min && stated.max);
  EXPECT_EQ(static_cast<int8_t>(stated.min->bytes[0]), -3);
  EXPECT_EQ(static_cast<int8_t>(stated.max->bytes[0]), 9);
  EXPECT_EQ(stated.null_count, 1u);
  EXPECT_FALSE(stated.nan_count.has_value());

  const ArrayPtr list =
      test::MakeListArray({3}, test::MakeInt64Array({1, std::nullopt, 2}));
  ColumnFixture lists(Nullable("x", list->type()), list, {});
  const PageStatistics& nested = lists.leaves[0]->page.meta.statistics;
  EXPECT_FALSE(nested.min || nested.max);
  EXPECT_EQ(nested.null_count, 1u);
}

TEST(EncodePage, CountsNaNs) {
  const ArrayPtr array = test::MakeFloat64Array({1.5, std::nan(""), std::nullopt});
  ColumnFixture column(Nullable("x", array->type()), array, {});
  EXPECT_EQ(column.leaves[0]->page.meta.statistics.nan_count, 1u);
}

TEST(EncodePage, DoesNotGrowWhatDoesNotShrink) {
  test::Values<int64_t> values;
  std::mt19937_64 rng(4);
  for (int i = 0; i < 20000; ++i) {
    values.emplace_back(static_cast<int64_t>(rng()));
  }
  const ArrayPtr array = test::MakeInt64Array(values);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  EXPECT_LE(column.leaves[0]->page.bytes.size(), 20000u * 8);
  EXPECT_EQ(column.leaves[0]->page.trees[0].ToString(), "plain");
}

TEST(EncodePage, GoesOnWithoutADictionaryThatIsFull) {
  test::Values<std::string> values;
  for (int i = 0; i < 5000; ++i) {
    values.emplace_back("a string that repeats itself, number " +
                        std::to_string(i % 400));
  }
  const ArrayPtr array = test::MakeStringArray(values);
  const Field field = Nullable("x", array->type());
  const LeafShape shape = LeavesOf(field)[0];
  const std::vector<LeafBuffer> buffers = ShredAll(field, array, 0, array->length());
  encoding::DictionaryBuilder builder(shape.type, 100);
  for (const bool random : {false, true}) {
    for (uint64_t ordinal = 0; ordinal < 20; ++ordinal) {
      Result<EncodedPage> page =
          EncodePage(shape, buffers[0], {.dictionary = &builder},
                     {.page_ordinal = ordinal, .random_policy = random});
      ASSERT_TRUE(page.has_value()) << page.error().ToString();
      EXPECT_EQ(page->trees[0].ToString().find("dict"), std::string::npos);
    }
  }
}

TEST(EncodePage, LeavesVectorsPlainThatWouldGainLittle) {
  std::mt19937_64 rng(5);
  const auto numbers = [&](unsigned bits) {
    test::Values<int32_t> values;
    for (int i = 0; i < 40000; ++i) {
      values.emplace_back(static_cast<int32_t>(rng() >> (64 - bits)));
    }
    return test::MakeInt32Array(values);
  };
  // Of 30 bits, packing saves 6 %: enough for numbers, not for vectors; of 28 bits 12 %.
  const ArrayPtr little = numbers(30);
  const ArrayPtr much = numbers(28);
  const auto tree_of = [](const ArrayPtr& array, Profile profile) {
    ColumnFixture column(Nullable("x", array->type()), array, {.profile = profile});
    return column.leaves[0]->page.trees[0].ToString();
  };
  const auto vectors = [](const ArrayPtr& values) {
    return test::MakeFixedSizeListArray(
        DataType::FixedSizeList(Nullable("item", values->type()), 8), 5000, values);
  };
  EXPECT_EQ(tree_of(little, Profile::kRandom), "ffor:one_width");
  EXPECT_EQ(tree_of(vectors(little), Profile::kRandom), "plain");
  EXPECT_EQ(tree_of(vectors(little), Profile::kCompact), "ffor:one_width");
  EXPECT_EQ(tree_of(vectors(much), Profile::kRandom), "ffor:one_width");
}

TEST(EncodePage, ReplaysThePreviousTreesSafely) {
  test::Values<int64_t> rising;
  test::Values<int64_t> wild;
  std::mt19937_64 rng(4);
  for (int i = 0; i < 5000; ++i) {
    rising.emplace_back(i * 3);
    wild.emplace_back(static_cast<int64_t>(rng()));
  }
  const ArrayPtr first = test::MakeInt64Array(rising);
  const ArrayPtr second = test::MakeInt64Array(wild);
  const Field field = Nullable("x", first->type());
  ColumnFixture page(field, first, {});
  const TreeSet previous = page.leaves[0]->page.trees;
  for (const ArrayPtr& array : {first, second}) {
    ColumnFixture next(
        field, array,
        {.page_ordinal = 1,
         .previous = &previous,
         .previous_bytes_per_value = page.leaves[0]->page.bytes_per_value});
    ASSERT_TRUE(next.status().ok()) << next.status().ToString();
    EXPECT_TRUE((*next.Range(0, 5000))->Equals(*array));
  }
}

TEST(EncodePage, RefusesBuffersThatDoNotFitTheShape) {
  const ArrayPtr array = test::MakeInt64Array({1, 2});
  const Field field = Nullable("x", array->type());
  std::vector<LeafBuffer> buffers = ShredAll(field, array, 0, 2);
  buffers[0].values = 3;
  EXPECT_EQ(EncodePage(LeavesOf(field)[0], buffers[0], {}, {}).status().code(),
            StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lancer::format
