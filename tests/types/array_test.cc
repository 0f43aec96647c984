#include "lancer/array.h"

#include <gtest/gtest.h>

#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"

namespace lancer {
namespace {

using enum TypeKind;
using namespace test;  // NOLINT(google-build-using-namespace): builders in every line

std::string Text(std::span<const std::byte> bytes) {
  std::string text;
  for (std::byte byte : bytes) {
    text += std::to_integer<char>(byte);
  }
  return text;
}

TEST(Array, KnowsItsNulls) {
  ArrayPtr array = MakeInt64Array({1, std::nullopt, 3});
  EXPECT_EQ(array->null_count(), 1);
  EXPECT_TRUE(array->IsValid(0));
  EXPECT_FALSE(array->IsValid(1));
  EXPECT_NE(array->validity(), nullptr);
  EXPECT_EQ(MakeInt64Array({1})->validity(), nullptr);
  ArrayPtr nulls = MakeNullArray(2);
  EXPECT_EQ(nulls->null_count(), 2);
  EXPECT_FALSE(nulls->IsValid(1));
}

TEST(Array, CountsNullsThatWereNotCounted) {
  std::mt19937_64 rng(1);
  Field field = Nullable("x", DataType::Make(kInt8));
  for (int i = 0; i < 100; ++i) {
    ArrayPtr array = RandomArray(field, 100, rng);
    int64_t nulls = 0;
    for (int64_t row = 0; row < 100; ++row) {
      nulls += array->IsValid(row) ? 0 : 1;
    }
    EXPECT_EQ(array->null_count(), nulls);
  }
}

TEST(Array, IgnoresABitmapWhenNoRowIsNull) {
  ArrayPtr array = Array::Make({.type = DataType::Make(kInt8),
                                .length = 1,
                                .null_count = 0,
                                .buffers = {Buffer::Own(std::vector<uint8_t>{0}),
                                            Buffer::Own(std::vector<int8_t>{5})}});
  EXPECT_TRUE(array->IsValid(0));
}

TEST(Array, GivesValuesAsBytes) {
  TypePtr large = DataType::Make(kLargeString);
  for (ArrayPtr array : {MakeStringArray({"ab", std::nullopt, "", "cde"}),
                         MakeStringArray({"ab", std::nullopt, "", "cde"}, large)}) {
    EXPECT_EQ(Text(array->value_bytes(0)), "ab");
    EXPECT_EQ(Text(array->value_bytes(1)), "");
    EXPECT_EQ(Text(array->value_bytes(3)), "cde");
    ArrayPtr tail = array->Slice(2, 2);
    EXPECT_EQ(Text(tail->value_bytes(1)), "cde");
    EXPECT_EQ(tail->value_offset(2), 5);
  }
  ArrayPtr fixed = MakeFixedSizeBinaryArray(2, {"ab", "cd", std::nullopt});
  EXPECT_EQ(Text(fixed->Slice(1, 2)->value_bytes(0)), "cd");
  EXPECT_EQ(fixed->value_bytes(2).size(), 0U);
}

TEST(Array, SliceSharesBuffersAndRecountsNulls) {
  ArrayPtr array = MakeInt64Array({1, std::nullopt, 3, std::nullopt});
  ArrayPtr slice = array->Slice(1, 2);
  EXPECT_EQ(slice->length(), 2);
  EXPECT_EQ(slice->offset(), 1);
  EXPECT_EQ(slice->null_count(), 1);
  EXPECT_EQ(slice->buffer(1), array->buffer(1));
  EXPECT_EQ(slice->values<int64_t>()[slice->offset() + 1], 3);
  EXPECT_EQ(slice->Slice(1, 1)->offset(), 2);
  EXPECT_EQ(array->Slice(4, 0)->length(), 0);
  ArrayPtr nulls = Array::Nulls(DataType::Make(kInt8), 5);
  EXPECT_EQ(nulls->Slice(1, 3)->null_count(), 3);
}

TEST(Array, WithTypeChangesTheDeclaredTypesOfChildrenToo) {
  TypePtr text = DataType::Make(kLargeString);
  TypePtr view = DataType::Make(kStringView);
  TypePtr stored = DataType::LargeList(Nullable("item", text));
  TypePtr declared = *DataType::Make(kLargeListView, {.children = {Nullable("i", view)}});
  ArrayPtr array = MakeListArray(stored, {1, 1}, MakeStringArray({"a", "b"}, text));
  ArrayPtr changed = array->WithType(declared);
  EXPECT_EQ(changed->type(), declared);
  EXPECT_EQ(changed->child(0)->type(), view);
  EXPECT_TRUE(changed->Validate("x").ok());
  EXPECT_TRUE(changed->WithType(stored)->Equals(*array));
  TypePtr encoded = DataType::Dictionary(DataType::Make(kInt8), declared);
  EXPECT_EQ(array->WithType(encoded)->child(0)->type(), view);
}

TEST(Array, ByteSizeCountsOnlyTheRowsInUse) {
  EXPECT_EQ(MakeInt64Array({1, 2, 3})->byte_size(), 24);
  EXPECT_EQ(MakeInt64Array({1, 2, 3})->Slice(1, 1)->byte_size(), 8);
  EXPECT_EQ(MakeInt64Array({1, std::nullopt})->byte_size(), 17);
  EXPECT_EQ(MakeBoolArray({true, false})->byte_size(), 1);
  EXPECT_EQ(MakeStringArray({"abc", "de"})->Slice(1, 1)->byte_size(), 8 + 2);
  ArrayPtr list = MakeListArray({2, 1}, MakeInt64Array({1, 2, 3}));
  EXPECT_EQ(list->Slice(1, 1)->byte_size(), 8 + 8);
  TypePtr pair = DataType::FixedSizeList(Nullable("item", DataType::Make(kInt64)), 2);
  ArrayPtr pairs = MakeFixedSizeListArray(pair, 2, MakeInt64Array({1, 2, 3, 4}));
  EXPECT_EQ(pairs->Slice(1, 1)->byte_size(), 16);
  TypePtr row = DataType::Struct({Nullable("a", pair)});
  EXPECT_EQ(MakeStructArray(row, 2, {pairs})->Slice(0, 1)->byte_size(), 16);
  EXPECT_EQ(MakeNullArray(9)->byte_size(), 0);
}

}  // namespace
}  // namespace lancer
