#include "lancer/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"
#include "tests/support/file_contents.h"

namespace lancer::dataset {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DatasetTest : public ::testing::Test {
 protected:
  std::shared_ptr<Dataset> Create(int64_t first, int64_t rows,
                                  WriteOptions options = {}) {
    return ValueOrFail(Dataset::Create("/t", NumberStream(first, rows),
                                       std::move(options), test_.context));
  }
  Result<std::shared_ptr<Dataset>> Open(OpenOptions options = {}) {
    return Dataset::Open("/t", options, test_.context);
  }

  test::TestContext test_ = test::MakeTestContext();
};

TEST_F(DatasetTest, GivesBackTheRowsItWasMadeOf) {
  auto created = Create(0, 1000);
  ASSERT_NE(created, nullptr);
  EXPECT_EQ(created->version(), VersionNumber(1));
  EXPECT_EQ(created->row_count(), 1000u);
  auto opened = ValueOrFail(Open());
  ASSERT_NE(opened, nullptr);
  EXPECT_EQ(opened->uuid(), created->uuid());
  EXPECT_TRUE(opened->schema()->Equals(*NumbersSchema()));
  EXPECT_EQ(ValueOrFail(ReadNumbers(*opened)), Iota(0, 1000));
  Batch head = ValueOrFail(opened->Head(3));
  EXPECT_TRUE(head.Equals(Numbers(0, 3)));
  EXPECT_EQ(ValueOrFail(opened->Head(5000)).length, 1000);
}

TEST_F(DatasetTest, AppendsBecomeVersions) {
  auto dataset = Create(0, 10);
  WriteOptions options;
  options.commit.message = "ten more";
  CommitResult result = ValueOrFail(dataset->Append(NumberStream(10, 10), options));
  EXPECT_EQ(result.version, VersionNumber(2));
  EXPECT_EQ(result.rows_written, 10u);
  EXPECT_EQ(result.fragments_written, 1u);
  EXPECT_FALSE(result.already_committed);
  EXPECT_EQ(dataset->version(), VersionNumber(2));
  EXPECT_EQ(dataset->info().message, "ten more");
  EXPECT_EQ(ValueOrFail(ReadNumbers(*dataset)), Iota(0, 20));
  auto old = ValueOrFail(Open({.version = VersionNumber(1)}));
  EXPECT_EQ(ValueOrFail(ReadNumbers(*old)), Iota(0, 10));
}

TEST_F(DatasetTest, StaysAtItsVersionUntilRefresh) {
  auto writer = Create(0, 10);
  auto reader = ValueOrFail(Open());
  ASSERT_TRUE(writer->Append(NumberStream(10, 5)).has_value());
  EXPECT_EQ(reader->row_count(), 10u);
  EXPECT_TRUE(ValueOrFail(reader->Refresh()));
  EXPECT_EQ(reader->row_count(), 15u);
  EXPECT_FALSE(ValueOrFail(reader->Refresh()));
}

TEST_F(DatasetTest, OpensAtATime) {
  auto dataset = Create(0, 1);
  int64_t first = dataset->info().time_us;
  for (int64_t i = 1; i < 5; ++i) {
    test_.clock->Advance(1'000'000);
    ASSERT_TRUE(dataset->Append(NumberStream(i, 1)).has_value());
  }
  auto at = [&](int64_t time_us) {
    auto opened = Open({.time_us = time_us});
    return opened ? (*opened)->version().value : 0;
  };
  EXPECT_EQ(at(first), 1u);
  EXPECT_EQ(at(first + 999'999), 1u);
  EXPECT_EQ(at(first + 2'000'000), 3u);
  EXPECT_EQ(at(first + 9'000'000), 5u);
  auto early = Open({.time_us = first - 1});
  EXPECT_EQ(early.status().code(), StatusCode::kNotFound);
  EXPECT_THAT(Text(early.status()), HasSubstr("no version is as old as"));
}

TEST_F(DatasetTest, TimesGrowWithVersionsWhateverTheClockSays) {
  auto dataset = Create(0, 1);
  test_.clock->SetNow(test::ManualClock::kStartMicros - 1'000'000'000);
  ASSERT_TRUE(dataset->Append(NumberStream(1, 1)).has_value());
  std::vector<VersionInfo> versions = ValueOrFail(dataset->Versions());
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions[1].time_us, versions[0].time_us + 1);
}

TEST_F(DatasetTest, ListsVersionsOldestFirst) {
  auto dataset = Create(0, 3);
  ASSERT_TRUE(dataset->Append(NumberStream(3, 2)).has_value());
  ASSERT_TRUE(dataset->Overwrite(NumberStream(7, 1)).has_value());
  ASSERT_TRUE(dataset->Restore(VersionNumber(2)).has_value());
  std::vector<VersionInfo> versions = ValueOrFail(dataset->Versions());
  std::vector<OperationKind> kinds;
  std::vector<uint64_t> rows;
  for (const VersionInfo& info : versions) {
    kinds.push_back(info.operation);
    rows.push_back(info.rows);
    EXPECT_EQ(info.parent.value + 1, info.version.value);
  }
  using enum OperationKind;
  EXPECT_THAT(kinds, ElementsAre(kCreate, kAppend, kOverwrite, kRestore));
  EXPECT_THAT(rows, ElementsAre(3, 5, 1, 5));
}

TEST_F(DatasetTest, SaysWhatIsMissing) {
  EXPECT_EQ(Open().status().code(), StatusCode::kNotFound);
  Create(0, 1);
  auto none = Open({.version = VersionNumber(9)});
  EXPECT_EQ(none.status().code(), StatusCode::kNotFound);
  EXPECT_THAT(Text(none.status()), HasSubstr("no version 9; the newest is 1"));
  auto both = Open({.version = VersionNumber(1), .time_us = 5});
  EXPECT_EQ(both.status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(Open({.version = VersionNumber(0)}).status().code(), StatusCode::kNotFound);
}

TEST_F(DatasetTest, RefusesFoldersThatAreNoDataset) {
  FileSystem& files = *test_.file_system;
  ASSERT_TRUE(files.CreateDirectory("/t").has_value());
  ASSERT_TRUE(test::PublishFile(files, "/t/notes.txt", "hello").ok());
  auto plain = Open();
  EXPECT_EQ(plain.status().code(), StatusCode::kNotFound);
  EXPECT_THAT(Text(plain.status()), HasSubstr("is no Lancer dataset"));
  ASSERT_TRUE(files.CreateDirectory("/t/_versions").has_value());
  auto original = Open();
  EXPECT_EQ(original.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(Text(original.status()), HasSubstr("original Lance format"));
  auto file = Dataset::Open("/t/notes.txt", {}, test_.context);
  EXPECT_EQ(file.status().code(), StatusCode::kInvalidArgument);
}

TEST_F(DatasetTest, ListsFragmentsAndOpensThem) {
  WriteOptions options;
  options.fragment_rows = 4;
  auto dataset = Create(0, 10, options);
  std::vector<FragmentInfo> fragments = ValueOrFail(dataset->Fragments());
  ASSERT_EQ(fragments.size(), 3u);
  EXPECT_EQ(fragments[2].rows, 2u);
  EXPECT_EQ(fragments[2].first_row_id, RowId(8));
  auto reader = ValueOrFail(dataset->OpenFragment(fragments[1].id));
  ASSERT_NE(reader, nullptr);
  EXPECT_EQ(reader->row_count(), 4u);
  EXPECT_EQ(dataset->OpenFragment(FragmentId(99)).status().code(), StatusCode::kNotFound);
}

TEST_F(DatasetTest, HoldsNoRowsAndNoColumns) {
  auto empty = Create(0, 0);
  EXPECT_EQ(empty->row_count(), 0u);
  EXPECT_TRUE(ValueOrFail(ReadNumbers(*empty)).empty());
  Batch none = ValueOrFail(empty->Take({}, {}));
  EXPECT_EQ(none.schema->field_count(), 2u);
  EXPECT_EQ(none.length, 0);
  ASSERT_TRUE(empty->Append(NumberStream(0, 2)).has_value());
  EXPECT_EQ(ValueOrFail(ReadNumbers(*empty)), Iota(0, 2));

  auto schema = std::make_shared<const Schema>();
  auto bare = ValueOrFail(
      Dataset::Create("/bare", Stream({Batch{schema, 0, {}}}), {}, test_.context));
  EXPECT_EQ(bare->schema()->field_count(), 0u);
}

}  // namespace
}  // namespace lancer::dataset
