#include "dataset/match_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/arrays/arrays.h"

namespace lancer::dataset {
namespace {

using test::Nullable;
using test::Required;
using ::testing::HasSubstr;

TypePtr Int() { return DataType::Make(TypeKind::kInt32); }

TEST(MatchSchema, MetadataDoesNotCount) {
  Field noted = Nullable("a", Int());
  noted.metadata = {{"unit", "m"}};
  EXPECT_TRUE(
      MatchSchema(Schema({Nullable("a", Int())}, {{"k", "v"}}), Schema({noted})).ok());
}

TEST(MatchSchema, WhatMayBeNullDoesNotCount) {
  Schema nullable({Nullable("a", Int())});
  Schema required({Required("a", Int())});
  EXPECT_TRUE(MatchSchema(nullable, required).ok());
  EXPECT_TRUE(MatchSchema(required, nullable).ok());
}

TEST(MatchSchema, NamesTheColumnThatDiffers) {
  auto message = [](std::vector<Field> a, std::vector<Field> b) {
    return MatchSchema(Schema(std::move(a)), Schema(std::move(b))).ToString();
  };
  TypePtr text = DataType::Make(TypeKind::kString);
  EXPECT_THAT(message({Nullable("a", Int())}, {Nullable("b", Int())}),
              HasSubstr("column a: the rows have b in its place"));
  EXPECT_THAT(message({Nullable("a", Int())}, {Nullable("a", text)}),
              HasSubstr("column a: the dataset has type int32, the rows string"));
  EXPECT_THAT(message({Nullable("a", Int())}, {}),
              HasSubstr("the dataset has 1 columns, the rows 0"));
  EXPECT_THAT(message({Nullable("s", DataType::Struct({Nullable("x", Int())}))},
                      {Nullable("s", DataType::Struct({Nullable("x", text)}))}),
              HasSubstr("column s.x: the dataset has type int32"));
  EXPECT_THAT(message({Nullable("v", DataType::FixedSizeList(Nullable("i", Int()), 3))},
                      {Nullable("v", DataType::FixedSizeList(Nullable("i", Int()), 4))}),
              HasSubstr("column v: the dataset has type"));
  EXPECT_THAT(message({Nullable("t", DataType::Timestamp(TimeUnit::kMicro, "UTC"))},
                      {Nullable("t", DataType::Timestamp(TimeUnit::kMicro, "CET"))}),
              HasSubstr("column t"));
  EXPECT_THAT(
      message(
          {Nullable("d", DataType::Dictionary(Int(), text))},
          {Nullable("d", DataType::Dictionary(DataType::Make(TypeKind::kInt8), text))}),
      HasSubstr("column d"));
}

}  // namespace
}  // namespace lancer::dataset
