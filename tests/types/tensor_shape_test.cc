#include "types/tensor_shape.h"

#include <gtest/gtest.h>

#include "lancer/schema.h"

namespace lancer {
namespace {

Field Tensor(std::string metadata, int32_t size = 6) {
  Field field;
  field.name = "t";
  field.type = DataType::FixedSizeList(
      {.name = "item", .type = DataType::Make(TypeKind::kFloat32)}, size);
  field.metadata = {{"ARROW:extension:name", "arrow.fixed_shape_tensor"},
                    {"ARROW:extension:metadata", std::move(metadata)}};
  return field;
}

TEST(TensorShape, IsReadFromTheMetadata) {
  const auto shape = TensorShapeOf(Tensor(
      R"( {"shape": [2, 3] ,"dim_names":["a\"\u00e9","b"], "permutation":[1,0]} )"));
  ASSERT_TRUE(shape.has_value()) << shape.status().ToString();
  EXPECT_EQ((*shape)->sides, (std::vector<uint64_t>{2, 3}));
  EXPECT_EQ((*shape)->permutation, (std::vector<uint64_t>{1, 0}));
}

TEST(TensorShape, OtherFieldsHaveNone) {
  Field field = Tensor("{}");
  field.metadata.clear();
  EXPECT_FALSE(TensorShapeOf(field)->has_value());
}

TEST(TensorShape, WhatCannotBeHonouredIsRefusedWithTheFieldsPath) {
  for (const char* metadata :
       {"", "{}", "[2,3]", "{\"shape\":[2,3]", "{\"shape\":[2,3]} x", "{\"shape\":[2,4]}",
        "{\"shape\":[-2,-3]}", "{\"shape\":[2.0,3]}", "{\"shape\":6}",
        "{\"shape\":[2,3],\"permutation\":[0]}",
        "{\"shape\":[2,3],\"permutation\":[0,2]}",
        "{\"shape\":[2,3],\"permutation\":[1,1]}",
        "{\"shape\":[2,3],\"dim_names\":[\"a\"]}", "{\"shape\":[2,3],\"order\":[1]}",
        "{\"shape\":[2,3],}", "{\"shape\":[18446744073709551615,18446744073709551615]}",
        "{\"shape\":[4294967296,4294967296,6]}"}) {
    Field outer;
    outer.name = "outer";
    outer.type = DataType::Struct({Tensor(metadata)});
    const Status status = Schema({outer}).Validate();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << metadata;
    EXPECT_NE(status.message().find("field outer.t"), std::string_view::npos)
        << status.ToString();
  }
}

TEST(TensorShape, OnlyFixedSizeListsAreTensors) {
  Field field = Tensor("{\"shape\":[1]}");
  field.type = DataType::Make(TypeKind::kFloat32);
  EXPECT_FALSE(Schema({field}).Validate().ok());
}

}  // namespace
}  // namespace lancer
