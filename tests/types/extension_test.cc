#include "types/extension.h"

#include <gtest/gtest.h>

#include "tests/support/arrays/arrays.h"

namespace lancer {
namespace {

Field Extension(const char* name, TypePtr type, const char* metadata = "") {
  Field field = test::Nullable("x", std::move(type));
  field.metadata = {{"ARROW:extension:name", name},
                    {"ARROW:extension:metadata", metadata},
                    {"ARROW:extension:name", "not the first"}};
  return field;
}

TEST(Extension, Bfloat16IsKnownByNameAndStorage) {
  EXPECT_TRUE(IsBfloat16(Extension("lancer.bfloat16", DataType::FixedSizeBinary(2))));
  EXPECT_FALSE(IsBfloat16(Extension("lancer.bfloat16", DataType::FixedSizeBinary(4))));
  EXPECT_FALSE(IsBfloat16(Extension("bfloat16", DataType::FixedSizeBinary(2))));
  EXPECT_FALSE(IsBfloat16(test::Nullable("x", DataType::FixedSizeBinary(2))));
}

TEST(Extension, KnownTypesAreCheckedAgainstTheirStorage) {
  const TypePtr int32 = DataType::Make(TypeKind::kInt32);
  const TypePtr text = DataType::Make(TypeKind::kStringView);
  const TypePtr four = DataType::FixedSizeList(test::Nullable("item", int32), 4);
  struct Case {
    Field field;
    const char* fault;  // empty: none
  };
  const Case cases[] = {
      {Extension("lancer.bfloat16", DataType::FixedSizeBinary(2)), ""},
      {Extension("lancer.bfloat16", DataType::Make(TypeKind::kFloat16)),
       "extension type lancer.bfloat16 needs fixed_size_binary[2], found halffloat"},
      {Extension("arrow.uuid", DataType::FixedSizeBinary(16)), ""},
      {Extension("arrow.uuid", DataType::FixedSizeBinary(15)),
       "extension type arrow.uuid needs fixed_size_binary[16], found "
       "fixed_size_binary[15]"},
      {Extension("arrow.json", text), ""},
      {Extension("arrow.json", DataType::Dictionary(int32, text)), ""},
      {Extension("arrow.json", DataType::Make(TypeKind::kBinary)),
       "extension type arrow.json needs a string type, found binary"},
      {Extension("arrow.fixed_shape_tensor", four, R"({"shape":[2,2]})"), ""},
      {Extension("arrow.fixed_shape_tensor", four, R"({"shape":[2,3]})"),
       "extension type arrow.fixed_shape_tensor: the shape does not have the 4 values of "
       "the list: {\"shape\":[2,3]}"},
      {Extension("arrow.fixed_shape_tensor", four, "{}"),
       "extension type arrow.fixed_shape_tensor: its metadata has no \"shape\""},
      {Extension("arrow.fixed_shape_tensor", int32, R"({"shape":[1]})"),
       "extension type arrow.fixed_shape_tensor: needs a fixed_size_list, found int32"},
      {Extension("example.unknown", int32), ""},
  };
  for (const Case& c : cases) {
    const Status status = CheckExtension(c.field);
    EXPECT_EQ(status.message(), c.fault);
    EXPECT_EQ(status.ok(), *c.fault == '\0');
    const Status nested =
        Schema({test::Nullable("a", DataType::List(c.field))}).Validate();
    EXPECT_EQ(nested.ok(), status.ok());
    EXPECT_EQ(nested.message().starts_with("field a.x: "), !status.ok());
  }
}

}  // namespace
}  // namespace lancer
