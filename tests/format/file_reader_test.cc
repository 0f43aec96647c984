#include "lancer/file_reader.h"

#include <random>

#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

constexpr int64_t kRows = 50000;

class FileReaderTest : public testing::TestWithParam<MapMode> {
 protected:
  void SetUp() override {
    WriteFile(context_, "a.lancer", {NumberedRows(0, kRows)}, {.page_bytes = 64 << 10});
    reader_ = OpenOrFail(context_, "a.lancer", GetParam());
    ASSERT_NE(reader_, nullptr);
  }
  ContextPtr context_ = MemoryContext(2);
  std::shared_ptr<const FileReader> reader_;
  Batch expected_ = NumberedRows(0, kRows);
};

TEST_P(FileReaderTest, ScansAllRowsInOrder) {
  auto scan = reader_->Scan({.batch_rows = 1000});
  ASSERT_TRUE(scan.has_value());
  auto all = ReadAll(scan->get());
  ASSERT_TRUE(all.has_value()) << all.error().ToString();
  EXPECT_TRUE(all->Equals(expected_));
}

TEST_P(FileReaderTest, ScansAProjectionWithOffsetAndLimit) {
  ScanOptions options;
  options.columns = std::vector<std::string>{"name"};
  options.offset = 12345;
  options.limit = 20001;
  options.threads = 2;
  auto scan = reader_->Scan(options);
  ASSERT_TRUE(scan.has_value());
  auto all = ReadAll(scan->get());
  ASSERT_TRUE(all.has_value()) << all.error().ToString();
  EXPECT_TRUE(all->columns[0]->Equals(*expected_.columns[1]->Slice(12345, 20001)));
}

TEST_P(FileReaderTest, TakesRowsInAnyOrderWithRepeats) {
  std::mt19937_64 random(7);
  std::vector<uint64_t> rows;
  for (int i = 0; i < 3000; ++i) {
    rows.push_back(random() % kRows);
  }
  rows.push_back(rows[0]);
  auto batch = reader_->Take(rows);
  ASSERT_TRUE(batch.has_value()) << batch.error().ToString();
  ASSERT_EQ(batch->length, static_cast<int64_t>(rows.size()));
  for (size_t i = 0; i < rows.size(); ++i) {
    auto at = static_cast<int64_t>(i);
    auto row = static_cast<int64_t>(rows[i]);
    ASSERT_EQ(batch->columns[0]->values<int64_t>()[i], row);
    ASSERT_EQ(batch->columns[1]->FormatValue(at), expected_.columns[1]->FormatValue(row));
  }
}

TEST_P(FileReaderTest, NamesTheFirstRowThatIsOutOfRange) {
  std::vector<uint64_t> rows{1, 50000, 60000};
  auto batch = reader_->Take(rows);
  EXPECT_EQ(batch.status().code(), StatusCode::kInvalidArgument);
  EXPECT_NE(batch.status().message().find("row 50000"), std::string_view::npos)
      << batch.status().ToString();
}

TEST_P(FileReaderTest, NamesAnUnknownColumn) {
  auto batch = reader_->Take(std::vector<uint64_t>{1},
                             {.columns = std::vector<std::string>{"nam"}});
  EXPECT_EQ(batch.status().code(), StatusCode::kNotFound);
  EXPECT_NE(batch.status().message().find("name"), std::string_view::npos)
      << batch.status().ToString();
}

TEST_P(FileReaderTest, AColumnAskedForTwiceIsRefusedBeforeAnythingIsRead) {
  std::vector<uint64_t> rows = {1};
  ASSERT_TRUE(reader_->schema().has_value());
  uint64_t reads = context_->counters->requests;
  const std::vector<std::string> twice = {"id", "name", "id"};
  Status taken = reader_->Take(rows, {.columns = twice}).status();
  EXPECT_EQ(taken.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(taken.message().find("a.lancer: field id is selected twice"),
            std::string::npos)
      << taken.ToString();
  EXPECT_EQ(reader_->Scan({.columns = twice}).status().message(), taken.message());
  EXPECT_EQ(context_->counters->requests, reads);
}

TEST_P(FileReaderTest, ATakeKeepsToItsMemoryBudgetAndNamesIt) {
  std::vector<uint64_t> rows(1000);
  std::iota(rows.begin(), rows.end(), 0);
  // 1,000 numbers and offsets are known to need 16,000 bytes, the texts more.
  for (const auto& [budget, message] :
       {std::pair<uint64_t, const char*>{15000,
                                         "taking 1000 rows needs at least 16000 "
                                         "bytes with 0 of 15000 in use"},
        {20000, "taking 1000 rows: "}}) {
    Status status = reader_->Take(rows, {.memory_budget_bytes = budget}).status();
    EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
    EXPECT_EQ(status.message().find("a.lancer: " + std::string(message)), 0U)
        << status.ToString();
    EXPECT_NE(status.message().find("raise memory_budget_bytes"), std::string::npos);
  }
  EXPECT_TRUE(reader_->Take(rows, {.memory_budget_bytes = 60000}).has_value());
}

TEST_P(FileReaderTest, OpensWithOneRead) {
  context_->counters->requests = 0;
  auto reader = OpenOrFail(context_, "a.lancer", MapMode::kNever);
  EXPECT_EQ(context_->counters->requests.load(), 1U);
}

TEST_P(FileReaderTest, ATakenRowCostsOneReadPerColumnOnceIndexesAreLoaded) {
  auto reader = OpenOrFail(context_, "a.lancer", MapMode::kNever);
  std::vector<uint64_t> row{31000};
  ASSERT_TRUE(reader->Take(row).has_value());
  context_->counters->requests = 0;
  context_->counters->batches = 0;
  ASSERT_TRUE(reader->Take(row).has_value());
  EXPECT_LE(context_->counters->requests.load(), 2U);
  EXPECT_EQ(context_->counters->batches.load(), 1U);
}

TEST_P(FileReaderTest, DescribesWhatItHolds) {
  Metadata facts = reader_->Describe();
  EXPECT_FALSE(facts.empty());
  auto columns = reader_->DescribeColumns();
  ASSERT_TRUE(columns.has_value()) << columns.error().ToString();
  ASSERT_EQ(columns->size(), 2U);
  EXPECT_EQ((*columns)[0].path, FieldPath{"id"});
  EXPECT_GT((*columns)[0].pages.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Maps, FileReaderTest,
                         testing::Values(MapMode::kAuto, MapMode::kNever));

}  // namespace
}  // namespace lancer::format
