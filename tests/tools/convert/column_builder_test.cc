#include "tools/convert/column_builder.h"

#include <gtest/gtest.h>

#include "tests/support/arrays/arrays.h"

namespace lancer::tools {
namespace {

TEST(ColumnBuilder, BuildsScalarsWithNulls) {
  ColumnBuilder numbers(DataType::Make(TypeKind::kInt64));
  numbers.AppendInteger(7);
  numbers.AppendNull();
  numbers.AppendInteger(static_cast<uint64_t>(-1));
  EXPECT_TRUE((*numbers.Finish())->Equals(*test::MakeInt64Array({7, std::nullopt, -1})));

  ColumnBuilder texts(DataType::Make(TypeKind::kString));
  texts.AppendString("a");
  texts.AppendNull();
  texts.AppendString("");
  EXPECT_TRUE((*texts.Finish())->Equals(*test::MakeStringArray({"a", std::nullopt, ""})));

  ColumnBuilder flags(DataType::Make(TypeKind::kBool));
  for (int i = 0; i < 9; ++i) {
    flags.AppendBool(i % 3 == 0);
  }
  EXPECT_TRUE((*flags.Finish())
                  ->Equals(*test::MakeBoolArray(
                      {true, false, false, true, false, false, true, false, false})));
}

TEST(ColumnBuilder, BuildsListsOfStructs) {
  Field name;
  name.name = "n";
  name.type = DataType::Make(TypeKind::kString);
  Field item;
  item.name = "item";
  item.type = DataType::Struct({name});
  ColumnBuilder lists(DataType::List(item));
  ColumnBuilder& structs = lists.child(0);
  structs.child(0).AppendString("x");
  structs.AppendNested();
  structs.AppendNull();
  lists.AppendNested();
  lists.AppendNull();
  lists.AppendNested();
  Result<ArrayPtr> array = lists.Finish();
  ASSERT_TRUE(array.has_value());
  ASSERT_TRUE((*array)->Validate("lists", true).ok());
  EXPECT_EQ((*array)->FormatValue(0), R"([{"n": "x"}, null])");
  EXPECT_EQ((*array)->FormatValue(1), "null");
  EXPECT_EQ((*array)->FormatValue(2), "[]");
}

TEST(ColumnBuilder, StartsAnewAfterFinish) {
  ColumnBuilder texts(DataType::Make(TypeKind::kString));
  texts.AppendNull();
  texts.AppendString("old");
  ASSERT_TRUE(texts.Finish().has_value());
  texts.AppendString("new");
  EXPECT_TRUE((*texts.Finish())->Equals(*test::MakeStringArray({"new"})));
}

}  // namespace
}  // namespace lancer::tools
