#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/file_contents.h"

namespace lancer::dataset {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CreateTest : public ::testing::Test {
 protected:
  Result<std::shared_ptr<Dataset>> Create(int64_t rows, WriteOptions options = {}) {
    return Dataset::Create("/a/t", NumberStream(0, rows), options, test_.context);
  }

  test::TestContext test_ = test::MakeTestContext();
};

TEST_F(CreateTest, MakesTheFoldersOfTheSpec) {
  auto dataset = Create(3);
  ASSERT_TRUE(dataset.has_value()) << dataset.status().ToString();
  EXPECT_THAT(*test::ListNames(*test_.file_system, "/a/t"),
              ElementsAre("FORMAT", "_log/", "_tmp/", "_tree/", "data/"));
  EXPECT_THAT(*test::ListNames(*test_.file_system, "/a/t/_log"),
              ElementsAre("00000000000000000001.mft", "HEAD", "intent/", "lock"));
  EXPECT_EQ(test::ListNames(*test_.file_system, "/a/t/_log/intent")->size(), 1u);
  dataset->reset();
  EXPECT_TRUE(test::ListNames(*test_.file_system, "/a/t/_log/intent")->empty());
}

TEST_F(CreateTest, NeverReplacesADataset) {
  ASSERT_TRUE(Create(3).has_value());
  auto again = Create(4);
  EXPECT_EQ(again.status().code(), StatusCode::kAlreadyExists);
  auto opened = *Dataset::Open("/a/t", {}, test_.context);
  EXPECT_EQ(opened->row_count(), 3u);
}

TEST_F(CreateTest, ARetryWithTheSameTransactionIsTheSameDataset) {
  WriteOptions options;
  options.commit.transaction = MakeSeededRandom(9)->NextUuid();
  ASSERT_TRUE(Create(3, options).has_value());
  auto again = Create(3, options);
  ASSERT_TRUE(again.has_value()) << again.status().ToString();
  EXPECT_EQ((*again)->version(), VersionNumber(1));
}

// A new identity would make its versions another dataset's.
TEST_F(CreateTest, GivesNoNewIdentityToADatasetThatLostItsFormat) {
  ASSERT_TRUE(Create(3).has_value());
  const std::string format = *test::ReadFileText(*test_.file_system, "/a/t/FORMAT");
  ASSERT_TRUE(test_.file_system->Remove("/a/t/FORMAT").ok());
  Status status = Create(4).status();
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_THAT(status.ToString(), HasSubstr("/a/t: the file FORMAT is missing"));
  EXPECT_FALSE(test_.file_system->Stat("/a/t/FORMAT")->has_value());
  ASSERT_TRUE(test::PublishFile(*test_.file_system, "/a/t/FORMAT", format).ok());
  EXPECT_EQ((*Dataset::Open("/a/t", {}, test_.context))->row_count(), 3u);
}

TEST_F(CreateTest, KeepsAwayFromOtherFolders) {
  ASSERT_TRUE(test_.file_system->CreateDirectory("/a/t").has_value());
  ASSERT_TRUE(test::PublishFile(*test_.file_system, "/a/t/notes", "x").ok());
  auto refused = Create(3);
  EXPECT_EQ(refused.status().code(), StatusCode::kAlreadyExists);
  EXPECT_THAT(refused.status().ToString(), HasSubstr("other files in it (notes)"));
  EXPECT_THAT(*test::ListNames(*test_.file_system, "/a/t"), ElementsAre("notes"));
  ASSERT_TRUE(test::PublishFile(*test_.file_system, "/a/file", "x").ok());
  auto file = Dataset::Create("/a/file", NumberStream(0, 1), {}, test_.context);
  EXPECT_EQ(file.status().code(), StatusCode::kAlreadyExists);
}

TEST_F(CreateTest, AFailureLeavesNothing) {
  auto failed = Dataset::Create("/a/t", std::make_unique<FailingReader>(Numbers(0, 5)),
                                {}, test_.context);
  EXPECT_EQ(failed.status().code(), StatusCode::kInvalidArgument);
  EXPECT_FALSE(test_.file_system->Stat("/a/t")->has_value());
  EXPECT_TRUE(Create(3).has_value());
}

TEST_F(CreateTest, AFailureLeavesNothingOfALargeSchema) {
  auto failed = Dataset::Create("/a/t", std::make_unique<FailingReader>(WideRow(1)), {},
                                test_.context);
  EXPECT_EQ(failed.status().code(), StatusCode::kInvalidArgument);
  EXPECT_FALSE(test_.file_system->Stat("/a/t")->has_value());
  auto again = Dataset::Create("/a/t", Stream({WideRow(1)}), {}, test_.context);
  ASSERT_TRUE(again.has_value()) << again.status().ToString();
  // In a folder that was there before, it is the intent that goes.
  ASSERT_TRUE(test_.file_system->CreateDirectory("/b").has_value());
  EXPECT_FALSE(Dataset::Create("/b", std::make_unique<FailingReader>(WideRow(1)), {},
                               test_.context)
                   .has_value());
  EXPECT_TRUE(test::ListNames(*test_.file_system, "/b/_tree")->empty());
  EXPECT_TRUE(test::ListNames(*test_.file_system, "/b/_log/intent")->empty());
}

TEST_F(CreateTest, RefusesNamesThatAreReserved) {
  auto schema = std::make_shared<const Schema>(
      std::vector<Field>{test::Nullable("_rowid", DataType::Make(TypeKind::kInt64))});
  auto refused = Dataset::Create(
      "/a/t", std::make_unique<test::VectorReader>(schema, std::vector<Batch>{}), {},
      test_.context);
  EXPECT_EQ(refused.status().code(), StatusCode::kInvalidArgument);
  EXPECT_FALSE(test_.file_system->Stat("/a/t")->has_value());
}

TEST_F(CreateTest, ManyColumnsDoNotSwellTheManifest) {
  std::vector<Field> fields;
  std::vector<ArrayPtr> columns;
  for (int i = 0; i < 2000; ++i) {
    fields.push_back(
        test::Nullable("column " + std::to_string(i), DataType::Make(TypeKind::kInt32)));
    columns.push_back(test::MakeInt32Array({i}));
  }
  auto schema = std::make_shared<const Schema>(fields);
  auto dataset =
      *Dataset::Create("/a/t", Stream({Batch{schema, 1, columns}}), {}, test_.context);
  EXPECT_LT(dataset->info().manifest_bytes, 4096u);
  auto opened = *Dataset::Open("/a/t", {}, test_.context);
  EXPECT_TRUE(opened->schema()->Equals(*schema));
  std::vector<std::string> one = {"column 1234"};
  Batch row = *opened->Take(Positions({0}), {.columns = one});
  EXPECT_EQ(row.columns[0]->values<int32_t>()[row.columns[0]->offset()], 1234);
  ASSERT_TRUE(opened->Append(Stream({Batch{schema, 1, columns}})).has_value());
  EXPECT_LT(opened->info().manifest_bytes, 4096u);
}

TEST_F(CreateTest, FlushesAreCounted) {
  ASSERT_TRUE(test_.file_system->CreateDirectory("/a").has_value());
  uint64_t before = test_.counters->syncs;
  ASSERT_TRUE(Create(3).has_value());
  uint64_t flushes = test_.counters->syncs - before;
  EXPECT_LE(flushes, 16u);
}

}  // namespace
}  // namespace lancer::dataset
