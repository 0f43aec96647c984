#include <gtest/gtest.h>

#include <cstring>

#include "lancer/arrow_bridge.h"
#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"

namespace lancer {
namespace {

using test::Nullable;
using test::Required;

TEST(ExportSchema, GivesBackRandomSchemas) {
  std::mt19937_64 rng(21);
  for (int i = 0; i < 300; ++i) {
    Schema schema = test::RandomSchema(rng, i % 5, 3, {.unstorable_types = true});
    ArrowSchema out{};
    ASSERT_TRUE(ExportSchema(schema, &out).ok());
    EXPECT_STREQ(out.format, "+s");
    Result<Schema> back = ImportSchema(&out);
    ASSERT_TRUE(back.has_value()) << back.status().ToString();
    ASSERT_TRUE(back->Equals(schema)) << schema.ToString();
  }
}

TEST(ExportField, FillsTheStructAsSpecified) {
  Field field = Required(
      "r\xC3\xBC"
      "d",
      DataType::List(Nullable("item", DataType::Make(TypeKind::kInt8))));
  field.metadata = {{"k", "v"}};
  ArrowSchema out{};
  ASSERT_TRUE(ExportField(field, &out).ok());
  EXPECT_STREQ(out.name,
               "r\xC3\xBC"
               "d");
  EXPECT_STREQ(out.format, "+l");
  EXPECT_EQ(out.flags, 0);
  EXPECT_EQ(out.n_children, 1);
  EXPECT_STREQ(out.children[0]->format, "c");
  EXPECT_EQ(out.children[0]->flags, ARROW_FLAG_NULLABLE);
  EXPECT_EQ(out.children[0]->metadata, nullptr);
  EXPECT_EQ(std::memcmp(out.metadata, "\1\0\0\0", 4), 0);
  out.release(&out);
  EXPECT_EQ(out.release, nullptr);
}

TEST(ExportField, LetsConsumersMoveChildrenOut) {
  Field field =
      Nullable("x", DataType::Struct({Nullable("a", DataType::Make(TypeKind::kInt8))}));
  ArrowSchema out{};
  ASSERT_TRUE(ExportField(field, &out).ok());
  ArrowSchema moved = *out.children[0];
  out.children[0]->release = nullptr;
  out.release(&out);
  EXPECT_STREQ(moved.name, "a");
  moved.release(&moved);
}

TEST(ExportField, RefusesZeroBytesInNames) {
  Field inner = Nullable(std::string("a\0b", 3), DataType::Make(TypeKind::kInt8));
  ArrowSchema out{};
  EXPECT_EQ(ExportField(Nullable("x", DataType::Struct({inner})), &out).code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(out.release, nullptr);
}

}  // namespace
}  // namespace lancer
