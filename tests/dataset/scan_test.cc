#include "dataset/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"

namespace lancer::dataset {
namespace {

int64_t CountRows(BatchReader* scan) {
  int64_t rows = 0;
  while (std::optional<Batch> batch = ValueOrFail(scan->Next())) {
    rows += batch->length;
  }
  return rows;
}

class ScanTest : public ::testing::Test {
 protected:
  // Rows 0..99 in fragments of 7.
  ScanTest() {
    WriteOptions options;
    options.fragment_rows = 7;
    dataset_ = *Dataset::Create("/t", NumberStream(0, 100), options, test_.context);
  }

  test::TestContext test_ = test::MakeTestContext();
  std::shared_ptr<Dataset> dataset_;
};

TEST_F(ScanTest, OffsetAndLimitCountOverFragments) {
  for (uint64_t offset : {0u, 1u, 6u, 7u, 8u, 50u, 99u, 100u, 1000u}) {
    for (uint64_t limit : {0u, 1u, 6u, 7u, 8u, 30u, 1000u}) {
      int64_t first = static_cast<int64_t>(std::min<uint64_t>(offset, 100));
      int64_t rows = static_cast<int64_t>(std::min<uint64_t>(limit, 100 - first));
      EXPECT_EQ(ValueOrFail(ReadNumbers(*dataset_, {.offset = offset, .limit = limit})),
                Iota(first, rows))
          << offset << " " << limit;
    }
  }
}

TEST_F(ScanTest, GivesTheColumnsAskedForInThatOrder) {
  ScanOptions options;
  options.columns = {"text", "number"};
  auto scan = *dataset_->Scan(options);
  EXPECT_EQ(scan->schema()->field(0).name, "text");
  const std::optional<Batch> batch = ValueOrFail(scan->Next());
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->schema, scan->schema());
  EXPECT_EQ(batch->columns[0]->FormatValue(3), "\"row 3\"");
  options.columns = {"nmuber"};
  EXPECT_EQ(dataset_->Scan(options).status().code(), StatusCode::kNotFound);
}

TEST_F(ScanTest, BatchesOfManyFragmentsJoinToOne) {
  for (uint64_t limit : {0u, 7u, 30u, 1000u}) {
    auto scan = *dataset_->Scan(ScanOptions{.offset = 3, .limit = limit});
    const Batch all = ValueOrFail(JoinBatches(scan.get(), UINT64_MAX, "/t"));
    const auto rows = static_cast<int64_t>(std::min<uint64_t>(limit, 97));
    ASSERT_EQ(all.length, rows);
    EXPECT_TRUE(all.Validate().ok());
    for (int64_t i = 0; i < rows; ++i) {
      EXPECT_EQ(all.columns[0]->FormatValue(i), std::to_string(i + 3));
    }
  }
}

TEST_F(ScanTest, ABatchOfManyFragmentsKeepsToItsBudget) {
  const Status status =
      dataset_->Head(100, {.columns = {{"number"}}, .memory_budget_bytes = 799}).status();
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
  EXPECT_NE(status.message().find("/t: 100 rows take 800 bytes"), std::string::npos)
      << status.ToString();
  EXPECT_TRUE(dataset_->Head(100, {.columns = {{"number"}}, .memory_budget_bytes = 800})
                  .has_value());
}

TEST_F(ScanTest, NoColumnsStillCountRows) {
  ScanOptions options;
  options.columns = std::vector<std::string>{};
  auto scan = *dataset_->Scan(options);
  EXPECT_EQ(CountRows(scan.get()), 100);
}

TEST_F(ScanTest, OutlivesItsDatasetAndStaysAtItsVersion) {
  auto scan = *dataset_->Scan();
  ASSERT_TRUE(dataset_->Append(NumberStream(100, 1)).has_value());
  dataset_.reset();
  EXPECT_EQ(CountRows(scan.get()), 100);
}

TEST_F(ScanTest, BatchesAreBounded) {
  ScanOptions options;
  options.batch_rows = 3;
  auto scan = *dataset_->Scan(options);
  while (std::optional<Batch> batch = ValueOrFail(scan->Next())) {
    EXPECT_LE(batch->length, 3);
  }
}

TEST_F(ScanTest, RangesSkipFragmentsThatCannotMatch) {
  ScanOptions options;
  options.range =
      RangeFilter{"number", test::MakeInt64Array({50}), test::MakeInt64Array({52})};
  std::vector<int64_t> numbers = ValueOrFail(ReadNumbers(*dataset_, options));
  EXPECT_LT(numbers.size(), 30u);
  EXPECT_THAT(numbers, ::testing::IsSupersetOf({50, 51, 52}));
  options.range->column = "none";
  EXPECT_EQ(dataset_->Scan(options).status().code(), StatusCode::kNotFound);
}

// With a filter, offset and limit count what it selects, over all fragments.
TEST_F(ScanTest, FiltersSelectByPositionInTheDataset) {
  for (const uint64_t offset : {0U, 1U, 3U, 12U, 40U}) {
    for (const uint64_t limit : {0U, 1U, 2U, 9U, 100U}) {
      ScanOptions options{.columns = {{"text", "number"}}, .offset = offset};
      options.limit = limit;
      options.filter = RowFilter{
          .columns = {"number"},
          .select = [](const Batch& batch,
                       uint64_t first) -> Result<std::vector<uint32_t>> {
            std::vector<uint32_t> rows;
            for (uint32_t i = 0; i < static_cast<uint32_t>(batch.length); ++i) {
              EXPECT_EQ(batch.columns[0]->FormatValue(i), std::to_string(first + i));
              if ((first + i) % 3 == 0) {
                rows.push_back(i);
              }
            }
            return rows;
          }};
      auto scan = *dataset_->Scan(options);
      std::vector<std::string> expected;
      for (uint64_t i = offset; i < 34 && i - offset < limit; ++i) {
        expected.push_back("\"row " + std::to_string(i * 3) + "\"");
      }
      std::vector<std::string> found;
      while (std::optional<Batch> batch = ValueOrFail(scan->Next())) {
        EXPECT_EQ(batch->schema, scan->schema());
        for (int64_t i = 0; i < batch->length; ++i) {
          found.push_back(batch->columns[0]->FormatValue(i));
        }
      }
      EXPECT_EQ(found, expected) << offset << " " << limit;
    }
  }
  ScanOptions options;
  options.filter = RowFilter{.columns = {"number"}, .select = {}};
  EXPECT_EQ(dataset_->Scan(options).status().code(), StatusCode::kInvalidArgument);
  options.filter->columns = {"none"};
  options.filter->select = [](const Batch&, uint64_t) { return std::vector<uint32_t>(); };
  EXPECT_EQ(dataset_->Scan(options).status().code(), StatusCode::kNotFound);
}

TEST_F(ScanTest, StopsWhenCancelled) {
  ScanOptions options;
  options.cancel = CancelToken::Make();
  auto scan = *dataset_->Scan(options);
  ASSERT_TRUE(scan->Next().has_value());
  options.cancel.RequestCancel();
  EXPECT_EQ(scan->Next().status().code(), StatusCode::kCancelled);
  EXPECT_EQ(scan->Next().status().code(), StatusCode::kCancelled);
}

}  // namespace
}  // namespace lancer::dataset
