#include <gtest/gtest.h>

#include "lancer/schema.h"
#include "tests/support/arrays/arrays.h"

namespace lancer {
namespace {

using enum TypeKind;
using test::Nullable;

TypePtr Int8() { return DataType::Make(kInt8); }

TEST(SchemaValidate, AcceptsStrangeNames) {
  Schema schema({Nullable("", Int8()), Nullable("a.b", Int8()), Nullable("a/b", Int8()),
                 Nullable("\"\n", Int8()), Nullable("\xC3\xBC", Int8()),
                 Nullable("_rowid_", Int8())});
  EXPECT_TRUE(schema.Validate().ok()) << schema.Validate().ToString();
  EXPECT_TRUE(Schema().Validate().ok());
}

TEST(SchemaValidate, RefusesDuplicatesAtOneLevelOnly) {
  Field inner = Nullable("s", DataType::Struct({Nullable("a", Int8())}));
  EXPECT_TRUE(Schema({Nullable("a", Int8()), inner}).Validate().ok());
  Status top = Schema({Nullable("a", Int8()), Nullable("a", Int8())}).Validate();
  EXPECT_EQ(top.code(), StatusCode::kInvalidArgument);
  Field twice = Nullable(
      "s", DataType::List(Nullable("item", DataType::Struct({Nullable("b", Int8()),
                                                             Nullable("b", Int8())}))));
  Status deep = Schema({twice}).Validate();
  EXPECT_EQ(deep.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(deep.message().find("field s.item.b"), std::string::npos) << deep.ToString();
}

TEST(SchemaValidate, RefusesReservedNamesAtTheTop) {
  for (std::string name : {"_rowid", "_version", "_change", "_ordinal"}) {
    Status status = Schema({Nullable(name, Int8())}).Validate();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
    EXPECT_NE(status.message().find("reserved for system columns; rename the field"),
              std::string::npos)
        << status.ToString();
    Field inside = Nullable("s", DataType::Struct({Nullable(name, Int8())}));
    EXPECT_TRUE(Schema({inside}).Validate().ok());
  }
}

TEST(SchemaValidate, RefusesNamesThatAreNotUtf8) {
  Field inside = Nullable("s", DataType::Struct({Nullable("\xFF", Int8())}));
  for (const Field& field : {Nullable("\xC3", Int8()), inside}) {
    Status status = Schema({field}).Validate();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
    EXPECT_NE(status.message().find("UTF-8"), std::string::npos) << status.ToString();
  }
}

TEST(SchemaValidate, RefusesNamesWithAZeroByte) {
  const std::string name("a\0b", 3);
  Field inside = Nullable("s", DataType::Struct({Nullable(name, Int8())}));
  for (const Field& field : {Nullable(name, Int8()), inside}) {
    Status status = Schema({field}).Validate();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
    EXPECT_NE(status.message().find("\"a\\x00b\": a name cannot hold a zero byte"),
              std::string::npos)
        << status.ToString();
  }
}

TEST(SchemaValidate, SaysWhatToMakeOfATypeThatCannotBeStored) {
  EXPECT_EQ(
      Schema({Nullable("m", DataType::Make(kIntervalMonths))}).Validate().message(),
      "field m: type month_interval cannot be stored; convert it to integers or to a "
      "duration");
}

TypePtr MapOf(bool nullable_entries, bool nullable_key) {
  const TypePtr entries =
      DataType::Struct({{.name = "key", .type = Int8(), .nullable = nullable_key},
                        Nullable("value", Int8())});
  return *DataType::Make(
      kMap,
      {.children = {{.name = "entries", .type = entries, .nullable = nullable_entries}}});
}

TEST(SchemaValidate, RefusesMapsWhoseKeysMayBeNull) {
  EXPECT_TRUE(Schema({Nullable("m", MapOf(false, false))}).Validate().ok());
  EXPECT_EQ(Schema({Nullable("m", MapOf(false, true))}).Validate().message(),
            "field m.entries.key: entries and keys of a map cannot be null; declare the "
            "field as not nullable");
  const Field list = Nullable("a", DataType::List(Nullable("item", MapOf(true, true))));
  const Status status = Schema({list}).Validate();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("field a.item.entries: "), std::string::npos)
      << status.ToString();
}

TEST(SchemaValidate, RefusesTypesThatCannotBeStoredByPath) {
  std::vector<TypePtr> types = {
      DataType::Make(kIntervalMonths), DataType::Make(kIntervalDayTime),
      DataType::Make(kIntervalMonthDayNano), DataType::FixedSizeBinary(0),
      DataType::Dictionary(Int8(), DataType::Make(kIntervalMonths))};
  for (const TypePtr& type : types) {
    Field field = Nullable("a", DataType::List(Nullable("item", type)));
    Status status = Schema({field}).Validate();
    EXPECT_EQ(status.code(), StatusCode::kUnsupported) << type->ToString();
    EXPECT_NE(status.message().find("field a.item:"), std::string::npos)
        << status.ToString();
  }
}

TEST(SchemaValidate, BoundsTheDepth) {
  TypePtr type = Int8();
  for (int depth = 1; depth < 64; ++depth) {
    type = DataType::List(Nullable("item", type));
  }
  EXPECT_TRUE(Schema({Nullable("x", type)}).Validate().ok());
  Schema deeper({Nullable("x", DataType::List(Nullable("item", type)))});
  EXPECT_EQ(deeper.Validate().code(), StatusCode::kUnsupported);
}

TEST(SchemaValidate, RefusesAFieldWithoutAType) {
  EXPECT_EQ(Schema({Field{.name = "x"}}).Validate().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lancer
