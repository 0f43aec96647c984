#include "tools/convert/fixed_list_form.h"

#include <gtest/gtest.h>

#include "tests/support/arrays/arrays.h"

namespace lancer::tools {
namespace {

Field ItemField() { return test::Nullable("item", DataType::Make(TypeKind::kInt64)); }

TypePtr PairType() { return DataType::FixedSizeList(ItemField(), 2); }

// [[1, 2], null, [5, 6]]
ArrayPtr Pairs() {
  return test::MakeFixedSizeListArray(
      PairType(), 3, test::MakeInt64Array({1, 2, 3, 4, 5, 6}), {true, false, true});
}

TEST(FixedListForm, MarksAndRestoresFields) {
  const Field field = test::Nullable("v", PairType());
  EXPECT_TRUE(HasNullableFixedList(field));
  EXPECT_FALSE(HasNullableFixedList(test::Required("v", PairType())));
  EXPECT_TRUE(HasNullableFixedList(test::Required("s", DataType::Struct({field}))));
  const Field form = ToListForm(field);
  EXPECT_EQ(form.type->ToString(), "list<item: int64>");
  EXPECT_FALSE(form.metadata.empty());
  EXPECT_TRUE(FromListForm(form).Equals(field));

  const Field nested =
      test::Nullable("s", DataType::Struct({test::Nullable("f", DataType::List(field))}));
  EXPECT_TRUE(FromListForm(ToListForm(nested)).Equals(nested));
}

TEST(FixedListForm, SetsExtensionNamesAside) {
  Field field = test::Nullable("t", PairType());
  field.metadata = {{"ARROW:extension:name", "arrow.fixed_shape_tensor"},
                    {"ARROW:extension:metadata", "{}"}};
  for (const Field& whole : {field, test::Nullable("s", DataType::Struct({field}))}) {
    const Field form = ToListForm(whole);
    const Field& list = whole.name == "t" ? form : form.type->child(0);
    for (const auto& [key, value] : list.metadata) {
      EXPECT_FALSE(key.starts_with("ARROW:extension")) << key;
    }
    EXPECT_TRUE(FromListForm(form).Equals(whole));
  }
  Field plain = test::Nullable("p", DataType::List(ItemField()));
  plain.metadata = field.metadata;
  EXPECT_TRUE(ToListForm(plain).Equals(plain));
}

TEST(FixedListForm, FindsListsOfNoItems) {
  const Field none = test::Nullable("v", DataType::FixedSizeList(ItemField(), 0));
  EXPECT_TRUE(HasEmptyFixedList(none));
  EXPECT_TRUE(HasEmptyFixedList(test::Nullable("s", DataType::Struct({none}))));
  EXPECT_FALSE(HasEmptyFixedList(test::Nullable("v", PairType())));
}

TEST(FixedListForm, ConvertsRowsBothWays) {
  EXPECT_TRUE(HasNullInFixedList(*Pairs()));
  const TypePtr list = DataType::List(ItemField());
  Result<ArrayPtr> lists = ConvertLists(Pairs(), list);
  ASSERT_TRUE(lists.has_value()) << lists.error().ToString();
  ASSERT_TRUE((*lists)->Validate("v").ok());
  EXPECT_EQ((*lists)->value_offset(3), 4);  // the null row takes no items
  Result<ArrayPtr> back = ConvertLists(*lists, PairType());
  ASSERT_TRUE(back.has_value());
  ASSERT_TRUE((*back)->Validate("v").ok());
  EXPECT_TRUE((*back)->Equals(*Pairs()));
}

TEST(FixedListForm, ConvertsSlices) {
  const TypePtr list = DataType::List(ItemField());
  Result<ArrayPtr> lists = ConvertLists(Pairs()->Slice(1, 2), list);
  ASSERT_TRUE(lists.has_value());
  EXPECT_EQ((*lists)->FormatValue(0), "null");
  EXPECT_EQ((*lists)->FormatValue(1), "[5, 6]");
  Result<ArrayPtr> back = ConvertLists((*lists)->Slice(1, 1), PairType());
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ((*back)->FormatValue(0), "[5, 6]");
}

TEST(FixedListForm, ConvertsInsideStructsAndLists) {
  const Field field = test::Nullable("v", PairType());
  const TypePtr type = DataType::Struct({field});
  const ArrayPtr rows = test::MakeStructArray(type, 3, {Pairs()}, {false, true, true});
  const TypePtr form = ToListForm(test::Nullable("s", type)).type;
  Result<ArrayPtr> converted = ConvertLists(rows, form);
  ASSERT_TRUE(converted.has_value());
  EXPECT_EQ((*converted)->FormatValue(0), "null");
  EXPECT_EQ((*converted)->FormatValue(2), R"({"v": [5, 6]})");
  EXPECT_TRUE((*ConvertLists(*converted, type))->Equals(*rows));
}

TEST(FixedListForm, RefusesListsOfAnotherLength) {
  const ArrayPtr lists = test::MakeListArray({2, 1}, test::MakeInt64Array({1, 2, 3}));
  Result<ArrayPtr> fixed = ConvertLists(lists, PairType());
  ASSERT_FALSE(fixed.has_value());
  EXPECT_EQ(fixed.error().message(), "row 1 of a batch holds 1 items, expected 2");
  EXPECT_FALSE(ConvertLists(test::MakeInt64Array({1}), PairType()).has_value());
}

}  // namespace
}  // namespace lancer::tools
