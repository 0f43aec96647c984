#include "types/row_key.h"

#include <gtest/gtest.h>

#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"
#include "types/array_equals.h"

namespace lancer {
namespace {

std::string KeyOf(const ArrayPtr& array, int64_t row) {
  std::string key;
  AppendRowKey(*array, row, &key);
  return key;
}

TEST(RowKey, IsEqualExactlyForEqualRows) {
  std::mt19937_64 rng(6);
  int equal = 0;
  for (int i = 0; i < 200; ++i) {
    Field field = test::RandomField(rng, 3);
    ArrayPtr array = test::RandomArray(field, 12, rng, {.max_string_length = 2});
    for (int64_t a = 0; a < 12; ++a) {
      for (int64_t b = 0; b < 12; ++b) {
        bool same = EqualRows(*array, a, *array, b, 1);
        equal += same ? 1 : 0;
        ASSERT_EQ(KeyOf(array, a) == KeyOf(array, b), same) << field.type->ToString();
      }
    }
  }
  EXPECT_GT(equal, 200 * 12);
}

TEST(RowKey, IsAppended) {
  ArrayPtr array = test::MakeInt8Array({5, std::nullopt});
  std::string key = "x";
  AppendRowKey(*array, 0, &key);
  AppendRowKey(*array, 1, &key);
  EXPECT_EQ(key, std::string("x\1\5\0", 4));
}

}  // namespace
}  // namespace lancer
