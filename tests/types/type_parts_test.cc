#include "types/type_parts.h"

#include <gtest/gtest.h>

#include "tests/support/arrays/arrays.h"

namespace lancer {
namespace {

TEST(TypeParts, ChildrenDoNotCountButTheirNumberDoes) {
  Field number = test::Nullable("a", DataType::Make(TypeKind::kInt64));
  Field text = test::Required("b", DataType::Make(TypeKind::kString));
  EXPECT_TRUE(SameButChildren(*DataType::List(number), *DataType::List(text)));
  EXPECT_FALSE(SameButChildren(*DataType::List(number), *DataType::LargeList(number)));
  EXPECT_FALSE(
      SameButChildren(*DataType::Struct({number}), *DataType::Struct({number, text})));
}

TEST(TypeParts, EveryParameterCounts) {
  Field item = test::Nullable("item", DataType::Make(TypeKind::kInt8));
  TypePtr int8 = DataType::Make(TypeKind::kInt8);
  TypePtr int16 = DataType::Make(TypeKind::kInt16);
  const std::pair<TypePtr, TypePtr> different[] = {
      {DataType::FixedSizeBinary(3), DataType::FixedSizeBinary(4)},
      {DataType::FixedSizeList(item, 3), DataType::FixedSizeList(item, 4)},
      {DataType::Decimal128(10, 2), DataType::Decimal128(11, 2)},
      {DataType::Decimal128(10, 2), DataType::Decimal128(10, 3)},
      {DataType::Timestamp(TimeUnit::kMilli), DataType::Timestamp(TimeUnit::kMicro)},
      {DataType::Timestamp(TimeUnit::kMilli),
       DataType::Timestamp(TimeUnit::kMilli, "UTC")},
      {DataType::Dictionary(int8, int8), DataType::Dictionary(int16, int8)},
      {DataType::Dictionary(int8, int8), DataType::Dictionary(int8, int8, true)},
  };
  for (const auto& [a, b] : different) {
    EXPECT_FALSE(SameButChildren(*a, *b)) << a->ToString() << " " << b->ToString();
    EXPECT_TRUE(SameButChildren(*a, *a));
  }
}

TEST(TypeParts, ATypeKeepsItsParametersUnderOtherChildren) {
  Field item = test::Nullable("item", DataType::Make(TypeKind::kInt8));
  Field other = test::Nullable("item", DataType::Make(TypeKind::kFloat32));
  TypePtr made = WithChildren(DataType::FixedSizeList(item, 7), {other});
  EXPECT_TRUE(made->Equals(*DataType::FixedSizeList(other, 7)));
}

}  // namespace
}  // namespace lancer
