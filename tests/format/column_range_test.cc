#include "format/column_range.h"

#include <gtest/gtest.h>

#include "format/fetch.h"
#include "format/open_file.h"
#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

TEST(ColumnRange, PlannedBytesSufficeForAnyRowsAcrossPages) {
  ContextPtr context = MemoryContext();
  const Batch table = NumberedRows(0, 9000);
  WriteFile(context, "a.lancer", {table}, {.page_bytes = 8 << 10});
  auto file =
      OpenDataFile::Open("a.lancer", {.map = MapMode::kNever}, context, nullptr, nullptr);
  ASSERT_TRUE(file.has_value()) << file.status().ToString();
  ASSERT_TRUE((*file)->schema().has_value());
  auto columns = (*file)->Columns(std::nullopt);
  ASSERT_TRUE(columns.has_value());
  for (const RowRange rows :
       {RowRange{0, 9000}, RowRange{0, 1}, RowRange{1023, 5000}, RowRange{8999, 9000}}) {
    for (size_t i = 0; i < columns->size(); ++i) {
      std::vector<ByteRange> ranges;
      ASSERT_TRUE(PlanColumnRange((*columns)[i], rows, &ranges).ok());
      auto fetched = FetchedRanges::Fetch((*file)->container().file(), std::move(ranges));
      ASSERT_TRUE(fetched.has_value());
      MemoryBudget budget(1 << 20);
      auto array = ReadColumnRange((*columns)[i], rows, fetched->bytes(), {}, &budget);
      ASSERT_TRUE(array.has_value()) << array.status().ToString();
      const auto n = static_cast<int64_t>(rows.end - rows.first);
      EXPECT_TRUE((*array)->Equals(
          *table.columns[i]->Slice(static_cast<int64_t>(rows.first), n)));
      EXPECT_GT(budget.used(), 0U);
    }
  }
  EXPECT_GE(BytesPerRow((*columns)[0]), 8.0);
}

TEST(ColumnRange, ABudgetThatDoesNotSufficeIsNamed) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 9000)});
  auto file = OpenDataFile::Open("a.lancer", {}, context, nullptr, nullptr);
  ASSERT_TRUE(file.has_value() && (*file)->schema().has_value());
  auto columns = (*file)->Columns(std::nullopt);
  ASSERT_TRUE(columns.has_value());
  std::vector<ByteRange> ranges;
  ASSERT_TRUE(PlanColumnRange((*columns)[1], {0, 9000}, &ranges).ok());
  auto fetched = FetchedRanges::Fetch((*file)->container().file(), std::move(ranges));
  ASSERT_TRUE(fetched.has_value());
  MemoryBudget budget(1 << 10);
  EXPECT_EQ(ReadColumnRange((*columns)[1], {0, 9000}, fetched->bytes(), {}, &budget)
                .status()
                .code(),
            StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace lancer::format
