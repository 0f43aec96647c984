#include "format/statistics_pruning.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace lancer::format
