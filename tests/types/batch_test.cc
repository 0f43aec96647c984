#include <gtest/gtest.h>

#include "tests/support/arrays/arrays.h"

namespace lancer {
namespace {

using enum TypeKind;
using namespace test;  // NOLINT(google-build-using-namespace): builders in every line

TypePtr Int8() { return DataType::Make(kInt8); }

TEST(Batch, SliceCutsEveryColumn) {
  Batch batch = MakeBatch({Nullable("a", Int8()), Nullable("b", Int8())},
                          {MakeInt8Array({1, 2, 3}), MakeInt8Array({4, 5, 6})});
  Batch slice = batch.Slice(1, 2);
  EXPECT_EQ(slice.length, 2);
  EXPECT_EQ(slice.columns[1]->FormatValue(0), "5");
  EXPECT_TRUE(slice.Validate().ok());
  EXPECT_TRUE(slice.Equals(batch.Slice(1, 2)));
  EXPECT_FALSE(slice.Equals(batch.Slice(0, 2)));
  EXPECT_FALSE(slice.Equals(batch));
}

TEST(Batch, ValidateRefusesWhatDoesNotFitTheSchema) {
  ArrayPtr two = MakeInt8Array({1, 2});
  Batch good = MakeBatch({Nullable("a", Int8())}, {two});
  ASSERT_TRUE(good.Validate().ok());
  Batch no_schema = good;
  no_schema.schema = nullptr;
  Batch too_many = good;
  too_many.columns.push_back(two);
  Batch missing = good;
  missing.columns[0] = nullptr;
  Batch other_type = good;
  other_type.columns[0] = MakeInt16Array({1, 2});
  Batch other_length = good;
  other_length.columns[0] = MakeInt8Array({1});
  Batch negative = good;
  negative.length = -1;
  const std::pair<Batch, const char*> cases[] = {
      {no_schema, "no schema"},
      {negative, "negative"},
      {too_many, "expected 1 columns, found 2"},
      {missing, "field a: the array is missing"},
      {other_type, "field a: expected type int8, found int16"},
      {other_length, "field a: expected 2 rows, found 1"}};
  for (const auto& [batch, what] : cases) {
    Status status = batch.Validate();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << what;
    EXPECT_NE(status.message().find(what), std::string::npos) << status.ToString();
  }
}

// One column of the field that may not hold nulls where they count.
struct NullCase {
  const char* path;  // of the offending field; null when there is none
  Field field;
  ArrayPtr array;
};

std::vector<NullCase> NullCases() {
  Field required = Required("item", Int8());
  TypePtr list = DataType::List(required);
  TypePtr row = DataType::Struct({Required("a", Int8())});
  TypePtr pair = DataType::FixedSizeList(required, 2);
  ArrayPtr holed = MakeInt8Array({1, std::nullopt, 3, 4});
  ArrayPtr lists = MakeListArray(list, {1, 1, 2}, holed);
  return {{"x", Required("x", Int8()), holed},
          {nullptr, Required("x", Int8()), holed->Slice(2, 2)},
          {"x", Required("x", DataType::Make(kNull)), MakeNullArray(1)},
          {nullptr, Nullable("x", Int8()), holed},
          {"x.item", Nullable("x", list), lists},
          {nullptr, Nullable("x", list), lists->Slice(2, 1)},
          {"x.a", Nullable("x", row), MakeStructArray(row, 4, {holed})},
          // A null parent hides what lies beneath it.
          {nullptr, Nullable("x", row),
           MakeStructArray(row, 4, {holed}, {true, false, true, true})},
          {"x.item", Nullable("x", pair), MakeFixedSizeListArray(pair, 2, holed)},
          {nullptr, Nullable("x", pair),
           MakeFixedSizeListArray(pair, 2, holed, {false, true})},
          {nullptr, Nullable("x", pair),
           MakeFixedSizeListArray(pair, 2, holed)->Slice(1, 1)}};
}

TEST(Batch, ValidateFindsNullsThatCountWhereNoneMayBe) {
  for (const NullCase& c : NullCases()) {
    Batch batch = MakeBatch({c.field}, {c.array});
    Status status = batch.Validate();
    SCOPED_TRACE(c.field.type->ToString());
    if (c.path == nullptr) {
      EXPECT_TRUE(status.ok()) << status.ToString();
    } else {
      EXPECT_NE(status.message().find(std::string("field ") + c.path + " holds a null"),
                std::string::npos)
          << status.ToString();
    }
    EXPECT_TRUE(batch.Validate(/*nullability=*/false).ok());
  }
}

}  // namespace
}  // namespace lancer
