#include "format/statistics_pruning.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>

#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

constexpr int64_t kRows = 60000;

class StatisticsPruningTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteFile(context_, "a.lancer", {NumberedRows(0, kRows)}, {.page_bytes = 64 << 10});
    reader_ = OpenOrFail(context_, "a.lancer");
  }
  Result<Batch> ScanIds(ArrayPtr lower, ArrayPtr upper) {
    ScanOptions options;
    options.range = RangeFilter{"id", std::move(lower), std::move(upper)};
    LANCER_ASSIGN_OR_RETURN(std::unique_ptr<BatchReader> scan, reader_->Scan(options));
    return ReadAll(scan.get());
  }
  ContextPtr context_ = MemoryContext();
  std::shared_ptr<const FileReader> reader_;
};

TEST_F(StatisticsPruningTest, ReturnsEveryRowOfTheRangeAndSkipsMostOthers) {
  auto rows = ScanIds(Int64s({30000}), Int64s({30010}));
  ASSERT_TRUE(rows.has_value()) << rows.error().ToString();
  ASSERT_GT(rows->length, 10);
  EXPECT_LT(rows->length, kRows / 2);
  const int64_t* ids = rows->columns[0]->values<int64_t>() + rows->columns[0]->offset();
  EXPECT_LE(ids[0], 30000);
  EXPECT_GE(ids[rows->length - 1], 30010);
  EXPECT_GT(context_->counters->pages_skipped.load(), 0U);
}

TEST_F(StatisticsPruningTest, AnOpenEndKeepsThatSide) {
  auto rows = ScanIds(Int64s({59999}), nullptr);
  ASSERT_TRUE(rows.has_value()) << rows.error().ToString();
  const int64_t* ids = rows->columns[0]->values<int64_t>() + rows->columns[0]->offset();
  EXPECT_EQ(ids[rows->length - 1], 59999);
  auto none = ScanIds(Int64s({60000}), nullptr);
  ASSERT_TRUE(none.has_value());
  EXPECT_EQ(none->length, 0);
}

TEST_F(StatisticsPruningTest, RefusesBoundsThatDoNotFitTheColumn) {
  EXPECT_EQ(ScanIds(Strings({"a"}), nullptr).status().code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(ScanIds(Int64s({1, 2}), nullptr).status().code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(
      ScanIds(Array::Nulls(DataType::Make(TypeKind::kInt64), 1), nullptr).status().code(),
      StatusCode::kInvalidArgument);
}

// A column and the order that callers expect of its values.
struct OrderedColumn {
  std::string name;
  ArrayPtr array;
  // Is row a's value <= row b's? False when either is NaN.
  std::function<bool(int64_t a, int64_t b)> at_most;
};

// Every 11th row is null.
bool IsNullRow(int64_t row) { return row % 11 == 5; }

std::vector<std::byte> ValidBits(int64_t rows) {
  std::vector<std::byte> bits(static_cast<size_t>(rows + 7) / 8);
  for (int64_t row = 0; row < rows; ++row) {
    if (!IsNullRow(row)) {
      bits[static_cast<size_t>(row / 8)] |= std::byte{1} << (row % 8);
    }
  }
  return bits;
}

template <typename T>
OrderedColumn NumberColumn(std::string name, TypePtr type, std::vector<T> values) {
  auto rows = static_cast<int64_t>(values.size());
  ArrayPtr array = Array::Make(
      {.type = std::move(type),
       .length = rows,
       .null_count = -1,
       .buffers = {Buffer::Own(ValidBits(rows)), Buffer::Own(std::vector<T>(values))},
       .children = {}});
  return {std::move(name), array, [values = std::move(values)](int64_t a, int64_t b) {
            return values[static_cast<size_t>(a)] <= values[static_cast<size_t>(b)];
          }};
}

// Numbers that climb from negative to positive with noise, so that parts differ.
template <typename T>
std::vector<T> Climbing(int64_t rows, double from, double to) {
  std::vector<T> values;
  for (int64_t row = 0; row < rows; ++row) {
    double noise = static_cast<double>(row * 7919 % 101) / 101.0 * (to - from) / 50;
    values.push_back(static_cast<T>(
        from + (to - from) * 0.97 * static_cast<double>(row) / static_cast<double>(rows) +
        noise));
  }
  return values;
}

OrderedColumn BytesColumn(std::string name, TypePtr type, size_t width,
                          const std::vector<std::string>& texts) {
  std::vector<int32_t> offsets{0};
  std::vector<char> bytes;
  for (const std::string& text : texts) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    offsets.push_back(static_cast<int32_t>(bytes.size()));
  }
  auto rows = static_cast<int64_t>(texts.size());
  std::vector<BufferPtr> buffers{Buffer::Own(ValidBits(rows))};
  if (width == 0) {
    buffers.push_back(Buffer::Own(std::move(offsets)));
  }
  buffers.push_back(Buffer::Own(std::move(bytes)));
  ArrayPtr array = Array::Make({.type = std::move(type),
                                .length = rows,
                                .null_count = -1,
                                .buffers = std::move(buffers),
                                .children = {}});
  return {std::move(name), array, [texts](int64_t a, int64_t b) {
            return texts[static_cast<size_t>(a)] <= texts[static_cast<size_t>(b)];
          }};
}

constexpr int64_t kTableRows = 12000;

// Texts in about the order of rows: long common starts, so that stored bounds are cut
// inside them, and bytes 0xFF, which cannot be rounded up.
std::vector<std::string> Texts(size_t width) {
  std::vector<std::string> texts;
  for (int64_t row = 0; row < kTableRows; ++row) {
    std::string text = row < kTableRows / 3       ? std::string(34, 'a')
                       : row < kTableRows * 2 / 3 ? std::string("m")
                                                  : std::string(33, '\xff');
    text += std::to_string(1000000 + row * 10 + row * 7919 % 17);
    text.resize(width == 0 ? text.size() : width, '\0');
    texts.push_back(row % 500 == 3 && width == 0 ? "" : text);
  }
  return texts;
}

std::vector<double> Floats() {
  std::vector<double> values = Climbing<double>(kTableRows, -40, 40);
  for (size_t i = 5000; i < 6500; ++i) {
    values[i] = i % 2 == 0 ? -0.0 : 0.0;
  }
  for (size_t i = 5500; i < 6000; ++i) {
    values[i] = -0.0;
  }
  for (size_t i = 0; i < values.size(); i += 97) {
    values[i] = std::numeric_limits<double>::quiet_NaN();
  }
  values[1] = -std::numeric_limits<double>::infinity();
  return values;
}

// A number of 32 bytes: `number` times 2^64, and 7.
struct [[gnu::packed]] Widest {
  int64_t low;
  __int128 number;
  int64_t sign;
  friend bool operator<=(const Widest& a, const Widest& b) {
    return __int128{a.number} <= __int128{b.number};
  }
};

std::vector<OrderedColumn> OrderedColumns() {
  auto make = [](TypeKind kind) { return DataType::Make(kind); };
  std::vector<double> floats = Floats();
  std::vector<float> narrow(floats.begin(), floats.end());
  std::vector<std::string> half_words;
  for (const std::string& text : Texts(0)) {
    half_words.push_back(text.substr(0, 5));
  }
  std::vector<__int128> wide = Climbing<__int128>(kTableRows, -1e30, 1e30);
  std::vector<Widest> widest;
  for (const __int128 number : wide) {
    widest.push_back({7, number, number < 0 ? -1 : 0});
  }
  return {
      NumberColumn("int8", make(TypeKind::kInt8),
                   Climbing<int8_t>(kTableRows, -128, 127)),
      NumberColumn("int16", make(TypeKind::kInt16),
                   Climbing<int16_t>(kTableRows, -30000, 30000)),
      NumberColumn("uint8", make(TypeKind::kUInt8),
                   Climbing<uint8_t>(kTableRows, 0, 255)),
      NumberColumn("uint64", make(TypeKind::kUInt64),
                   Climbing<uint64_t>(kTableRows, 0, 1.8e19)),
      NumberColumn("date32", make(TypeKind::kDate32),
                   Climbing<int32_t>(kTableRows, -2e9, 2e9)),
      NumberColumn("timestamp", DataType::Timestamp(TimeUnit::kMicro),
                   Climbing<int64_t>(kTableRows, -9e18, 9e18)),
      NumberColumn("decimal128", DataType::Decimal128(38, 4), std::move(wide)),
      NumberColumn("decimal256",
                   *DataType::Make(TypeKind::kDecimal256, {.precision = 76}),
                   std::move(widest)),
      NumberColumn("float32", make(TypeKind::kFloat32), std::move(narrow)),
      NumberColumn("float64", make(TypeKind::kFloat64), std::move(floats)),
      BytesColumn("string", make(TypeKind::kString), 0, Texts(0)),
      BytesColumn("short string", make(TypeKind::kString), 0, half_words),
      BytesColumn("binary", make(TypeKind::kBinary), 0, Texts(0)),
      BytesColumn("fixed", DataType::FixedSizeBinary(12), 12, Texts(12)),
      BytesColumn("long fixed", DataType::FixedSizeBinary(42), 42, Texts(42)),
  };
}

// Scans the rows between those of rows `lower` and `upper` of the column itself.
Result<std::vector<int64_t>> ScanBetween(const FileReader& reader,
                                         const OrderedColumn& column, int64_t lower,
                                         int64_t upper) {
  ScanOptions options;
  options.columns = {"row"};
  options.range =
      RangeFilter{"x", column.array->Slice(lower, 1), column.array->Slice(upper, 1)};
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<BatchReader> scan, reader.Scan(options));
  LANCER_ASSIGN_OR_RETURN(Batch found, ReadAll(scan.get()));
  const int64_t* rows = found.columns[0]->values<int64_t>() + found.columns[0]->offset();
  return std::vector<int64_t>(rows, rows + found.length);
}

TEST(StatisticsPruning, KeepsEveryRowOfTheRangeWhateverTheType) {
  std::vector<int64_t> numbers(static_cast<size_t>(kTableRows));
  std::iota(numbers.begin(), numbers.end(), 0);
  uint64_t blocks_skipped = 0;
  for (const OrderedColumn& column : OrderedColumns()) {
    SCOPED_TRACE(column.name);
    ContextPtr context = MemoryContext();
    auto schema = std::make_shared<const Schema>(
        std::vector<Field>{{.name = "x", .type = column.array->type()},
                           {.name = "row", .type = DataType::Make(TypeKind::kInt64)}});
    // Pages of both layouts, some with blocks.
    WriteFile(context, "a.lancer",
              {{schema, kTableRows, {column.array, Int64s(numbers)}}},
              {.page_rows = 4096});
    auto reader = OpenOrFail(context, "a.lancer");
    for (int64_t trial = 0; trial < 60; ++trial) {
      int64_t lower = trial * 7919 % kTableRows;
      int64_t upper = (lower + trial * trial * 3) % kTableRows;
      if (IsNullRow(lower) || IsNullRow(upper)) {
        continue;
      }
      auto found = ScanBetween(*reader, column, lower, upper);
      ASSERT_TRUE(found.has_value()) << found.error().ToString();
      for (int64_t row = 0; row < kTableRows; ++row) {
        bool wanted =
            !IsNullRow(row) && column.at_most(lower, row) && column.at_most(row, upper);
        ASSERT_TRUE(!wanted || std::ranges::binary_search(*found, row))
            << "row " << row << " between rows " << lower << " and " << upper;
      }
    }
    EXPECT_GT(context->counters->pages_skipped.load(), 0U);
    blocks_skipped += context->counters->blocks_skipped.load();
  }
  EXPECT_GT(blocks_skipped, 100U);
}

TEST(StatisticsPruning, LeavesOutBlocksOfAPage) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, kRows)});  // one page of each column
  ScanOptions options;
  options.range = RangeFilter{"id", Int64s({30000}), Int64s({30010})};
  auto scan = OpenOrFail(context, "a.lancer")->Scan(options);
  ASSERT_TRUE(scan.has_value()) << scan.error().ToString();
  auto rows = ReadAll(scan->get());
  ASSERT_TRUE(rows.has_value()) << rows.error().ToString();
  EXPECT_EQ(context->counters->pages_skipped.load(), 0U);
  EXPECT_GT(context->counters->blocks_skipped.load(), 0U);
  EXPECT_GT(rows->length, 10);
  EXPECT_LT(rows->length, kRows);
}

TEST(StatisticsPruning, LeavesOutBlocksOfNullsAlone) {
  ContextPtr context = MemoryContext();
  constexpr int64_t kCount = 40000;
  std::vector<int64_t> values(kCount);
  std::iota(values.begin(), values.end(), 0);
  std::vector<std::byte> valid(kCount / 8);
  std::fill(valid.begin(), valid.begin() + 2500, std::byte{0xFF});  // 20,000 rows
  ArrayPtr column = Array::Make(
      {.type = DataType::Make(TypeKind::kInt64),
       .length = kCount,
       .null_count = -1,
       .buffers = {Buffer::Own(std::move(valid)), Buffer::Own(std::move(values))}});
  auto schema = std::make_shared<const Schema>(
      std::vector<Field>{{.name = "id", .type = column->type()}});
  WriteFile(context, "a.lancer", {{schema, kCount, {column}}});
  ScanOptions options{.range = RangeFilter{"id", Int64s({0}), nullptr}};
  auto scan = OpenOrFail(context, "a.lancer")->Scan(options);
  ASSERT_TRUE(scan.has_value());
  auto rows = ReadAll(scan->get());
  ASSERT_TRUE(rows.has_value());
  EXPECT_GE(rows->length, 20000);
  EXPECT_LT(rows->length, kCount);
  EXPECT_GT(context->counters->blocks_skipped.load(), 0U);
  options.range->lower = nullptr;  // a range without ends rules nothing out
  auto all = ReadAll(OpenOrFail(context, "a.lancer")->Scan(options)->get());
  ASSERT_TRUE(all.has_value());
  EXPECT_EQ(all->length, kCount);
}

TEST(StatisticsPruning, AContextWithoutCountersPrunesToo) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, kRows)}, {.page_bytes = 64 << 10});
  Context bare = *context;
  bare.counters = nullptr;
  auto reader = OpenOrFail(std::make_shared<const Context>(bare), "a.lancer");
  ScanOptions options;
  options.range = RangeFilter{"id", Int64s({30000}), Int64s({30010})};
  auto scan = reader->Scan(options);
  ASSERT_TRUE(scan.has_value()) << scan.error().ToString();
  EXPECT_GT(ReadAll(scan->get())->length, 10);
}

}  // namespace
}  // namespace lancer::format
