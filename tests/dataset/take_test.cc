#include "dataset/take.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/dataset/dataset_fixture.h"

namespace lancer::dataset {
namespace {

using ::testing::HasSubstr;

class TakeTest : public ::testing::Test {
 protected:
  // Rows 0..99 in fragments of 7.
  TakeTest() {
    WriteOptions options;
    options.fragment_rows = 7;
    dataset_ = *Dataset::Create("/t", NumberStream(0, 100), options, test_.context);
  }
  Batch Expected(const std::vector<uint64_t>& rows) {
    test::Values<int64_t> numbers;
    test::Values<std::string> texts;
    for (uint64_t row : rows) {
      numbers.push_back(static_cast<int64_t>(row));
      texts.push_back("row " + std::to_string(row));
    }
    return {NumbersSchema(),
            static_cast<int64_t>(rows.size()),
            {test::MakeInt64Array(numbers), test::MakeStringArray(texts)}};
  }

  test::TestContext test_ = test::MakeTestContext();
  std::shared_ptr<Dataset> dataset_;
};

TEST_F(TakeTest, AnyRowsInAnyOrderWithRepeats) {
  std::vector<std::vector<uint64_t>> cases = {
      {0}, {99}, {3, 1, 2}, {50, 50, 50}, {0, 99, 0, 98}, {6, 7, 8}, {99, 0}};
  std::mt19937_64 rng(7);
  for (size_t size : {40u, 200u, 1024u}) {
    std::vector<uint64_t> rows(size);
    for (uint64_t& row : rows) {
      row = rng() % 100;
    }
    cases.push_back(rows);
  }
  for (const std::vector<uint64_t>& rows : cases) {
    Batch batch = ValueOrFail(dataset_->Take(Positions(rows)));
    EXPECT_TRUE(batch.Equals(Expected(rows))) << rows.size();
    EXPECT_TRUE(batch.Validate().ok());
  }
}

TEST_F(TakeTest, NamesTheRowThatIsOutOfRange) {
  auto taken = dataset_->Take(Positions({1, 100, 200}));
  EXPECT_EQ(taken.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(taken.status().ToString(),
              HasSubstr("/t: row 100 is out of range: version 1 has 100 rows"));
  EXPECT_EQ(dataset_->Take(Positions({UINT64_MAX})).status().code(),
            StatusCode::kInvalidArgument);
}

TEST_F(TakeTest, ColumnsInTheOrderAsked) {
  TakeOptions options;
  options.columns = {"text"};
  Batch batch = ValueOrFail(dataset_->Take(Positions({60, 2}), options));
  ASSERT_EQ(batch.columns.size(), 1u);
  EXPECT_EQ(batch.columns[0]->FormatValue(0), "\"row 60\"");
  options.columns = {"none"};
  EXPECT_EQ(dataset_->Take(Positions({1}), options).status().code(),
            StatusCode::kNotFound);
  EXPECT_EQ(dataset_->Take({}, options).status().code(), StatusCode::kNotFound);
}

TEST_F(TakeTest, FragmentsShareTheMemoryBudget) {
  std::vector<RowPosition> rows;
  for (uint64_t row = 0; row < 100; ++row) {
    rows.emplace_back(row);
  }
  TakeOptions options;
  options.memory_budget_bytes = 1700;  // numbers and offsets alone need 1,600
  for (const FragmentInfo& fragment : ValueOrFail(dataset_->Fragments())) {
    ASSERT_LE(fragment.rows, 50u);
  }
  EXPECT_TRUE(dataset_->Take(std::span(rows).first(20), options).has_value());
  EXPECT_EQ(dataset_->Take(rows, options).status().code(),
            StatusCode::kResourceExhausted);
  options.memory_budget_bytes = 8000;
  EXPECT_TRUE(dataset_->Take(rows, options).has_value());
}

TEST_F(TakeTest, IdsAreStable) {
  ASSERT_TRUE(dataset_->Overwrite(NumberStream(500, 10)).has_value());
  std::vector<RowId> ids = ValueOrFail(dataset_->RowIds(Positions({9, 0})));
  EXPECT_EQ(ids, (std::vector{RowId(109), RowId(100)}));
  Batch batch = ValueOrFail(dataset_->TakeIds(ids));
  EXPECT_EQ(batch.columns[0]->FormatValue(0), "509");
  EXPECT_EQ(batch.columns[0]->FormatValue(1), "500");
  auto gone = dataset_->TakeIds(std::vector{RowId(100), RowId(5)});
  EXPECT_EQ(gone.status().code(), StatusCode::kNotFound);
  EXPECT_THAT(gone.status().ToString(), HasSubstr("version 2 has no row with id 5"));
  EXPECT_EQ(dataset_->RowIds(Positions({10})).status().code(),
            StatusCode::kInvalidArgument);
}

TEST_F(TakeTest, IdsOverManyFragmentsInAnyOrder) {
  std::vector<RowId> ids;
  std::vector<uint64_t> rows;
  for (uint64_t i = 0; i < 100; ++i) {
    rows.push_back(i * 37 % 100);
    ids.emplace_back(rows.back());
  }
  EXPECT_TRUE(ValueOrFail(dataset_->TakeIds(ids)).Equals(Expected(rows)));
}

TEST_F(TakeTest, ARowIsOneBatchOfReads) {
  auto fresh = *Dataset::Open("/t", {.map = MapMode::kNever}, test_.context);
  ASSERT_TRUE(fresh->Take(Positions({3})).has_value());
  uint64_t batches = test_.counters->batches;
  ASSERT_TRUE(fresh->Take(Positions({4})).has_value());
  EXPECT_EQ(test_.counters->batches - batches, 1u);
}

}  // namespace
}  // namespace lancer::dataset
