// Columns of dictionary types: what came as a dictionary comes back as one, without its
// values being made.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "lancer/arrow_bridge.h"
#include "tests/format/file_fixture.h"
#include "tests/support/arrays/arrays.h"
#include "types/coded_rows.h"

namespace lancer::format {
namespace {

using test::Nullable;

TypePtr Words(bool ordered = false) {
  return DataType::Dictionary(DataType::Make(TypeKind::kInt32),
                              DataType::Make(TypeKind::kString), ordered);
}

// Rows of the values "large", "small", "medium" and "never", which no row has; every
// seventh is null.
ArrayPtr Sizes(int64_t rows, TypePtr type = Words()) {
  std::vector<uint32_t> codes;
  std::vector<bool> valid;
  int64_t nulls = 0;
  for (int64_t i = 0; i < rows; ++i) {
    codes.push_back(static_cast<uint32_t>(2 - i * i % 3));
    valid.push_back(i % 7 != 3);
    nulls += i % 7 == 3 ? 1 : 0;
  }
  auto array = MakeCodedArray(
      std::move(type), nulls, test::MakeValidity(valid), Buffer::Own(std::move(codes)),
      test::MakeStringArray({"large", "small", "medium", "never"}));
  EXPECT_TRUE(array.has_value());
  return *array;
}

std::vector<std::string> ValuesOf(const ArrayPtr& array) {
  std::vector<std::string> texts;
  if (array->coded() != nullptr) {
    const Array& values = *array->coded()->values();
    for (int64_t i = 0; i < values.length(); ++i) {
      texts.push_back(values.FormatValue(i));
    }
  }
  return texts;
}

class CodedColumns : public ::testing::TestWithParam<Profile> {
 protected:
  // Writes and reads back all rows.
  Batch RoundTrip(const Batch& batch, MapMode map = MapMode::kAuto) {
    WriteFile(context_, "a.lancer", {batch}, {.profile = GetParam(), .page_rows = 4096});
    reader_ = OpenOrFail(context_, "a.lancer", map);
    auto scan = reader_->Scan({.batch_rows = batch.length});
    EXPECT_TRUE(scan.has_value());
    auto next = (*scan)->Next();
    EXPECT_TRUE(next.has_value()) << next.error().ToString();
    return **next;
  }

  ContextPtr context_ = MemoryContext();
  std::shared_ptr<const FileReader> reader_;
};

TEST_P(CodedColumns, ComeBackWithTheirDictionaryInItsOrder) {
  const Batch batch =
      test::MakeBatch({Nullable("size", Words(true))}, {Sizes(20000, Words(true))});
  for (const MapMode map : {MapMode::kAuto, MapMode::kNever}) {
    context_ = MemoryContext();
    const Batch back = RoundTrip(batch, map);
    ASSERT_EQ(back.length, 20000);
    EXPECT_EQ(
        ValuesOf(back.columns[0]),
        (std::vector<std::string>{"\"large\"", "\"small\"", "\"medium\"", "\"never\""}));
    EXPECT_TRUE(back.columns[0]->type()->parameters().ordered);
    EXPECT_TRUE(back.Equals(batch));
    const auto report = reader_->Verify();
    ASSERT_TRUE(report.has_value());
    EXPECT_TRUE(report->faults.empty());
  }
}

TEST_P(CodedColumns, ComeBackFromInsideOtherTypes) {
  const ArrayPtr sizes = Sizes(12000);
  const TypePtr list = DataType::List(Nullable("item", Words()));
  const TypePtr pair = DataType::Struct({Nullable("a", Words()), Nullable("b", Words())});
  test::Values<int64_t> lengths;
  for (int64_t i = 0; i < 6000; ++i) {
    lengths.push_back(i % 4);
  }
  const Batch batch = test::MakeBatch(
      {Nullable("list", list), Nullable("pair", pair)},
      {test::MakeListArray(list, lengths, sizes->Slice(1, 9000)),
       test::MakeStructArray(pair, 6000,
                             {sizes->Slice(0, 6000), sizes->Slice(5000, 6000)})});
  const Batch back = RoundTrip(batch);
  EXPECT_TRUE(back.Equals(batch));
  EXPECT_NE(back.columns[0]->child(0)->coded(), nullptr);
  EXPECT_NE(back.columns[1]->child(0)->coded(), nullptr);
  EXPECT_NE(back.columns[1]->child(1)->coded(), nullptr);
}

TEST_P(CodedColumns, OfNumbersAndOfOneValueStayCodes) {
  const TypePtr type = DataType::Dictionary(DataType::Make(TypeKind::kUInt8),
                                            DataType::Make(TypeKind::kInt64));
  std::vector<int64_t> numbers(9000, 42);
  std::vector<int64_t> mixed;
  for (int64_t i = 0; i < 9000; ++i) {
    mixed.push_back(i % 5 * 1'000'000'007);
  }
  const Batch batch =
      test::MakeBatch({Nullable("one", type), Nullable("mixed", type)},
                      {Int64s(numbers)->WithType(type), Int64s(mixed)->WithType(type)});
  const Batch back = RoundTrip(batch);
  EXPECT_TRUE(back.Equals(batch));
  EXPECT_EQ(ValuesOf(back.columns[0]), (std::vector<std::string>{"42"}));
  EXPECT_EQ(ValuesOf(back.columns[1]).size(), 5U);
}

TEST_P(CodedColumns, NullRowsAddNoEntry) {
  const TypePtr number = DataType::Dictionary(DataType::Make(TypeKind::kInt8),
                                              DataType::Make(TypeKind::kInt64));
  const auto coded = [](TypePtr type, std::vector<uint32_t> codes,
                        const std::vector<bool>& valid, const ArrayPtr& values) {
    const auto nulls = std::count(valid.begin(), valid.end(), false);
    return *MakeCodedArray(std::move(type), nulls, test::MakeValidity(valid),
                           Buffer::Own(std::move(codes)), values);
  };
  const ArrayPtr few = test::MakeStringArray({"z", "m", "a", "unused"});
  const ArrayPtr with_empty = test::MakeStringArray({"z", ""});
  const std::vector<bool> first_null = {false, true, true};
  const std::vector<bool> all_null(3, false);
  const Batch batch = test::MakeBatch(
      {Nullable("text", Words()), Nullable("null text", Words()),
       Nullable("null number", number), Nullable("empty", Words()),
       Nullable("values", Words())},
      {coded(Words(), {0, 2, 1}, first_null, few),
       coded(Words(), {0, 0, 0}, all_null, few),
       coded(number, {0, 0, 0}, all_null, Int64s({7, 8})),
       coded(Words(), {0, 1, 0}, first_null, with_empty),
       test::MakeStringArray({std::nullopt, "b", "a"})->WithType(Words())});
  const Batch back = RoundTrip(batch);
  EXPECT_TRUE(back.Equals(batch));
  const std::vector<std::string> texts = {"\"z\"", "\"m\"", "\"a\"", "\"unused\""};
  EXPECT_EQ(ValuesOf(back.columns[0]), texts);
  EXPECT_EQ(ValuesOf(back.columns[1]), texts);
  EXPECT_EQ(ValuesOf(back.columns[2]), (std::vector<std::string>{"7", "8"}));
  EXPECT_EQ(ValuesOf(back.columns[3]), (std::vector<std::string>{"\"z\"", "\"\""}));
  EXPECT_EQ(ValuesOf(back.columns[4]), (std::vector<std::string>{"\"b\"", "\"a\""}));
}

TEST_P(CodedColumns, NullRowsOfOtherPagesAddNoEntry) {
  std::vector<std::optional<std::string>> texts(20000);
  for (size_t i = 6000; i < 9000; ++i) {
    texts[i] = i % 2 == 0 ? "even" : "odd";
  }
  const Batch batch = test::MakeBatch({Nullable("x", Words())},
                                      {test::MakeStringArray(texts)->WithType(Words())});
  const Batch back = RoundTrip(batch);
  EXPECT_TRUE(back.Equals(batch));
  EXPECT_EQ(ValuesOf(back.columns[0]).size(), 3U);  // "" of the first page, all null
}

TEST_P(CodedColumns, WithMoreValuesThanADictionaryHoldsComeBackAsValues) {
  std::vector<std::string> texts;
  for (int64_t i = 0; i < 60000; ++i) {
    texts.push_back("a value that no other row has " + std::to_string(i));
  }
  const Batch batch =
      test::MakeBatch({Nullable("x", Words())}, {Strings(texts)->WithType(Words())});
  const Batch back = RoundTrip(batch);
  EXPECT_TRUE(back.Slice(0, back.length).Equals(batch.Slice(0, back.length)));
  ArrowArray foreign;
  ASSERT_TRUE(ExportBatch(back, &foreign).ok());
  EXPECT_EQ(foreign.children[0]->dictionary->length, back.length);
  foreign.release(&foreign);
}

TEST_P(CodedColumns, TakesGiveTheRowsAskedFor) {
  const Batch batch = test::MakeBatch({Nullable("size", Words())}, {Sizes(20000)});
  RoundTrip(batch);
  const std::vector<uint64_t> rows = {19999, 3, 0, 3, 10000};
  const auto taken = reader_->Take(rows);
  ASSERT_TRUE(taken.has_value());
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(taken->columns[0]->FormatValue(static_cast<int64_t>(i)),
              batch.columns[0]->FormatValue(static_cast<int64_t>(rows[i])));
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, CodedColumns,
                         ::testing::Values(Profile::kRandom, Profile::kCompact,
                                           Profile::kArchive));

}  // namespace
}  // namespace lancer::format
