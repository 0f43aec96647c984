#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"
#include "tests/support/file_contents.h"

namespace lancer::dataset {
namespace {

class OverwriteTest : public ::testing::Test {
 protected:
  OverwriteTest() {
    dataset_ = *Dataset::Create("/t", NumberStream(0, 10), {}, test_.context);
  }
  Batch OtherRows() {
    return test::MakeBatch({test::Nullable("flag", DataType::Make(TypeKind::kBool))},
                           {test::MakeBoolArray({true, std::nullopt, false})});
  }

  test::TestContext test_ = test::MakeTestContext();
  std::shared_ptr<Dataset> dataset_;
};

TEST_F(OverwriteTest, ReplacesRowsAndSchema) {
  CommitResult result = ValueOrFail(dataset_->Overwrite(Stream({OtherRows()})));
  EXPECT_EQ(result.version, VersionNumber(2));
  auto opened = *Dataset::Open("/t", {}, test_.context);
  EXPECT_TRUE(ValueOrFail(opened->Head(9)).Equals(OtherRows()));
  auto old = *Dataset::Open("/t", {.version = VersionNumber(1)}, test_.context);
  EXPECT_EQ(ValueOrFail(ReadNumbers(*old)), Iota(0, 10));
}

TEST_F(OverwriteTest, NumbersAreNeverGivenOutAgain) {
  FieldId old_id = dataset_->schema()->field(1).id;
  ASSERT_TRUE(dataset_->Overwrite(Stream({OtherRows()})).has_value());
  EXPECT_GT(dataset_->schema()->field(0).id, old_id);
  FieldId flag = dataset_->schema()->field(0).id;
  ASSERT_TRUE(dataset_->Overwrite(Stream({OtherRows()})).has_value());
  EXPECT_EQ(dataset_->schema()->field(0).id, flag) << "the same schema keeps its ids";
  std::vector<FragmentInfo> fragments = ValueOrFail(dataset_->Fragments());
  EXPECT_EQ(fragments[0].id, FragmentId(2));
  EXPECT_EQ(fragments[0].first_row_id, RowId(13));
}

TEST_F(OverwriteTest, ConflictsUnlessForced) {
  auto other = *Dataset::Open("/t", {}, test_.context);
  ASSERT_TRUE(other->Append(NumberStream(10, 5)).has_value());
  auto refused = dataset_->Overwrite(NumberStream(70, 1));
  EXPECT_EQ(refused.status().code(), StatusCode::kConflict);
  EXPECT_THAT(refused.status().ToString(),
              ::testing::HasSubstr("version 2 (append) was committed meanwhile"));
  WriteOptions options;
  options.commit.force = true;
  EXPECT_EQ(ValueOrFail(dataset_->Overwrite(NumberStream(70, 1), options)).version,
            VersionNumber(3));
  EXPECT_EQ(ValueOrFail(ReadNumbers(*dataset_)), Iota(70, 1));
}

TEST_F(OverwriteTest, TwoNewSchemasAtOnceConflictEvenForced) {
  auto other = *Dataset::Open("/t", {}, test_.context);
  ASSERT_TRUE(other->Overwrite(Stream({OtherRows()})).has_value());
  WriteOptions options;
  options.commit.force = true;
  Batch third =
      test::MakeBatch({test::Nullable("third", DataType::Make(TypeKind::kInt8))},
                      {test::MakeInt8Array({1})});
  auto refused = dataset_->Overwrite(Stream({third}), options);
  EXPECT_EQ(refused.status().code(), StatusCode::kConflict);
  EXPECT_THAT(refused.status().ToString(),
              ::testing::HasSubstr("the schema was replaced meanwhile"));
}

TEST_F(OverwriteTest, ARetryIsAppliedOnce) {
  WriteOptions options;
  options.commit.transaction = MakeSeededRandom(3)->NextUuid();
  ASSERT_TRUE(dataset_->Overwrite(Stream({OtherRows()}), options).has_value());
  auto opened = *Dataset::Open("/t", {}, test_.context);
  CommitResult again = ValueOrFail(opened->Overwrite(Stream({OtherRows()}), options));
  EXPECT_TRUE(again.already_committed);
  EXPECT_EQ(again.version, VersionNumber(2));
}

TEST_F(OverwriteTest, AFailureLeavesNothingOfALargeSchema) {
  FileSystem& files = *test_.file_system;
  EXPECT_FALSE(
      dataset_->Overwrite(std::make_unique<FailingReader>(WideRow(1))).has_value());
  EXPECT_TRUE(test::ListNames(files, "/t/_tree")->empty());
  // One that conflicts after its schema was published.
  auto other = *Dataset::Open("/t", {}, test_.context);
  ASSERT_TRUE(other->Append(NumberStream(10, 5)).has_value());
  EXPECT_EQ(dataset_->Overwrite(Stream({WideRow(1)})).status().code(),
            StatusCode::kConflict);
  EXPECT_TRUE(test::ListNames(files, "/t/_tree")->empty());
  ASSERT_TRUE(ValueOrFail(dataset_->Refresh()));
  ASSERT_TRUE(dataset_->Overwrite(Stream({WideRow(7)})).has_value());
  EXPECT_EQ(test::ListNames(files, "/t/_tree")->size(), 1u);
  dataset_.reset();
  other.reset();
  EXPECT_TRUE(test::ListNames(files, "/t/_log/intent")->empty());
  EXPECT_EQ(ValueOrFail(ReadNumbers(**Dataset::Open("/t", {}, test_.context))),
            Iota(7, 1));
}

}  // namespace
}  // namespace lancer::dataset
