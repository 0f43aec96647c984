#include "types/arrow_array_convert.h"

#include <gtest/gtest.h>

#include "tests/support/arrays/arrays.h"
#include "tests/types/arrow_structs.h"
#include "types/gather.h"

namespace lancer::test {
namespace {

using enum TypeKind;

TypePtr Text() { return DataType::Make(kStringView); }

struct View {
  int32_t size;
  char prefix[4];
  int32_t index;
  int32_t offset;
};
static_assert(sizeof(View) == 16);

// Views into one data buffer of 20 bytes.
Result<ArrayPtr> ImportViews(std::vector<View> views,
                             std::vector<uint8_t> validity = {}) {
  ForeignArray foreign(static_cast<int64_t>(views.size()), -1);
  validity.empty() ? foreign.Null() : foreign.Add(validity);
  foreign.Add(std::move(views))
      .Add(std::vector<char>(20, 'z'))
      .Add(std::vector<int64_t>{20});
  return ImportArray(Nullable("x", Text()), foreign.get());
}

TEST(ConvertViews, ReadsInlineAndFarBytes) {
  Result<ArrayPtr> array = ImportViews(
      {{2, {'a', 'b', 0, 0}, 77, 77}, {13, {'z', 'z', 'z', 'z'}, 0, 7}, {0, {}, 0, 0}});
  ASSERT_TRUE(array.has_value()) << array.status().ToString();
  EXPECT_EQ((*array)->FormatValue(0), "\"ab\"");
  EXPECT_EQ((*array)->FormatValue(1), "\"zzzzzzzzzzzzz\"");
  EXPECT_EQ((*array)->FormatValue(2), "\"\"");
  EXPECT_TRUE((*array)->Validate("x", true).ok());
}

TEST(ConvertViews, IgnoresWhatNullViewsSay) {
  Result<ArrayPtr> array = ImportViews({{-5, {}, -5, -5}, {1, {'q'}, 0, 0}}, {0b10});
  ASSERT_TRUE(array.has_value()) << array.status().ToString();
  EXPECT_EQ((*array)->FormatValue(0), "null");
  EXPECT_EQ((*array)->FormatValue(1), "\"q\"");
}

TEST(ConvertViews, RefusesViewsOutsideTheirBuffer) {
  for (View view :
       {View{-1, {}, 0, 0}, View{13, {}, 1, 0}, View{13, {}, -1, 0}, View{13, {}, 0, -1},
        View{13, {}, 0, 8}, View{21, {}, 0, 0}, View{INT32_MAX, {}, 0, INT32_MAX}}) {
    Result<ArrayPtr> array = ImportViews({view});
    EXPECT_EQ(array.status().code(), StatusCode::kInvalidArgument);
    EXPECT_NE(array.status().message().find("field x"), std::string::npos);
  }
}

TEST(ConvertViews, RefusesMissingBuffers) {
  ForeignArray no_views(1, 0);
  no_views.Null().Null().Null();
  EXPECT_FALSE(ImportArray(Nullable("x", Text()), no_views.get()).has_value());
  ForeignArray no_sizes(1, 0);
  no_sizes.Null()
      .Add(std::vector<View>{{13, {}, 0, 0}})
      .Add(std::vector<char>(20))
      .Null();
  EXPECT_FALSE(ImportArray(Nullable("x", Text()), no_sizes.get()).has_value());
  ForeignArray too_few(1, 0);
  too_few.Null().Add(std::vector<View>{{1, {}, 0, 0}});
  EXPECT_FALSE(ImportArray(Nullable("x", Text()), too_few.get()).has_value());
}

Result<ArrayPtr> ImportListViews(std::vector<int32_t> offsets, std::vector<int32_t> sizes,
                                 std::vector<uint8_t> validity = {}) {
  ForeignArray items(4, 0);
  items.Null().Add<int8_t>({1, 2, 3, 4});
  ForeignArray foreign(static_cast<int64_t>(offsets.size()), -1);
  validity.empty() ? foreign.Null() : foreign.Add(validity);
  foreign.Add(std::move(offsets)).Add(std::move(sizes)).Child(items);
  TypePtr type =
      *DataType::Make(kListView, {.children = {Nullable("item", DataType::Make(kInt8))}});
  Result<ArrayPtr> array = ImportArray(Nullable("x", type), foreign.get());
  if (array.has_value()) {  // the items do not outlive this function
    return Concatenate(type, std::span(&*array, 1));
  }
  return array;
}

TEST(ConvertListViews, PutsItemsInOrder) {
  struct Case {
    std::vector<int32_t> offsets;
    std::vector<int32_t> sizes;
    std::vector<std::string> rows;
  };
  for (const Case& c : {Case{{0, 2}, {2, 2}, {"[1, 2]", "[3, 4]"}},
                        Case{{1, 99, 2}, {1, 0, 2}, {"[2]", "[]", "[3, 4]"}},
                        Case{{2, 0}, {2, 2}, {"[3, 4]", "[1, 2]"}},
                        Case{{0, 0, 3}, {3, 2, 1}, {"[1, 2, 3]", "[1, 2]", "[4]"}}}) {
    std::vector<int32_t> offsets = c.offsets;
    for (int32_t& offset : offsets) {
      offset = offset == 99 ? 4 : offset;  // an empty view at the very end
    }
    Result<ArrayPtr> array = ImportListViews(offsets, c.sizes);
    ASSERT_TRUE(array.has_value()) << array.status().ToString();
    for (size_t i = 0; i < c.rows.size(); ++i) {
      EXPECT_EQ((*array)->FormatValue(static_cast<int64_t>(i)), c.rows[i]);
    }
  }
}

TEST(ConvertListViews, ChecksValidRowsOnly) {
  EXPECT_TRUE(ImportListViews({-9, 0}, {-9, 4}, {0b10}).has_value());
  for (auto [offset, size] : {std::pair{-1, 1}, std::pair{0, -1}, std::pair{0, 5},
                              std::pair{4, 1}, std::pair{INT32_MAX, INT32_MAX}}) {
    EXPECT_EQ(ImportListViews({offset}, {size}).status().code(),
              StatusCode::kInvalidArgument);
  }
}

TEST(ConvertListViews, BoundsWhatOverlappingViewsExpandTo) {
  ListViews views;
  for (int i = 0; i < 5; ++i) {
    views.offsets.push_back(0);
    views.sizes.push_back(int64_t{1} << 29);
  }
  TypePtr type =
      *DataType::Make(kListView, {.children = {Nullable("item", DataType::Make(kInt8))}});
  EXPECT_EQ(ConvertListViews(type, views, MakeInt8Array({1})).status().code(),
            StatusCode::kResourceExhausted);
}

template <typename Index>
Result<ArrayPtr> ImportDictionary(TypeKind kind, std::vector<Index> indexes,
                                  std::vector<uint8_t> validity = {}) {
  ForeignArray values(2, -1);
  values.Add<uint8_t>({0b01}).Add<int8_t>({7, 8});
  ForeignArray foreign(static_cast<int64_t>(indexes.size()), -1);
  validity.empty() ? foreign.Null() : foreign.Add(validity);
  foreign.Add(std::move(indexes)).Dictionary(values);
  TypePtr type = DataType::Dictionary(DataType::Make(kind), DataType::Make(kInt8));
  return ImportArray(Nullable("x", type), foreign.get());
}

TEST(ReadDictionaryIndexes, DecodesWithNullsOfBothKinds) {
  Result<ArrayPtr> array = ImportDictionary<int16_t>(kInt16, {0, 1, -99, 0}, {0b1011});
  ASSERT_TRUE(array.has_value()) << array.status().ToString();
  EXPECT_EQ((*array)->FormatValue(0), "7");
  EXPECT_EQ((*array)->FormatValue(1), "null");
  EXPECT_EQ((*array)->FormatValue(2), "null");
  EXPECT_EQ((*array)->FormatValue(3), "7");
  EXPECT_EQ((*array)->type()->kind(), kDictionary);
}

TEST(ReadDictionaryIndexes, RefusesIndexesOutOfRange) {
  EXPECT_FALSE(ImportDictionary<int8_t>(kInt8, {-1}).has_value());
  EXPECT_FALSE(ImportDictionary<uint8_t>(kUInt8, {2}).has_value());
  EXPECT_FALSE(ImportDictionary<int64_t>(kInt64, {INT64_MIN}).has_value());
  EXPECT_FALSE(ImportDictionary<uint64_t>(kUInt64, {UINT64_MAX}).has_value());
  EXPECT_TRUE(ImportDictionary<uint64_t>(kUInt64, {1}).has_value());
  EXPECT_TRUE(ImportDictionary<uint32_t>(kUInt32, {1}).has_value());
  EXPECT_TRUE(ImportDictionary<uint16_t>(kUInt16, {1}).has_value());
  EXPECT_TRUE(ImportDictionary<int32_t>(kInt32, {1}).has_value());
}

Result<ArrayPtr> ImportRuns(std::vector<int32_t> run_ends, int64_t offset, int64_t length,
                            int64_t values_length = 3) {
  ForeignArray ends(static_cast<int64_t>(run_ends.size()), 0);
  ends.Null().Add(std::move(run_ends));
  ForeignArray values(values_length, 0);
  values.Null().Add<int8_t>({7, 8, 9});
  ForeignArray foreign(length, 0);
  foreign.Child(ends).Child(values);
  foreign.get()->offset = offset;
  TypePtr type = *DataType::Make(
      kRunEndEncoded, {.children = {Required("run_ends", DataType::Make(kInt32)),
                                    Nullable("values", DataType::Make(kInt8))}});
  return ImportArray(Nullable("x", type), foreign.get());
}

TEST(ReadRuns, ExpandsTheRowsAskedFor) {
  Result<ArrayPtr> array = ImportRuns({2, 3, 6}, 1, 4);
  ASSERT_TRUE(array.has_value()) << array.status().ToString();
  std::string rows;
  for (int64_t i = 0; i < 4; ++i) {
    rows += (*array)->FormatValue(i);
  }
  EXPECT_EQ(rows, "7899");
}

TEST(ReadRuns, RefusesRunsThatDoNotCoverTheRows) {
  EXPECT_FALSE(ImportRuns({2, 2, 6}, 0, 6).has_value());
  EXPECT_FALSE(ImportRuns({2, 1, 6}, 0, 6).has_value());
  EXPECT_FALSE(ImportRuns({0, 1, 6}, 0, 6).has_value());
  EXPECT_FALSE(ImportRuns({-1, 1, 6}, 0, 6).has_value());
  EXPECT_FALSE(ImportRuns({2, 3, 6}, 1, 6).has_value());
  EXPECT_FALSE(ImportRuns({}, 0, 1).has_value());
  EXPECT_FALSE(ImportRuns({2, 3, 6}, 0, 6, 2).has_value());
  EXPECT_EQ(ImportRuns({INT32_MAX}, 0, int64_t{1} << 40).status().code(),
            StatusCode::kResourceExhausted);
}

TEST(ConvertValidity, MovesBitsToRowZero) {
  ForeignArray foreign(3, -1);
  foreign.Add<uint8_t>({0b10110});
  Result<BufferPtr> bits = ConvertValidity({foreign.get(), 2, 3});
  ASSERT_TRUE(bits.has_value());
  EXPECT_EQ((*bits)->bytes()[0], std::byte{0b101});
  foreign.get()->null_count = 0;
  EXPECT_EQ(*ConvertValidity({foreign.get(), 2, 3}), nullptr);
}

}  // namespace
}  // namespace lancer::test
