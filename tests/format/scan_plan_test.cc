#include "format/scan_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <numeric>

#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

// Nothing at the end, and after an error, which fails the test.
std::optional<Batch> NextOrFail(BatchReader* scan) {
  Result<std::optional<Batch>> batch = scan->Next();
  EXPECT_TRUE(batch.has_value()) << batch.status().ToString();
  return batch ? *std::move(batch) : std::nullopt;
}

TEST(ScanPlan, BatchesShrinkToTheMemoryBudget) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 20000)});
  auto reader = OpenOrFail(context, "a.lancer");
  ScanOptions options;
  options.memory_budget_bytes = 64 << 10;
  auto scan = reader->Scan(options);
  ASSERT_TRUE(scan.has_value());
  int64_t rows = 0;
  while (std::optional<Batch> batch = NextOrFail(scan->get())) {
    EXPECT_LT(batch->length, 4000);
    rows += batch->length;
  }
  EXPECT_EQ(rows, 20000);
}

// Bytes of the values of a batch's column of strings.
uint64_t TextBytes(const Batch& batch) {
  uint64_t bytes = 0;
  for (int64_t row = 0; row < batch.length; ++row) {
    bytes += batch.columns.back()->value_bytes(row).size();
  }
  return bytes;
}

// Texts that decode to far more than is stored: the same one over and over, two in turn,
// and ones that only a codec makes small, behind many short ones.
std::vector<std::vector<std::string>> ExpandingTexts() {
  std::vector<std::vector<std::string>> tables(3);
  for (int i = 0; i < 2000; ++i) {
    tables[0].push_back(std::string(20000, 'c'));
    tables[1].push_back(std::string(i % 2 == 0 ? 10 : 20000, 'd'));
    tables[2].push_back(i < 1500 ? "short " + std::to_string(i)
                                 : std::string(20000, 'z') + std::to_string(i));
  }
  return tables;
}

TEST(ScanPlan, BatchesOfTextThatDecodesToMuchMoreKeepToTheMemoryBudget) {
  for (const std::vector<std::string>& texts : ExpandingTexts()) {
    SCOPED_TRACE(texts[1].substr(0, 8));
    ContextPtr context = MemoryContext();
    ArrayPtr column = Strings(texts);
    auto schema = std::make_shared<const Schema>(
        std::vector<Field>{{.name = "t", .type = column->type()}});
    WriteFile(context, "a.lancer", {{schema, column->length(), {column}}});
    for (MapMode map : {MapMode::kAuto, MapMode::kNever}) {
      auto scan =
          OpenOrFail(context, "a.lancer", map)->Scan({.memory_budget_bytes = 1 << 20});
      ASSERT_TRUE(scan.has_value()) << scan.error().ToString();
      int64_t rows = 0;
      while (std::optional<Batch> batch = NextOrFail(scan->get())) {
        EXPECT_LE(TextBytes(*batch), 1U << 20);
        EXPECT_TRUE(batch->columns[0]->Equals(*column->Slice(rows, batch->length)));
        rows += batch->length;
      }
      EXPECT_EQ(rows, 2000);
    }
  }
}

TEST(ScanPlan, BatchesGrowAgainBehindLongRows) {
  ContextPtr context = MemoryContext();
  std::vector<std::string> texts(40000, "short");
  for (size_t i = 100; i < 400; ++i) {
    texts[i] = std::string(20000, 'z') + std::to_string(i);
  }
  ArrayPtr column = Strings(texts);
  auto schema = std::make_shared<const Schema>(
      std::vector<Field>{{.name = "t", .type = column->type()}});
  WriteFile(context, "a.lancer", {{schema, column->length(), {column}}});
  auto scan = OpenOrFail(context, "a.lancer")->Scan({.memory_budget_bytes = 1 << 20});
  ASSERT_TRUE(scan.has_value()) << scan.error().ToString();
  int64_t least = INT64_MAX;
  int64_t last_but_one = 0;
  int64_t last = 0;
  while (std::optional<Batch> batch = NextOrFail(scan->get())) {
    least = std::min(least, batch->length);
    last_but_one = std::exchange(last, batch->length);
  }
  EXPECT_LT(least, 60);
  EXPECT_GT(last_but_one, 500);
}

TEST(ScanPlan, ARowLargerThanTheBudgetIsABatchOfItsOwnOrNamed) {
  ContextPtr context = MemoryContext();
  std::vector<std::string> texts(10, "short");
  texts[3] = std::string(3 << 20, 'z');
  auto schema = std::make_shared<const Schema>(
      std::vector<Field>{{.name = "t", .type = DataType::Make(TypeKind::kString)}});
  WriteFile(context, "a.lancer", {{schema, 10, {Strings(texts)}}});
  const auto reader = OpenOrFail(context, "a.lancer");
  auto scan = reader->Scan({.memory_budget_bytes = 1 << 20});
  ASSERT_TRUE(scan.has_value()) << scan.error().ToString();
  std::vector<int64_t> rows;  // of each batch
  Result<std::optional<Batch>> batch = (*scan)->Next();
  for (; batch && *batch; batch = (*scan)->Next()) {
    rows.push_back((*batch)->length);
  }
  ASSERT_TRUE(batch.has_value()) << batch.error().ToString();
  EXPECT_EQ(std::accumulate(rows.begin(), rows.end(), int64_t{0}), 10);
  EXPECT_NE(std::ranges::find(rows, 1), rows.end());

  scan = reader->Scan({.memory_budget_bytes = 1 << 20, .row_budget_bytes = 2 << 20});
  int64_t before = 0;
  for (batch = (*scan)->Next(); batch && *batch; batch = (*scan)->Next()) {
    before += (*batch)->length;
  }
  EXPECT_EQ(before, 3);
  const Status status = batch.status();
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
  EXPECT_NE(status.message().find("a.lancer: row 3 does not fit a memory budget of "
                                  "2097152 bytes"),
            std::string::npos)
      << status.ToString();
}

TEST(ScanPlan, BatchesThatMemoryLimitsHaveAPowerOfTwoOfRows) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 20000)});
  auto scan = OpenOrFail(context, "a.lancer")->Scan({.memory_budget_bytes = 256 << 10});
  ASSERT_TRUE(scan.has_value());
  const std::optional<Batch> first = NextOrFail(scan->get());
  ASSERT_TRUE(first.has_value());
  EXPECT_TRUE(std::has_single_bit(static_cast<uint64_t>(first->length)));
  // What the caller asks for stays.
  scan = OpenOrFail(context, "a.lancer")->Scan({.batch_rows = 1000});
  EXPECT_EQ(NextOrFail(scan->get())->length, 1000);
}

TEST(ScanPlan, ThreadsChangeNeitherRowsNorTheirOrder) {
  const Batch table = NumberedRows(0, 50000);
  for (const int threads : {0, 2, 3, 16}) {
    SCOPED_TRACE(threads);
    ContextPtr context = MemoryContext(4);
    WriteFile(context, "a.lancer", {table});
    ScanOptions options{.offset = 3, .limit = 44444, .batch_rows = 1777};
    options.threads = threads;
    auto scan = OpenOrFail(context, "a.lancer")->Scan(options);
    ASSERT_TRUE(scan.has_value());
    int64_t row = 3;
    while (std::optional<Batch> batch = NextOrFail(scan->get())) {
      EXPECT_LE(batch->length, 1777);
      ASSERT_TRUE(batch->Equals(table.Slice(row, batch->length))) << row;
      row += batch->length;
    }
    EXPECT_EQ(row, 3 + 44444);
  }
}

// Batches that are read at once share the budget; those that do not fit it are read again
// in parts.
TEST(ScanPlan, ThreadsKeepToTheMemoryBudget) {
  for (const std::vector<std::string>& texts : ExpandingTexts()) {
    ContextPtr context = MemoryContext(4);
    const ArrayPtr column = Strings(texts);
    auto schema = std::make_shared<const Schema>(
        std::vector<Field>{{.name = "text", .type = column->type()}});
    WriteFile(context, "a.lancer", {{schema, column->length(), {column}}});
    auto scan = OpenOrFail(context, "a.lancer")
                    ->Scan({.memory_budget_bytes = 1 << 20, .threads = 4});
    ASSERT_TRUE(scan.has_value());
    int64_t row = 0;
    while (std::optional<Batch> batch = NextOrFail(scan->get())) {
      EXPECT_LE(TextBytes(*batch), 1U << 20);
      ASSERT_TRUE(batch->columns[0]->Equals(*column->Slice(row, batch->length))) << row;
      row += batch->length;
    }
    EXPECT_EQ(row, column->length());
  }
}

TEST(ScanPlan, ThreadsTellOfDamageBehindTheRowsBeforeIt) {
  for (const int threads : {1, 4}) {
    ContextPtr context = MemoryContext(4);
    WriteFile(context, "a.lancer", {NumberedRows(0, 50000)}, {.page_bytes = 16 << 10});
    auto columns = OpenOrFail(context, "a.lancer")->DescribeColumns();
    ASSERT_TRUE(columns.has_value());
    const std::vector<PageInfo>& pages = columns->at(0).pages;
    ASSERT_GT(pages.size(), 2U);
    std::vector<std::byte> bytes = BytesOfFile(context, "a.lancer");
    bytes[pages.back().offset] ^= std::byte{1};
    ASSERT_TRUE(context->file_system->Overwrite("a.lancer", bytes).ok());
    auto scan = OpenOrFail(context, "a.lancer")
                    ->Scan({.columns = {{"id"}}, .batch_rows = 1024, .threads = threads});
    ASSERT_TRUE(scan.has_value());
    uint64_t rows = 0;
    Result<std::optional<Batch>> batch = (*scan)->Next();
    for (; batch.has_value() && batch->has_value(); batch = (*scan)->Next()) {
      rows += static_cast<uint64_t>((*batch)->length);
    }
    EXPECT_EQ(batch.status().code(), StatusCode::kCorruption);
    EXPECT_EQ((*scan)->Next().status().code(), StatusCode::kCorruption);
    EXPECT_EQ(rows, pages.back().first_row / 1024 * 1024) << threads;
  }
}

TEST(ScanPlan, ACancelledScanStopsAndStaysStopped) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 5000)});
  ScanOptions options;
  options.batch_rows = 1000;
  options.cancel = CancelToken::Make();
  auto scan = OpenOrFail(context, "a.lancer")->Scan(options);
  ASSERT_TRUE(scan.has_value());
  ASSERT_TRUE((*scan)->Next().has_value());
  options.cancel.RequestCancel();
  EXPECT_EQ((*scan)->Next().status().code(), StatusCode::kCancelled);
  EXPECT_EQ((*scan)->Next().status().code(), StatusCode::kCancelled);
}

TEST(ScanPlan, OffsetsBehindTheEndGiveNothing) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 10)});
  ScanOptions options;
  options.offset = UINT64_MAX;
  auto scan = OpenOrFail(context, "a.lancer")->Scan(options);
  ASSERT_TRUE(scan.has_value());
  EXPECT_FALSE(NextOrFail(scan->get()).has_value());
}

TEST(ScanPlan, MappedVectorsStayValidWithoutTheReader) {
  ContextPtr context = MemoryContext();
  std::vector<int64_t> items(40000);
  std::iota(items.begin(), items.end(), 0);
  Field item{.name = "item", .type = DataType::Make(TypeKind::kInt64)};
  ArrayPtr vectors = Array::Make({.type = DataType::FixedSizeList(item, 400),
                                  .length = 100,
                                  .null_count = 0,
                                  .buffers = {nullptr},
                                  .children = {Int64s(items)}});
  auto schema = std::make_shared<const Schema>(
      std::vector<Field>{{.name = "v", .type = vectors->type()}});
  WriteFile(context, "a.lancer", {{schema, 100, {vectors}}}, {.page_bytes = 64 << 10});
  auto scan = OpenOrFail(context, "a.lancer")->Scan({.batch_rows = 7});
  ASSERT_TRUE(scan.has_value()) << scan.error().ToString();
  auto all = ReadAll(scan->get());
  scan->reset();
  ASSERT_TRUE(all.has_value()) << all.error().ToString();
  EXPECT_TRUE(all->columns[0]->Equals(*vectors));
}

TEST(ScanPlan, RefusesBatchesWithoutRows) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 10)});
  ScanOptions options;
  options.batch_rows = 0;
  EXPECT_EQ(OpenOrFail(context, "a.lancer")->Scan(options).status().code(),
            StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lancer::format
