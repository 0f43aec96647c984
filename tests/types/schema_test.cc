#include "lancer/schema.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/arrays/arrays.h"

namespace lancer {
namespace {

using enum TypeKind;
using test::Nullable;
using test::Required;

TEST(FormatFieldPath, QuotesWhatCouldMislead) {
  const std::pair<FieldPath, const char*> cases[] = {
      {{}, ""},
      {{"a"}, "a"},
      {{"a", "b_1", "c-d"}, "a.b_1.c-d"},
      {{"z\xC3\xBCrich"}, "z\xC3\xBCrich"},
      {{"", "x"}, "\"\".x"},
      {{"a.b", "c/d", "e f"}, "\"a.b\".\"c/d\".\"e f\""},
      {{"say \"hi\"\\"}, "\"say \\\"hi\\\"\\\\\""},
      {{"line\nbreak\x01"}, "\"line\\nbreak\\x01\""}};
  for (const auto& [path, text] : cases) {
    EXPECT_EQ(FormatFieldPath(path), text);
  }
}

Schema Example() {
  return Schema({Nullable("image", DataType::Make(kBinary)),
                 Nullable("caption", DataType::Make(kString)),
                 Required("label", DataType::Make(kInt32))},
                {{"k", "v"}});
}

TEST(Schema, FindsFieldsByName) {
  EXPECT_EQ(Example().FindField("label"), 2U);
  EXPECT_FALSE(Example().FindField("Label").has_value());
}

TEST(Schema, SelectKeepsTheOrderAskedIdsAndMetadata) {
  int32_t next = 10;
  Schema numbered = Example().WithFieldIds(&next);
  Result<Schema> selected = numbered.Select(std::vector<std::string>{"label", "image"});
  ASSERT_TRUE(selected.has_value());
  ASSERT_EQ(selected->field_count(), 2U);
  EXPECT_EQ(selected->field(0).name, "label");
  EXPECT_EQ(selected->field(0).id, FieldId(12));
  EXPECT_EQ(selected->field(1).id, FieldId(10));
  EXPECT_EQ(selected->metadata(), numbered.metadata());
  EXPECT_EQ(Example().Select({})->field_count(), 0U);
}

TEST(Schema, SelectSuggestsNearNames) {
  Status status = Example().Select(std::vector<std::string>{"captoin"}).status();
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "no field captoin; did you mean caption?");
}

TEST(Schema, SelectListsTheFieldsWhenNoneIsNear) {
  Status status = Example().Select(std::vector<std::string>{"zzzz"}).status();
  EXPECT_EQ(status.message(), "no field zzzz; the fields are image, caption, label");
  EXPECT_EQ(Schema().Select(std::vector<std::string>{"a"}).status().message(),
            "no field a: the schema has no fields");
  std::vector<Field> many;
  for (int i = 0; i < 15; ++i) {
    many.push_back(
        Nullable(std::string(8, static_cast<char>('a' + i)), DataType::Make(kBool)));
  }
  status = Schema(many).Select(std::vector<std::string>{"0"}).status();
  EXPECT_NE(status.message().find(", and 5 more"), std::string::npos)
      << status.ToString();
}

TEST(Schema, SelectOfManyNamesGivesWhatSelectOfFewDoes) {
  std::vector<Field> fields;
  std::vector<std::string> names;
  for (int i = 0; i < 40; ++i) {
    names.push_back("f" + std::to_string(i));
    fields.push_back({.name = names.back(), .type = DataType::Make(TypeKind::kInt8)});
  }
  std::ranges::reverse(names);
  Schema schema(fields);
  for (size_t count : {15u, 16u, 17u, 40u}) {
    std::vector<std::string> some(names.begin(),
                                  names.begin() + static_cast<std::ptrdiff_t>(count));
    Result<Schema> selected = schema.Select(some);
    ASSERT_TRUE(selected.has_value());
    for (size_t i = 0; i < count; ++i) {
      EXPECT_EQ(selected->field(i).name, names[i]);
    }
    some.push_back("f30");
    EXPECT_EQ(schema.Select(some).status().code(), StatusCode::kInvalidArgument);
    some.back() = "absent";
    EXPECT_EQ(schema.Select(some).status().code(), StatusCode::kNotFound);
  }
}

TEST(Schema, SelectRefusesAFieldTwice) {
  EXPECT_EQ(Example().Select(std::vector<std::string>{"label", "label"}).status().code(),
            StatusCode::kInvalidArgument);
}

TEST(Schema, WithFieldIdsNumbersInPreOrderAndKeepsAssignedIds) {
  Field item = Nullable("item", DataType::Struct({Nullable("a", DataType::Make(kInt8)),
                                                  Nullable("b", DataType::Make(kInt8))}));
  Field kept = Nullable("kept", DataType::Make(kInt8));
  kept.id = FieldId(3);
  TypePtr encoded = DataType::Dictionary(
      DataType::Make(kInt8), DataType::List(Nullable("item", DataType::Make(kString))));
  Schema schema({Nullable("x", DataType::List(item)), kept, Nullable("d", encoded),
                 Nullable("y", DataType::Make(kInt8))});
  int32_t next = 4;
  Schema numbered = schema.WithFieldIds(&next);
  const Field& x = numbered.field(0);
  EXPECT_EQ(x.id, FieldId(4));
  EXPECT_EQ(x.type->child(0).id, FieldId(5));
  EXPECT_EQ(x.type->child(0).type->child(0).id, FieldId(6));
  EXPECT_EQ(x.type->child(0).type->child(1).id, FieldId(7));
  EXPECT_EQ(numbered.field(1).id, FieldId(3));
  EXPECT_EQ(numbered.field(2).id, FieldId(8));
  // The values of a dictionary are the column itself; what is below them is not.
  EXPECT_FALSE(numbered.field(2).type->child(0).id.assigned());
  EXPECT_EQ(numbered.field(2).type->storage().child(0).id, FieldId(9));
  EXPECT_EQ(numbered.field(3).id, FieldId(10));
  EXPECT_EQ(next, 11);
  EXPECT_TRUE(numbered.Equals(schema));
  Schema again = numbered.WithFieldIds(&next);
  EXPECT_EQ(next, 11);
  EXPECT_EQ(again.field(3).id, FieldId(10));
}

TEST(Schema, EqualityCountsOrderAndMetadata) {
  Schema other({Example().field(1), Example().field(0), Example().field(2)},
               Example().metadata());
  EXPECT_TRUE(Example().Equals(Example()));
  EXPECT_FALSE(Example().Equals(other));
  EXPECT_FALSE(Example().Equals(Schema(Example().fields())));
  EXPECT_FALSE(Example().Equals(Schema({Example().field(0)}, Example().metadata())));
}

TEST(Schema, PrintsChildrenIndented) {
  Schema schema({Nullable("a", DataType::List(Required("item", DataType::Make(kInt8)))),
                 Required("b c", DataType::Make(kString))});
  EXPECT_EQ(schema.ToString(),
            "a: list<item: int8 not null>\n"
            "  item: int8 not null\n"
            "\"b c\": string not null\n");
}

}  // namespace
}  // namespace lancer
