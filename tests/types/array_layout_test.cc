#include "types/array_layout.h"

#include <gtest/gtest.h>

namespace lancer {
namespace {

using enum TypeKind;

Field Item(TypePtr type) { return {.name = "item", .type = std::move(type)}; }

TEST(ArrayLayout, IsThatOfTheStorageType) {
  TypePtr int8 = DataType::Make(kInt8);
  const std::tuple<TypePtr, ArrayLayout, size_t> cases[] = {
      {DataType::Make(kNull), ArrayLayout::kNull, 0},
      {DataType::Make(kBool), ArrayLayout::kBits, 2},
      {int8, ArrayLayout::kFixed, 2},
      {DataType::FixedSizeBinary(3), ArrayLayout::kFixed, 2},
      {DataType::Make(kString), ArrayLayout::kBinary, 3},
      {DataType::Make(kBinaryView), ArrayLayout::kBinary, 3},
      {DataType::List(Item(int8)), ArrayLayout::kList, 2},
      {DataType::FixedSizeList(Item(int8), 2), ArrayLayout::kFixedList, 1},
      {DataType::Struct({}), ArrayLayout::kStruct, 1},
      {DataType::Dictionary(int8, DataType::Struct({})), ArrayLayout::kStruct, 1}};
  for (const auto& [type, layout, buffers] : cases) {
    EXPECT_EQ(LayoutOf(*type), layout) << type->ToString();
    EXPECT_EQ(BufferCount(layout), buffers) << type->ToString();
  }
}

TEST(ArrayLayout, OffsetsAreWideForLargeAndViewKinds) {
  EXPECT_EQ(OffsetWidth(*DataType::Make(kString)), 4);
  EXPECT_EQ(OffsetWidth(*DataType::Make(kStringView)), 8);
  EXPECT_EQ(OffsetWidth(*DataType::Make(kLargeBinary)), 8);
  EXPECT_EQ(OffsetWidth(*DataType::LargeList(Item(DataType::Make(kInt8)))), 8);
}

TEST(ArrayLayout, LayoutTypePeelsEncodingsOnly) {
  TypePtr int8 = DataType::Make(kInt8);
  TypePtr views = *DataType::Make(kListView, {.children = {Item(int8)}});
  TypePtr dictionary = DataType::Dictionary(int8, views);
  TypePtr twice = *DataType::Make(
      kRunEndEncoded, {.children = {Item(DataType::Make(kInt16)), Item(dictionary)}});
  EXPECT_EQ(LayoutType(twice), views);
  EXPECT_EQ(&LayoutType(*twice), views.get());
  EXPECT_EQ(LayoutType(views), views);
}

TEST(ArrayLayout, SameLayoutLooksThroughNamesAndEncodings) {
  TypePtr int8 = DataType::Make(kInt8);
  TypePtr text = DataType::Make(kLargeString);
  TypePtr view = DataType::Make(kStringView);
  Field renamed{.name = "other", .type = view, .nullable = false};
  EXPECT_TRUE(SameLayout(*DataType::List(Item(text)), *DataType::List(renamed)));
  EXPECT_TRUE(SameLayout(*text, *DataType::Dictionary(int8, view)));
  EXPECT_FALSE(SameLayout(*text, *DataType::Make(kString)));
  EXPECT_FALSE(SameLayout(*DataType::FixedSizeBinary(2), *DataType::FixedSizeBinary(3)));
  EXPECT_FALSE(SameLayout(*DataType::Struct({Item(int8)}), *DataType::Struct({})));
  EXPECT_FALSE(SameLayout(*DataType::FixedSizeList(Item(int8), 2),
                          *DataType::FixedSizeList(Item(int8), 3)));
  EXPECT_FALSE(SameLayout(*DataType::List(Item(int8)), *DataType::List(Item(text))));
}

TEST(ArrayLayout, FitsInBytesDoesNotOverflow) {
  EXPECT_TRUE(FitsInBytes(INT64_MAX, 0));
  EXPECT_TRUE(FitsInBytes(INT64_MAX, 1));
  EXPECT_TRUE(FitsInBytes(INT64_MAX / 8, 8));
  EXPECT_FALSE(FitsInBytes(INT64_MAX / 8 + 1, 8));
}

TEST(ArrayLayout, LoadOffsetReadsBothWidths) {
  EXPECT_EQ(LoadOffset(*Buffer::Own(std::vector<int32_t>{1, 2}), 4, 1), 2);
  EXPECT_EQ(LoadOffset(*Buffer::Own(std::vector<int64_t>{1, 1L << 40}), 8, 1), 1L << 40);
}

}  // namespace
}  // namespace lancer
