#include "format/scan_plan.h"

#include <gtest/gtest.h>

#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

TEST(ScanPlan, BatchesShrinkToTheMemoryBudget) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 20000)});
  auto reader = OpenOrFail(context, "a.lancer");
  ScanOptions options;
  options.memory_budget_bytes = 64 << 10;
  auto scan = reader->Scan(options);
  ASSERT_TRUE(scan.has_value());
  Batch batch;
  int64_t rows = 0;
  while ((*scan)->Next(&batch).value_or(false)) {
    EXPECT_LT(batch.length, 4000);
    rows += batch.length;
  }
  EXPECT_EQ(rows, 20000);
}

TEST(ScanPlan, ACancelledScanStopsAndStaysStopped) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 5000)});
  ScanOptions options;
  options.batch_rows = 1000;
  options.cancel = CancelToken::Make();
  auto scan = OpenOrFail(context, "a.lancer")->Scan(options);
  ASSERT_TRUE(scan.has_value());
  Batch batch;
  ASSERT_TRUE((*scan)->Next(&batch).has_value());
  options.cancel.RequestCancel();
  EXPECT_EQ((*scan)->Next(&batch).status().code(), StatusCode::kCancelled);
  EXPECT_EQ((*scan)->Next(&batch).status().code(), StatusCode::kCancelled);
}

TEST(ScanPlan, OffsetsBehindTheEndGiveNothing) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 10)});
  ScanOptions options;
  options.offset = UINT64_MAX;
  auto scan = OpenOrFail(context, "a.lancer")->Scan(options);
  ASSERT_TRUE(scan.has_value());
  Batch batch;
  EXPECT_FALSE((*scan)->Next(&batch).value_or(true));
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
