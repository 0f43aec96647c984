#include "types/array_equals.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"

namespace lancer {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): builders in every line

TEST(ArrayEquals, IgnoresWhatLiesUnderNulls) {
  BufferPtr validity = MakeValidity({true, false});
  auto make = [&](std::vector<int8_t> values) {
    return Array::Make({.type = DataType::Make(TypeKind::kInt8),
                        .length = 2,
                        .buffers = {validity, Buffer::Own(std::move(values))}});
  };
  EXPECT_TRUE(make({1, 2})->Equals(*make({1, 3})));
  EXPECT_FALSE(make({1, 2})->Equals(*make({2, 2})));
  // A list's garbage under a null row does not count either.
  ArrayPtr items = MakeInt8Array({1, 2, 3});
  ArrayPtr clean = MakeListArray({1, std::nullopt, 1}, MakeInt8Array({1, 3}));
  ArrayPtr garbage =
      Array::Make({.type = clean->type(),
                   .length = 3,
                   .buffers = {MakeValidity({true, false, true}),
                               Buffer::Own(std::vector<int32_t>{0, 1, 2, 3})},
                   .children = {items}});
  EXPECT_TRUE(clean->Equals(*garbage));
}

TEST(ArrayEquals, TellsDifferencesApart) {
  ArrayPtr text = MakeStringArray({"ab", "c"});
  EXPECT_FALSE(text->Equals(*MakeStringArray({"a", "bc"})));
  EXPECT_FALSE(text->Equals(*MakeStringArray({"ab"})));
  EXPECT_FALSE(text->Equals(*MakeStringArray({"ab", std::nullopt})));
  EXPECT_FALSE(MakeStringArray({std::nullopt})->Equals(*MakeStringArray({""})));
  EXPECT_FALSE(MakeInt8Array({1})->Equals(*MakeInt16Array({1})));
  EXPECT_FALSE(MakeBoolArray({true, false})->Equals(*MakeBoolArray({true, true})));
  EXPECT_TRUE(MakeFloat64Array({NAN})->Equals(*MakeFloat64Array({NAN})));
  EXPECT_FALSE(MakeFloat64Array({0.0})->Equals(*MakeFloat64Array({-0.0})));
  EXPECT_FALSE(MakeListArray({1, 1}, MakeInt8Array({1, 2}))
                   ->Equals(*MakeListArray({2, 0}, MakeInt8Array({1, 2}))));
  EXPECT_TRUE(MakeNullArray(3)->Equals(*MakeNullArray(3)));
}

TEST(ArrayEquals, HoldsForSlicesAndCopiesOfRandomArrays) {
  std::mt19937_64 rng(4);
  for (int i = 0; i < 300; ++i) {
    Field field = RandomField(rng, 3);
    ArrayPtr array = RandomArray(field, 30, rng);
    ArrayPtr parts[] = {array->Slice(0, 11), array->Slice(11, 19)};
    Result<ArrayPtr> copy = Concatenate(field.type, parts);
    ASSERT_TRUE(copy.has_value());
    ASSERT_TRUE((*copy)->Equals(*array)) << field.type->ToString();
    ASSERT_TRUE(EqualRows(**copy, 7, *array, 7, 20));
    bool shifted = true;
    for (int64_t row = 0; row + 1 < 30; ++row) {
      shifted = shifted && array->FormatValue(row) == array->FormatValue(row + 1);
    }
    // Floats by bits: values that print alike may differ, so only one way is certain.
    if (EqualRows(*array, 0, *array, 1, 29)) {
      ASSERT_TRUE(shifted) << field.type->ToString();
    }
  }
}

}  // namespace
}  // namespace lancer
