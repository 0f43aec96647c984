#include <gtest/gtest.h>

#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"

namespace lancer {
namespace {

TEST(ArrayNulls, AreValidArraysOfAnyType) {
  std::mt19937_64 rng(1);
  for (int i = 0; i < 300; ++i) {
    Field field = test::RandomField(rng, 3, {.unstorable_types = true});
    SCOPED_TRACE(field.type->ToString());
    for (int64_t length : {0, 1, 9}) {
      ArrayPtr array = Array::Nulls(field.type, length);
      ASSERT_EQ(array->length(), length);
      ASSERT_EQ(array->null_count(), length);
      Status status = array->Validate("x", /*full=*/true);
      ASSERT_TRUE(status.ok()) << status.ToString();
      for (int64_t row = 0; row < length; ++row) {
        ASSERT_FALSE(array->IsValid(row));
      }
    }
  }
}

TEST(ArrayNulls, KeepChildrenThatMayNotBeNullValid) {
  TypePtr type =
      DataType::Struct({test::Required("a", DataType::Make(TypeKind::kInt64)),
                        test::Nullable("b", DataType::Make(TypeKind::kInt64))});
  ArrayPtr array = Array::Nulls(type, 3);
  EXPECT_EQ(array->child(0)->null_count(), 0);
  EXPECT_EQ(array->child(0)->values<int64_t>()[2], 0);
  EXPECT_EQ(array->child(1)->null_count(), 3);
}

}  // namespace
}  // namespace lancer
