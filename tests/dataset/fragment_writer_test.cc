#include "dataset/fragment_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dataset/match_schema.h"
#include "tests/dataset/dataset_fixture.h"
#include "tests/dataset/log_fixture.h"

namespace lancer::dataset {
namespace {

class FragmentWriterTest : public ::testing::Test {
 protected:
  FragmentWriterTest() {
    int32_t next = 0;
    schema_ = std::make_shared<const Schema>(NumbersSchema()->WithFieldIds(&next));
    store_ = std::make_shared<const Store>(house_.paths, FormatFile{},
                                           house_.test.context, ReaderOptions{});
    session_ = *Session::Begin(house_.paths, house_.test.context, PublishMethod::kLink,
                               VersionNumber(0));
  }
  std::unique_ptr<FragmentWriter> Writer(WriteOptions options = {}) {
    return std::make_unique<FragmentWriter>(store_, session_.get(), schema_, options);
  }
  size_t DataFiles() {
    return test::ListNames(*house_.test.file_system, house_.paths.data())->size();
  }

  LogHouse house_;
  std::shared_ptr<const Schema> schema_;
  StorePtr store_;
  std::unique_ptr<Session> session_;
};

TEST_F(FragmentWriterTest, CutsAtRows) {
  auto writer = Writer({.fragment_rows = 7});
  auto rows = Stream({Numbers(0, 10), Numbers(10, 10)});
  ASSERT_TRUE(writer->WriteAll(rows.get()).ok());
  ASSERT_TRUE(writer->Finish().ok());
  std::vector<uint64_t> sizes;
  for (const NewFragment& fragment : writer->fragments()) {
    sizes.push_back(fragment.rows);
  }
  EXPECT_THAT(sizes, ::testing::ElementsAre(7, 7, 6));
  EXPECT_EQ(writer->rows_written(), 20u);
}

TEST_F(FragmentWriterTest, CutsAtBytes) {
  auto writer = Writer({.writer = {.memory_budget_bytes = 1 << 20, .page_bytes = 1},
                        .fragment_bytes = 64 << 10});
  for (int64_t i = 0; i < 10; ++i) {
    auto rows = NumberStream(i * 20'000, 20'000);
    ASSERT_TRUE(writer->WriteAll(rows.get()).ok());
  }
  ASSERT_TRUE(writer->Finish().ok());
  EXPECT_GT(writer->fragments().size(), 1u);
  EXPECT_EQ(writer->rows_written(), 200'000u);
}

TEST_F(FragmentWriterTest, FilesHaveNoNamesBeforePublish) {
  auto writer = Writer({.fragment_rows = 1});
  auto rows = NumberStream(0, 3);
  ASSERT_TRUE(writer->WriteAll(rows.get()).ok());
  ASSERT_TRUE(writer->Finish().ok());
  EXPECT_EQ(DataFiles(), 0u);
  uint64_t syncs = house_.test.counters->syncs;
  ASSERT_TRUE(writer->Publish().ok());
  EXPECT_EQ(house_.test.counters->syncs - syncs, 1u) << "one flush for the folder";
  EXPECT_EQ(DataFiles(), 3u);
  writer->Discard();
  EXPECT_EQ(DataFiles(), 0u);
}

TEST_F(FragmentWriterTest, FewFilesWaitAtOnce) {
  auto writer = Writer({.fragment_rows = 1});
  auto rows = NumberStream(0, 300);
  ASSERT_TRUE(writer->WriteAll(rows.get()).ok());
  EXPECT_GE(DataFiles(), 128u);
  ASSERT_TRUE(writer->Finish().ok());
  ASSERT_TRUE(writer->Publish().ok());
  EXPECT_EQ(DataFiles(), 300u);
  writer->Discard();
  EXPECT_EQ(DataFiles(), 0u);
}

TEST_F(FragmentWriterTest, NothingIsWrittenForNothing) {
  auto writer = Writer();
  auto rows = NumberStream(0, 0);
  ASSERT_TRUE(writer->WriteAll(rows.get()).ok());
  ASSERT_TRUE(writer->Finish().ok());
  ASSERT_TRUE(writer->Publish().ok());
  EXPECT_TRUE(writer->fragments().empty());
}

TEST_F(FragmentWriterTest, ProgressGoesOnFromFileToFile) {
  std::vector<uint64_t> rows_done;
  WriteOptions options;
  options.fragment_rows = 10;
  options.writer.progress = [&](const Progress& progress) {
    rows_done.push_back(progress.rows_done);
  };
  auto writer = Writer(options);
  auto rows = NumberStream(0, 35);
  ASSERT_TRUE(writer->WriteAll(rows.get()).ok());
  ASSERT_FALSE(rows_done.empty());
  EXPECT_TRUE(std::is_sorted(rows_done.begin(), rows_done.end()));
  EXPECT_EQ(rows_done.back(), 35u);
}

TEST_F(FragmentWriterTest, StopsWhenCancelled) {
  WriteOptions options;
  options.writer.cancel = CancelToken::Make();
  options.writer.cancel.RequestCancel();
  auto writer = Writer(options);
  auto rows = NumberStream(0, 3);
  EXPECT_EQ(writer->WriteAll(rows.get()).code(), StatusCode::kCancelled);
}

}  // namespace
}  // namespace lancer::dataset
