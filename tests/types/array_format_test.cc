#include <gtest/gtest.h>

#include "tests/support/arrays/arrays.h"

namespace lancer {
namespace {

using enum TypeKind;
using namespace test;  // NOLINT(google-build-using-namespace): builders in every line

TEST(FormatValue, WritesJsonForEveryKindOfLeaf) {
  TypePtr date64 = DataType::Make(kDate64);
  TypePtr zoned = DataType::Timestamp(TimeUnit::kMilli, "Europe/Zurich");
  TypePtr time32 = *DataType::Make(kTime32, {.unit = TimeUnit::kSecond});
  TypePtr duration = *DataType::Make(kDuration, {.unit = TimeUnit::kMilli});
  const std::pair<ArrayPtr, const char*> cases[] = {
      {MakeNullArray(1), "null"},
      {MakeInt64Array({std::nullopt}), "null"},
      {MakeBoolArray({true}), "true"},
      {MakeBoolArray({false}), "false"},
      {MakeInt8Array({-128}), "-128"},
      {MakeUInt64Array({UINT64_MAX}), "18446744073709551615"},
      {MakeFixedArray<uint8_t>(DataType::Make(kUInt8), {200}), "200"},
      {MakeFixedArray<uint16_t>(DataType::Make(kFloat16), {0x3e00}), "1.5"},
      {MakeFloat32Array({0.1F}), "0.1"},
      {MakeFloat64Array({0.1}), "0.1"},
      {MakeStringArray({"q\"\\\n\x01z\xC3\xBC"}), "\"q\\\"\\\\\\n\\u0001z\xC3\xBC\""},
      {MakeStringArray({"\xFF!"}), "\"\\ufffd!\""},
      {MakeBinaryArray({std::string("\0\xAB", 2)}), "\"0x00ab\""},
      {MakeFixedSizeBinaryArray(2, {"az"}), "\"0x617a\""},
      {MakeFixedArray<int32_t>(DataType::Make(kDate32), {19782}), "\"2024-02-29\""},
      {MakeFixedArray<int64_t>(date64, {86400000}), "\"1970-01-02\""},
      {MakeFixedArray<int64_t>(date64, {1}), "\"1970-01-01T00:00:00.001\""},
      {MakeFixedArray<int32_t>(time32, {61}), "\"00:01:01\""},
      {MakeFixedArray<int64_t>(zoned, {1}), "\"1970-01-01T00:00:00.001Z\""},
      {MakeFixedArray<int64_t>(duration, {1500}), "\"PT1.500S\""},
      {MakeFixedArray<int32_t>(DataType::Make(kIntervalMonths), {3}), "\"P3M\""},
      {MakeFixedArray<int64_t>(DataType::Make(kIntervalDayTime), {(500L << 32) + 1}),
       "\"P1DT0.500S\""}};
  for (const auto& [array, text] : cases) {
    EXPECT_EQ(array->FormatValue(0), text) << array->type()->ToString();
  }
}

TEST(FormatValue, ShowsBfloat16AsNumbersAtAnyDepth) {
  const ArrayPtr values = MakeFixedSizeBinaryArray(2, {"\x80\x3f", std::nullopt});
  Field field = Nullable("x", values->type());
  field.metadata = {{"ARROW:extension:name", "lancer.bfloat16"}};
  EXPECT_EQ(values->FormatValue(0, field), "1.0");
  EXPECT_EQ(values->FormatValue(1, field), "null");
  EXPECT_EQ(values->FormatValue(0), "\"0x803f\"");
  const ArrayPtr lists = MakeListArray(DataType::List(field), {2}, values);
  EXPECT_EQ(lists->FormatValue(0), "[1.0, null]");
}

TEST(FormatValue, NestsAndFollowsOffsets) {
  TypePtr int8 = DataType::Make(kInt8);
  ArrayPtr numbers = MakeInt8Array({1, std::nullopt, 3, 4});
  TypePtr pair = DataType::FixedSizeList(Nullable("item", int8), 2);
  ArrayPtr pairs = MakeFixedSizeListArray(pair, 2, numbers)->Slice(1, 1);
  EXPECT_EQ(pairs->FormatValue(0), "[3, 4]");
  ArrayPtr lists = MakeListArray({0, 2, std::nullopt}, numbers);
  EXPECT_EQ(lists->FormatValue(0), "[]");
  EXPECT_EQ(lists->FormatValue(1), "[1, null]");
  EXPECT_EQ(lists->FormatValue(2), "null");
  TypePtr row = DataType::Struct({Nullable("a", lists->type()), Nullable("b\"", int8)});
  ArrayPtr rows = MakeStructArray(row, 3, {lists, numbers})->Slice(1, 2);
  EXPECT_EQ(rows->FormatValue(0), "{\"a\": [1, null], \"b\\\"\": null}");
  EXPECT_EQ(rows->FormatValue(1), "{\"a\": null, \"b\\\"\": 3}");
}

TEST(FormatValue, ShowsEncodedTypesAsTheirValues) {
  TypePtr type = DataType::Dictionary(DataType::Make(kInt8), DataType::Make(kString));
  EXPECT_EQ(MakeStringArray({"a"})->WithType(type)->FormatValue(0), "\"a\"");
}

}  // namespace
}  // namespace lancer
