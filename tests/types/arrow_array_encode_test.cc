#include "types/arrow_array_encode.h"

#include <gtest/gtest.h>

#include <cstring>
#include <tuple>

#include "tests/support/arrays/arrays.h"
#include "types/array_layout.h"

namespace lancer {
namespace {

using enum TypeKind;
using namespace test;  // NOLINT(google-build-using-namespace): builders in every line

int32_t NumberAt(const BufferPtr& buffer, size_t byte) {
  int32_t number = 0;
  std::memcpy(&number, buffer->data() + byte, sizeof(number));
  return number;
}

TEST(MakeViews, StartsANewBufferBeforeTheLimit) {
  std::string ten_more(22, 'a');
  ArrayPtr array = MakeStringArray(
      {"short", std::string(20, 'b'), ten_more, std::nullopt, std::string(30, 'c')},
      DataType::Make(kStringView));
  Result<ArrowViews> views = MakeViews(*array, 45);
  ASSERT_TRUE(views.has_value());
  ASSERT_EQ(views->data.size(), 2U);
  EXPECT_EQ(views->data[0]->size(), 42U);
  EXPECT_EQ(views->data[1]->size(), 30U);
  EXPECT_EQ(views->data[0]->data(), array->buffer(2)->data() + 5);  // not a copy
  const std::tuple<int32_t, int32_t, int32_t> far[] = {{20, 0, 0}, {22, 0, 20}};
  for (size_t i = 0; i < 2; ++i) {
    size_t at = (i + 1) * 16;
    EXPECT_EQ(std::tuple(NumberAt(views->views, at), NumberAt(views->views, at + 8),
                         NumberAt(views->views, at + 12)),
              far[i]);
  }
  EXPECT_EQ(NumberAt(views->views, 3 * 16), 0);
  EXPECT_EQ(NumberAt(views->views, 4 * 16 + 8), 1);
  EXPECT_EQ(NumberAt(views->views, 4 * 16 + 12), 0);
}

TEST(MakeViews, KeepsTwelveBytesInline) {
  ArrayPtr array = MakeStringArray({"twelve bytes"}, DataType::Make(kStringView));
  Result<ArrowViews> views = MakeViews(*array);
  EXPECT_TRUE(views->data.empty());
  EXPECT_EQ(std::memcmp(views->views->data() + 4, "twelve bytes", 12), 0);
}

TEST(MakeViews, RefusesAValueAboveTheLimit) {
  ArrayPtr array = MakeStringArray({std::string(20, 'b')}, DataType::Make(kStringView));
  EXPECT_EQ(MakeViews(*array, 19).status().code(), StatusCode::kResourceExhausted);
}

TEST(MakeListViews, CountsFromTheFirstItemInUse) {
  ArrayPtr lists = MakeListArray({1, 2, 0}, MakeInt8Array({1, 2, 3}))->Slice(1, 2);
  ArrowListViews views = MakeListViews(*lists);
  EXPECT_EQ(views.first_item, 1);
  EXPECT_EQ(views.item_count, 2);
  EXPECT_EQ(NumberAt(views.offsets, 4), 2);
  EXPECT_EQ(NumberAt(views.sizes, 0), 2);
}

TEST(MakeDictionary, NumbersValuesByFirstAppearance) {
  TypePtr type = DataType::Dictionary(DataType::Make(kInt8), DataType::Make(kString));
  ArrayPtr array = MakeStringArray({"b", std::nullopt, "a", "b", ""});
  Result<ArrowDictionary> made = MakeDictionary(*type, *array);
  ASSERT_TRUE(made.has_value());
  EXPECT_TRUE(made->values->Equals(*MakeStringArray({"b", "a", ""})));
  EXPECT_EQ(made->null_count, 1);
  EXPECT_EQ(made->validity->bytes()[0], std::byte{0b11101});
  EXPECT_EQ(std::memcmp(made->indexes->data(), "\0\0\1\0\2", 5), 0);
  EXPECT_EQ(MakeDictionary(*type, *array->Slice(2, 3))->validity, nullptr);
}

TEST(MakeRuns, JoinsEqualNeighboursNullsToo) {
  TypePtr type = *DataType::Make(
      kRunEndEncoded, {.children = {Required("run_ends", DataType::Make(kInt16)),
                                    Nullable("values", DataType::Make(kInt8))}});
  ArrayPtr array = MakeInt8Array({1, 1, std::nullopt, std::nullopt, 2});
  Result<ArrowRuns> runs = MakeRuns(*type, *array);
  ASSERT_TRUE(runs.has_value());
  EXPECT_TRUE(runs->ends->Equals(*MakeInt16Array({2, 4, 5})));
  EXPECT_TRUE(runs->values->Equals(*MakeInt8Array({1, std::nullopt, 2})));
  ArrayPtr long_array = Array::Nulls(DataType::Make(kInt8), 32768);
  EXPECT_EQ(MakeRuns(*type, *long_array).status().code(), StatusCode::kResourceExhausted);
  EXPECT_TRUE(MakeRuns(*type, *long_array->Slice(1, 32767)).has_value());
}

TEST(ValidityFromRowZero, IsNullWithoutNulls) {
  EXPECT_EQ(ValidityFromRowZero(*MakeInt8Array({1})), nullptr);
  ArrayPtr array = MakeInt8Array({1, std::nullopt, 3})->Slice(1, 2);
  EXPECT_EQ(ValidityFromRowZero(*array)->bytes()[0], std::byte{0b10});
}

}  // namespace
}  // namespace lancer
