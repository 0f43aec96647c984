// Columns of dictionary types: what came as a dictionary comes back as one, without its
// values being made.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "lancer/arrow_bridge.h"
#include "tests/format/file_fixture.h"
#include "tests/support/arrays/arrays.h"
#include "types/coded_rows.h"
#include "types/gather.h"

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

// A row of each of the values.
ArrayPtr OneOfEach(const ArrayPtr& values, TypePtr type) {
  std::vector<uint32_t> codes(static_cast<size_t>(values->length()));
  std::iota(codes.begin(), codes.end(), 0);
  auto array =
      MakeCodedArray(std::move(type), 0, nullptr, Buffer::Own(std::move(codes)), values);
  EXPECT_TRUE(array.has_value());
  return *array;
}

TEST_P(CodedColumns, ANullEntryTakesNoOrderFromTheOthers) {
  const Batch batch =
      test::MakeBatch({Nullable("x", Words(true))},
                      {OneOfEach(Strings({"z", "none", "a", "unused"}), Words(true))});
  ArrowArray foreign;
  ASSERT_TRUE(ExportBatch(batch, &foreign).ok());
  const uint8_t valid = 0b1101;
  foreign.children[0]->dictionary->buffers[0] = &valid;
  foreign.children[0]->dictionary->null_count = 1;
  const auto imported = ImportBatch(batch.schema, &foreign);
  ASSERT_TRUE(imported.has_value()) << imported.status().ToString();
  const Batch back = RoundTrip(*imported);
  EXPECT_EQ(ValuesOf(back.columns[0]),
            (std::vector<std::string>{"\"z\"", "\"a\"", "\"unused\""}));
  EXPECT_TRUE(back.columns[0]->IsValid(0));
  EXPECT_FALSE(back.columns[0]->IsValid(1));
  EXPECT_EQ(back.columns[0]->FormatValue(2), "\"a\"");
}

TEST_P(CodedColumns, AnOrderIsKeptAcrossBatchesOrRefused) {
  const Field field = {.name = "l",
                       .type = DataType::List(Nullable("item", Words(true)))};
  const auto batch_of = [&](const std::vector<std::string>& entries) {
    const auto count = static_cast<int64_t>(entries.size());
    return test::MakeBatch(
        {field}, {test::MakeListArray(field.type, {count},
                                      OneOfEach(Strings(entries), Words(true)))});
  };
  const auto write = [&](const std::vector<std::string>& second, uint64_t budget) {
    context_ = MemoryContext();
    auto writer = FileWriter::Create(
        "a.lancer", Schema({field}),
        {.profile = GetParam(), .memory_budget_bytes = budget}, context_);
    EXPECT_TRUE(writer.has_value());
    EXPECT_TRUE((*writer)->Write(batch_of({"low", "high"})).ok());
    const Status status = (*writer)->Write(batch_of(second));
    return status.ok() ? (*writer)->Finish().status() : status;
  };
  EXPECT_TRUE(write({"high", "higher"}, 1 << 20).ok());
  const auto scan = OpenOrFail(context_, "a.lancer")->Scan();
  const auto back = (*scan)->Next();
  EXPECT_EQ(ValuesOf((**back).columns[0]->child(0)),
            (std::vector<std::string>{"\"low\"", "\"high\"", "\"higher\""}));
  const std::string otherwise =
      " stands twice or in another order than in the rows before; give all rows one "
      "dictionary, or make the type unordered";
  for (const auto& second :
       {std::vector<std::string>{"high", "low"}, {"mid", "low"}, {"low", "low"}}) {
    const Status status = write(second, 1 << 20);
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(status.message(),
              "column l.item: entry 1 of an ordered dictionary, \"low\"," + otherwise);
  }
  const Status full = write({"high", std::string(5000, 'x')}, 16 << 10);
  EXPECT_EQ(full.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(full.message(),
            "column l.item: an ordered dictionary of 2 entries does not fit the 4096 "
            "bytes for it; use fewer entries, raise memory_budget_bytes, or make the "
            "type unordered");
}

TEST_P(CodedColumns, AnOrderOfManyEntriesIsKept) {
  std::vector<std::string> texts;
  for (int i = 0; i < 60000; ++i) {
    texts.push_back(std::to_string(i * 7919 % 60000) + " and what makes it long");
  }
  const ArrayPtr values = Strings(texts);
  const ArrayPtr all = OneOfEach(values, Words(true));
  const std::vector<int64_t> last = {59999, 1, 0};
  const Batch back =
      RoundTrip(test::MakeBatch({Nullable("x", Words(true))}, {*Gather(*all, last)}));
  ASSERT_NE(back.columns[0]->coded(), nullptr);
  EXPECT_TRUE(back.columns[0]->coded()->values()->Equals(*values));
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
