#include <gtest/gtest.h>

#include "lancer/arrow_bridge.h"
#include "tests/support/arrays/arrays.h"

namespace lancer {
namespace {

using test::Nullable;

int released = 0;

void CountRelease(ArrowSchema* schema) {
  ++released;
  schema->release = nullptr;
}

ArrowSchema Plain(const char* format, const char* name = "x") {
  return {.format = format,
          .name = name,
          .metadata = nullptr,
          .flags = ARROW_FLAG_NULLABLE,
          .n_children = 0,
          .children = nullptr,
          .dictionary = nullptr,
          .release = CountRelease,
          .private_data = nullptr};
}

ArrowSchema With(const char* format, std::vector<ArrowSchema*>* children) {
  ArrowSchema schema = Plain(format);
  schema.n_children = static_cast<int64_t>(children->size());
  schema.children = children->data();
  return schema;
}

TEST(ImportField, ReadsNamesFlagsAndReleases) {
  released = 0;
  ArrowSchema schema = Plain("l", nullptr);
  schema.flags = 0;
  Result<Field> field = ImportField(&schema);
  ASSERT_TRUE(field.has_value());
  EXPECT_EQ(field->name, "");
  EXPECT_FALSE(field->nullable);
  EXPECT_EQ(field->type->kind(), TypeKind::kInt64);
  EXPECT_EQ(released, 1);
}

TEST(ImportField, ReadsDictionariesWhateverTheFlagsOfTheirValues) {
  ArrowSchema values = Plain("vu", "ignored");
  values.flags = 0;
  ArrowSchema schema = Plain("c");
  schema.dictionary = &values;
  schema.flags |= ARROW_FLAG_DICTIONARY_ORDERED;
  Result<Field> field = ImportField(&schema);
  ASSERT_TRUE(field.has_value()) << field.status().ToString();
  EXPECT_TRUE(field->type->Equals(*DataType::Dictionary(
      DataType::Make(TypeKind::kInt8), DataType::Make(TypeKind::kStringView), true)));
}

TEST(ImportField, RefusesMalformedStructsAndReleasesThem) {
  ArrowSchema item = Plain("l", "item");
  ArrowSchema gone = Plain("l", "item");
  gone.release = nullptr;
  ArrowSchema bad = Plain("?", "item");
  std::vector<ArrowSchema*> two = {&item, &item};
  std::vector<ArrowSchema*> none = {nullptr};
  std::vector<ArrowSchema*> released_child = {&gone};
  std::vector<ArrowSchema*> bad_child = {&bad};
  ArrowSchema negative = Plain("+s");
  negative.n_children = -1;
  ArrowSchema missing = Plain("+s");
  missing.n_children = 1;
  ArrowSchema float_index = Plain("g");
  float_index.dictionary = &item;
  ArrowSchema bad_index = Plain("?");
  bad_index.dictionary = &item;
  ArrowSchema bad_values = Plain("i");
  bad_values.dictionary = &bad;
  int32_t minus = -1;
  ArrowSchema bad_metadata = Plain("i");
  bad_metadata.metadata = static_cast<const char*>(static_cast<const void*>(&minus));
  ArrowSchema cases[] = {Plain(nullptr),
                         Plain("?"),
                         Plain("d:99,1"),
                         Plain("+l"),
                         With("+l", &two),
                         With("+l", &none),
                         With("+l", &released_child),
                         With("+l", &bad_child),
                         With("l", &two),
                         negative,
                         missing,
                         float_index,
                         bad_index,
                         bad_values,
                         bad_metadata};
  for (size_t i = 0; i < std::size(cases); ++i) {
    released = 0;
    Result<Field> field = ImportField(&cases[i]);
    EXPECT_EQ(field.status().code(), StatusCode::kInvalidArgument) << "case " << i;
    EXPECT_NE(field.status().message().find("field x"), std::string::npos)
        << field.status().ToString();
    EXPECT_EQ(released, 1) << "case " << i;
  }
  EXPECT_FALSE(ImportField(nullptr).has_value());
}

TEST(ImportField, NamesTheWholePathOfAUnion) {
  ArrowSchema item = Plain("+us:0", "item");
  std::vector<ArrowSchema*> items = {&item};
  ArrowSchema list = With("+l", &items);
  list.name = "a list";
  std::vector<ArrowSchema*> fields = {&list};
  ArrowSchema row = With("+s", &fields);
  Status status = ImportField(&row).status();
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_NE(status.message().find("field x.\"a list\".item: union"), std::string::npos)
      << status.ToString();
}

TEST(ImportField, BoundsTheDepthOfHostileSchemas) {
  ArrowSchema self = Plain("+l");
  ArrowSchema* child = &self;
  self.n_children = 1;
  self.children = &child;
  EXPECT_EQ(ImportField(&self).status().code(), StatusCode::kUnsupported);
  ArrowSchema encoded = Plain("i");
  encoded.dictionary = &encoded;
  EXPECT_EQ(ImportField(&encoded).status().code(), StatusCode::kUnsupported);
}

TEST(ImportSchema, NeedsAStruct) {
  ArrowSchema schema = Plain("l");
  EXPECT_EQ(ImportSchema(&schema).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(schema.release, nullptr);
  EXPECT_FALSE(ImportSchema(nullptr).has_value());
}

}  // namespace
}  // namespace lancer
