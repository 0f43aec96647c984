#include "format/take_plan.h"

#include <gtest/gtest.h>

#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

TEST(RowOrder, KeepsAscendingRowsAsTheyAre) {
  std::vector<uint64_t> rows{1, 1, 5};
  auto order = RowOrder::Make(rows, 6);
  ASSERT_TRUE(order.has_value());
  EXPECT_EQ(order->sorted().data(), rows.data());
  EXPECT_TRUE(order->places().empty());
}

TEST(RowOrder, RemembersWhereEachRowWent) {
  std::vector<uint64_t> rows{9, 2, 9, 0};
  auto order = RowOrder::Make(rows, 10);
  ASSERT_TRUE(order.has_value());
  std::vector<uint64_t> sorted(order->sorted().begin(), order->sorted().end());
  EXPECT_EQ(sorted, (std::vector<uint64_t>{0, 2, 9, 9}));
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(sorted[static_cast<size_t>(order->places()[i])], rows[i]);
  }
}

TEST(RowOrder, NamesTheFirstRowOutOfRange) {
  std::vector<uint64_t> rows{0, 7, 8};
  Status status = RowOrder::Make(rows, 7).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "row 7 is out of range: there are 7 rows");
}

TEST(TakePlan, PlansWholeUnitsOfTheRowsAlone) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 40000)}, {.page_bytes = 64 << 10});
  auto file =
      OpenDataFile::Open("a.lancer", {.map = MapMode::kNever}, context, nullptr, nullptr);
  ASSERT_TRUE(file.has_value()) << file.error().ToString();
  auto columns = (*file)->Columns(std::vector<std::string>{"id"});
  ASSERT_TRUE(columns.has_value());
  std::vector<uint64_t> rows{20000, 3};
  auto order = RowOrder::Make(rows, 40000);
  ASSERT_TRUE(order.has_value());
  auto plan = TakePlan::Make(columns->columns(), *order);
  ASSERT_TRUE(plan.has_value()) << plan.error().ToString();
  std::vector<ByteRange> ranges = plan->Ranges(Verify::kAlways);
  EXPECT_LE(ranges.size(), 2U);
  for (const ByteRange& range : ranges) {
    EXPECT_LE(range.size, 16U << 10);
  }
}

TEST(TakePlan, AMappedFileIsReadAtTheFirstTouchAndUsedInPlaceAfterwards) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 200000)});
  auto reader = OpenOrFail(context, "a.lancer");
  const std::vector<uint64_t> rows{150000};
  ASSERT_TRUE(reader->Take(rows).has_value());
  Counters& counters = *context->counters;
  const uint64_t first_touch = counters.requests.load();
  ASSERT_TRUE(reader->Take(std::vector<uint64_t>{10}).has_value());
  const uint64_t second_touch = counters.requests.load();
  EXPECT_GT(second_touch, first_touch);
  const uint64_t checked = counters.units_checked.load();
  ASSERT_TRUE(reader->Take(rows).has_value());
  EXPECT_EQ(counters.requests.load(), second_touch);
  EXPECT_EQ(counters.units_checked.load(), checked);
}

}  // namespace
}  // namespace lancer::format
