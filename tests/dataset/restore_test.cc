#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"
#include "tests/support/file_contents.h"

namespace lancer::dataset {
namespace {

class RestoreTest : public ::testing::Test {
 protected:
  RestoreTest() {
    dataset_ = *Dataset::Create("/t", NumberStream(0, 10), {}, test_.context);
    EXPECT_TRUE(dataset_->Append(NumberStream(10, 5)).has_value());
    Batch other =
        test::MakeBatch({test::Nullable("flag", DataType::Make(TypeKind::kBool))},
                        {test::MakeBoolArray({true})});
    EXPECT_TRUE(dataset_->Overwrite(Stream({other})).has_value());
  }

  test::TestContext test_ = test::MakeTestContext();
  std::shared_ptr<Dataset> dataset_;
};

TEST_F(RestoreTest, BringsRowsAndSchemaBackWithoutCopying) {
  size_t files = test::ListNames(*test_.file_system, "/t/data")->size();
  uint64_t syncs = test_.counters->syncs;
  CommitResult result = ValueOrFail(dataset_->Restore(VersionNumber(2)));
  EXPECT_EQ(result.version, VersionNumber(4));
  EXPECT_EQ(test_.counters->syncs - syncs, 2u);
  EXPECT_EQ(ValueOrFail(ReadNumbers(*dataset_)), Iota(0, 15));
  EXPECT_EQ(test::ListNames(*test_.file_system, "/t/data")->size(), files);
}

TEST_F(RestoreTest, NumbersGoOnFromTheHead) {
  ASSERT_TRUE(dataset_->Restore(VersionNumber(1)).has_value());
  ASSERT_TRUE(dataset_->Append(NumberStream(10, 1)).has_value());
  std::vector<FragmentInfo> fragments = ValueOrFail(dataset_->Fragments());
  ASSERT_EQ(fragments.size(), 2u);
  EXPECT_EQ(fragments[1].id, FragmentId(3));
  EXPECT_EQ(fragments[1].first_row_id, RowId(16));
  std::vector<RowId> ids = ValueOrFail(dataset_->RowIds(Positions({9, 10})));
  EXPECT_EQ(ids, (std::vector{RowId(9), RowId(16)}));
}

TEST_F(RestoreTest, SaysWhatIsMissingAndConflicts) {
  EXPECT_EQ(dataset_->Restore(VersionNumber(77)).status().code(), StatusCode::kNotFound);
  auto other = *Dataset::Open("/t", {}, test_.context);
  ASSERT_TRUE(other->Restore(VersionNumber(1)).has_value());
  EXPECT_EQ(dataset_->Restore(VersionNumber(2)).status().code(), StatusCode::kConflict);
  CommitOptions force;
  force.force = true;
  EXPECT_TRUE(dataset_->Restore(VersionNumber(2), force).has_value());
}

}  // namespace
}  // namespace lancer::dataset
