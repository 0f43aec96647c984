// Every layout from end to end: rows in, rows out, whatever the type, the nulls, the
// nesting and the way of reading.
#include "format/page.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/format/page_fixture.h"
#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"
#include "types/gather.h"

namespace lancer::format {
namespace {

using test::Nullable;

// Some ascending rows with repeats.
std::vector<uint32_t> SomeRows(uint64_t rows, std::mt19937_64& rng) {
  std::vector<uint32_t> some;
  if (rows == 0) {
    return some;
  }
  for (uint64_t i = 0; i < 1 + rng() % 40; ++i) {
    some.push_back(static_cast<uint32_t>(rng() % rows));
    if (rng() % 4 == 0) {
      some.push_back(some.back());
    }
  }
  std::sort(some.begin(), some.end());
  return some;
}

void ExpectSame(const Result<ArrayPtr>& actual, const ArrayPtr& expected) {
  ASSERT_TRUE(actual.has_value()) << actual.error().ToString();
  const Status valid = (*actual)->Validate("x", true);
  ASSERT_TRUE(valid.ok()) << valid.ToString();
  ASSERT_TRUE((*actual)->Equals(*expected));
}

// Reads all, slices, and random rows, and compares each with the array.
void CheckReads(ColumnFixture* column, const ArrayPtr& array, std::mt19937_64& rng) {
  ASSERT_TRUE(column->status().ok()) << column->status().ToString();
  const auto rows = static_cast<uint64_t>(array->length());
  ExpectSame(column->Range(0, rows), array);
  for (int i = 0; i < 4; ++i) {
    const uint64_t first = rng() % (rows + 1);
    const uint64_t n = rng() % (std::min<uint64_t>(rows - first, 3000) + 1);
    ExpectSame(column->Range(first, n),
               array->Slice(static_cast<int64_t>(first), static_cast<int64_t>(n)));
    const std::vector<uint32_t> some = SomeRows(rows, rng);
    Result<ArrayPtr> expected =
        Gather(*array, std::vector<int64_t>(some.begin(), some.end()));
    ASSERT_TRUE(expected.has_value());
    ExpectSame(column->Rows(some), *expected);
  }
}

TEST(Page, GivesBackEveryTypeAtEveryLength) {
  std::mt19937_64 rng(1);
  TypePtr f32 = DataType::Make(TypeKind::kFloat32);
  TypePtr i64 = DataType::Make(TypeKind::kInt64);
  TypePtr text = DataType::Make(TypeKind::kString);
  std::vector<TypePtr> types = {
      DataType::Make(TypeKind::kNull),
      DataType::Make(TypeKind::kBool),
      DataType::Make(TypeKind::kInt8),
      i64,
      f32,
      text,
      DataType::Decimal128(20, 2),
      DataType::FixedSizeBinary(3),
      DataType::FixedSizeList(Nullable("item", f32), 5),
      DataType::FixedSizeList(Nullable("item", DataType::Make(TypeKind::kBool)), 3),
      DataType::List(Nullable("item", i64)),
      DataType::LargeList(Nullable("item", text)),
      DataType::Struct({Nullable("a", i64), Nullable("b", text)}),
      DataType::Struct({}),
      DataType::List(Nullable("item", DataType::FixedSizeList(Nullable("v", f32), 2)))};
  for (const TypePtr& type : types) {
    for (const double nulls : {0.0, 0.02, 0.4, 1.0}) {
      for (const int64_t length : {0, 1, 1023, 1024, 1025}) {
        SCOPED_TRACE(type->ToString() + " rows " + std::to_string(length) + " nulls " +
                     std::to_string(nulls));
        const Field field = Nullable("x", type);
        const ArrayPtr array =
            test::RandomArray(field, length, rng, {.null_fraction = nulls});
        ColumnFixture column(field, array, {});
        CheckReads(&column, array, rng);
        if (::testing::Test::HasFatalFailure()) {
          return;
        }
      }
    }
  }
}

TEST(Page, GivesBackLongPages) {
  std::mt19937_64 rng(2);
  for (const TypePtr& type :
       {DataType::Make(TypeKind::kInt64), DataType::Make(TypeKind::kString),
        DataType::Make(TypeKind::kBool), DataType::Make(TypeKind::kFloat64),
        DataType::List(Nullable("item", DataType::Make(TypeKind::kInt32)))}) {
    for (const double nulls : {0.0, 0.1}) {
      SCOPED_TRACE(type->ToString());
      const Field field = Nullable("x", type);
      const ArrayPtr array =
          test::RandomArray(field, 65537, rng, {.null_fraction = nulls});
      ColumnFixture column(field, array, {});
      CheckReads(&column, array, rng);
    }
  }
}

TEST(Page, GivesBackRandomFieldsByRandomPolicy) {
  std::mt19937_64 rng(3);
  int seen[3] = {0, 0, 0};
  int uneven = 0;
  for (uint64_t i = 0; i < 600; ++i) {
    const Field field = test::RandomField(rng, static_cast<int>(i % 4));
    SCOPED_TRACE(field.type->ToString() + " ordinal " + std::to_string(i));
    const ArrayPtr array =
        test::RandomArray(field, static_cast<int64_t>(rng() % 300), rng,
                          {.null_fraction = static_cast<double>(rng() % 3) * 0.3});
    ColumnFixture column(field, array, {.page_ordinal = i, .random_policy = true});
    CheckReads(&column, array, rng);
    if (::testing::Test::HasFatalFailure()) {
      return;
    }
    for (const auto& leaf : column.leaves) {
      ++seen[static_cast<int>(leaf->page.meta.layout)];
      uneven += leaf->page.meta.flags & kPageUnevenBlocks;
    }
  }
  EXPECT_GT(std::min({seen[0], seen[1], seen[2], uneven}), 30);
}

TEST(Page, GivesBackRandomFieldsByEachProfile) {
  std::mt19937_64 rng(4);
  for (uint64_t i = 0; i < 300; ++i) {
    const Field field = test::RandomField(rng, static_cast<int>(i % 4));
    SCOPED_TRACE(field.type->ToString() + " ordinal " + std::to_string(i));
    const ArrayPtr array =
        test::RandomArray(field, static_cast<int64_t>(rng() % 500), rng);
    const auto profile = static_cast<Profile>(i % 3);
    ColumnFixture column(field, array, {.profile = profile, .page_ordinal = i});
    CheckReads(&column, array, rng);
    if (::testing::Test::HasFatalFailure()) {
      return;
    }
  }
}

TEST(EncodePage, IsDeterministic) {
  std::mt19937_64 rng(5);
  for (uint64_t i = 0; i < 60; ++i) {
    const Field field = test::RandomField(rng, static_cast<int>(i % 4));
    const ArrayPtr array = test::RandomArray(field, 500, rng);
    const PageOptions options{.page_ordinal = i, .random_policy = i % 2 == 0};
    ColumnFixture first(field, array, options);
    ColumnFixture second(field, array, options);
    for (size_t leaf = 0; leaf < first.leaves.size(); ++leaf) {
      EXPECT_EQ(first.leaves[leaf]->page.bytes, second.leaves[leaf]->page.bytes);
      EXPECT_EQ(first.leaves[leaf]->page.index, second.leaves[leaf]->page.index);
      EXPECT_EQ(first.leaves[leaf]->page.trees, second.leaves[leaf]->page.trees);
    }
  }
}

TEST(FetchedBytes, FindsRangesInsideOnePiece) {
  const std::vector<std::byte> a(10, std::byte{1});
  const std::vector<std::byte> b(10, std::byte{2});
  FetchedBytes bytes(std::vector<FetchedBytes::Piece>{{100, a}, {110, b}});
  EXPECT_EQ(bytes.Find(100, 10).data(), a.data());
  EXPECT_EQ(bytes.Find(115, 5).data(), b.data() + 5);
  EXPECT_TRUE(bytes.Find(105, 10).empty());
  EXPECT_TRUE(bytes.Find(99, 2).empty());
  EXPECT_TRUE(bytes.Find(115, 6).empty());
  EXPECT_TRUE(bytes.Find(115, UINT64_MAX).empty());
  FetchedBytes mapped{std::span<const std::byte>(a)};
  EXPECT_EQ(mapped.Find(3, 7).size(), 7u);
  EXPECT_TRUE(mapped.Find(3, UINT64_MAX).empty());
}

}  // namespace
}  // namespace lancer::format
