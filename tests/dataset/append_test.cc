#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/file_contents.h"

namespace lancer::dataset {
namespace {

using test::FileCall;
using ::testing::HasSubstr;

class AppendTest : public ::testing::Test {
 protected:
  AppendTest() {
    dataset_ = *Dataset::Create("/t", NumberStream(0, 10), {}, test_.context);
  }
  std::shared_ptr<Dataset> Open() {
    return ValueOrFail(Dataset::Open("/t", {}, test_.context));
  }

  std::shared_ptr<test::FaultFileSystem> files_ =
      std::make_shared<test::FaultFileSystem>(MakeMemoryFileSystem());
  test::TestContext test_ = test::MakeTestContext({.file_system = files_});
  std::shared_ptr<Dataset> dataset_;
};

TEST_F(AppendTest, SixFlushesTheFirstTimeInASessionFourAfterwards) {
  auto dataset = Open();
  auto flushes = [&] {
    return files_->CountCalls(FileCall::kSync) +
           files_->CountCalls(FileCall::kSyncDirectory);
  };
  files_->ForgetCalls();
  ASSERT_TRUE(dataset->Append(NumberStream(10, 1)).has_value());
  EXPECT_EQ(flushes(), 6u);
  for (int i = 0; i < 3; ++i) {
    files_->ForgetCalls();
    ASSERT_TRUE(dataset->Append(NumberStream(11 + i, 1)).has_value());
    EXPECT_EQ(flushes(), 4u);
    EXPECT_EQ(files_->CountCalls(FileCall::kCreateDirectory), 0u);
  }
}

TEST_F(AppendTest, ManyFilesCostOneFolderFlush) {
  WriteOptions options;
  options.fragment_rows = 1;
  files_->ForgetCalls();
  ASSERT_TRUE(dataset_->Append(NumberStream(10, 5), options).has_value());
  EXPECT_EQ(files_->CountCalls(FileCall::kSync), 5u + 1u);
  EXPECT_EQ(files_->CountCalls(FileCall::kSyncDirectory), 2u);
}

TEST_F(AppendTest, ConcurrentAppendsAllSucceed) {
  auto first = Open();
  auto second = Open();
  ASSERT_TRUE(first->Append(NumberStream(100, 5)).has_value());
  CommitResult result = ValueOrFail(second->Append(NumberStream(200, 5)));
  EXPECT_EQ(result.version, VersionNumber(3));
  std::vector<int64_t> expected = Iota(0, 10);
  for (int64_t i : {100, 101, 102, 103, 104, 200, 201, 202, 203, 204}) {
    expected.push_back(i);
  }
  EXPECT_EQ(ValueOrFail(ReadNumbers(*second)), expected);
  // Ids were renumbered: none was given out twice.
  std::vector<FragmentInfo> fragments = ValueOrFail(second->Fragments());
  ASSERT_EQ(fragments.size(), 3u);
  EXPECT_EQ(fragments[2].id, FragmentId(2));
  EXPECT_EQ(fragments[2].first_row_id, RowId(15));
}

TEST_F(AppendTest, SchemasMustMatch) {
  auto schema = std::make_shared<const Schema>(
      std::vector<Field>{test::Required("number", DataType::Make(TypeKind::kInt32)),
                         test::Nullable("text", DataType::Make(TypeKind::kString))});
  auto refused = dataset_->Append(
      std::make_unique<test::VectorReader>(schema, std::vector<Batch>{}));
  EXPECT_EQ(refused.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(refused.status().ToString(),
              HasSubstr("/t: column number: the dataset has type int64, the rows int32"));
}

TEST_F(AppendTest, StricterRowsAndOtherMetadataFit) {
  Batch batch = Numbers(10, 2);
  Field text = test::Required("text", DataType::Make(TypeKind::kString));
  text.metadata = {{"lang", "en"}};
  batch.schema = std::make_shared<const Schema>(
      std::vector<Field>{batch.schema->field(0), text}, Metadata{{"k", "v"}});
  ASSERT_TRUE(dataset_->Append(Stream({batch})).has_value());
  EXPECT_TRUE(dataset_->schema()->Equals(*NumbersSchema()));
  EXPECT_EQ(ValueOrFail(ReadNumbers(*Open())), Iota(0, 12));
}

TEST_F(AppendTest, RowsThatMayBeNullFitWhileNoneIs) {
  Batch batch = Numbers(10, 2);
  Field number = batch.schema->field(0);
  number.nullable = true;
  batch.schema =
      std::make_shared<const Schema>(std::vector<Field>{number, batch.schema->field(1)});
  ASSERT_TRUE(dataset_->Append(Stream({batch})).has_value());
  EXPECT_EQ(ValueOrFail(ReadNumbers(*Open())), Iota(0, 12));
  Batch with_null = batch;
  with_null.columns[0] = test::MakeInt64Array({12, std::nullopt});
  auto refused = dataset_->Append(Stream({batch, with_null}));
  EXPECT_EQ(refused.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(refused.status().ToString(),
              HasSubstr("rows counted from 2: field number holds a null in row 1 but is "
                        "declared not null"));
  EXPECT_EQ(Open()->row_count(), 12u);
}

TEST_F(AppendTest, TransactionsAndPositionsAreAppliedOnce) {
  WriteOptions options;
  options.commit.transaction = MakeSeededRandom(5)->NextUuid();
  CommitResult first = ValueOrFail(dataset_->Append(NumberStream(10, 2), options));
  CommitResult again = ValueOrFail(Open()->Append(NumberStream(10, 2), options));
  EXPECT_TRUE(again.already_committed);
  EXPECT_EQ(again.version, first.version);
  auto other = Open()->Append(NumberStream(50, 2), options);
  EXPECT_EQ(other.status().code(), StatusCode::kInvalidArgument);

  WriteOptions positioned;
  positioned.commit.app = AppPosition{"etl", 1, 1};
  CommitResult applied = ValueOrFail(dataset_->Append(NumberStream(12, 2), positioned));
  files_->ForgetCalls();
  CommitResult retried = ValueOrFail(dataset_->Append(NumberStream(12, 2), positioned));
  EXPECT_EQ(files_->CountCalls(FileCall::kStage), 0u)
      << "found before anything is written";
  EXPECT_TRUE(retried.already_committed);
  EXPECT_EQ(retried.version, applied.version);
  EXPECT_EQ(ValueOrFail(ReadNumbers(*Open())), Iota(0, 14));
}

TEST_F(AppendTest, NothingIsAVersionToo) {
  CommitResult result = ValueOrFail(dataset_->Append(NumberStream(0, 0)));
  EXPECT_EQ(result.version, VersionNumber(2));
  EXPECT_EQ(result.fragments_written, 0u);
  EXPECT_EQ(ValueOrFail(ReadNumbers(*Open())), Iota(0, 10));
}

TEST_F(AppendTest, ManifestBytesDoNotGrowWithTheTable) {
  uint64_t largest = 0;
  for (int64_t i = 0; i < 600; ++i) {
    ASSERT_TRUE(dataset_->Append(NumberStream(10 + i, 1)).has_value());
    largest = std::max(largest, dataset_->info().manifest_bytes);
  }
  EXPECT_LT(largest, 64u << 10);
  EXPECT_EQ(dataset_->info().fragments, 601u);
  EXPECT_FALSE(test::ListNames(*files_, "/t/_tree")->empty());
  EXPECT_EQ(ValueOrFail(ReadNumbers(*Open())), Iota(0, 610));
  std::vector<VersionInfo> versions = ValueOrFail(dataset_->Versions());
  EXPECT_EQ(versions.size(), 601u);
}

TEST_F(AppendTest, AFolderWithoutRightsIsAClearError) {
  auto dataset = Open();
  files_->ForgetCalls();
  files_->FailCall(0, test::Fault::kDeviceError, /*repeat=*/true);
  auto failed = dataset->Append(NumberStream(10, 1));
  files_->FailNothing();
  EXPECT_EQ(failed.status().code(), StatusCode::kIoError);
  EXPECT_EQ(ValueOrFail(ReadNumbers(*Open())), Iota(0, 10));
}

}  // namespace
}  // namespace lancer::dataset
