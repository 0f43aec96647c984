#include "dataset/find_leftovers.h"

#include <gtest/gtest.h>

#include "dataset/session.h"
#include "tests/dataset/dataset_fixture.h"
#include "tests/support/file_contents.h"

namespace lancer::dataset {
namespace {

class FindLeftoversTest : public ::testing::Test {
 protected:
  // Enough fragments for a tree, and a session that stays.
  FindLeftoversTest() {
    WriteOptions options;
    options.fragment_rows = 1;
    dataset_ = *Dataset::Create("/t", NumberStream(0, 150), options, test_.context);
    EXPECT_TRUE(dataset_->Append(NumberStream(150, 20)).has_value());
    // A schema in a file of its own, and fragments that no newer version has.
    EXPECT_TRUE(dataset_->Overwrite(Stream({WideRow(1)})).has_value());
    EXPECT_TRUE(dataset_->Overwrite(NumberStream(0, 3)).has_value());
  }
  void Put(const std::string& path, std::string_view bytes) {
    ASSERT_TRUE(test::PublishFile(*test_.file_system, path, bytes).ok());
  }
  LeftoverInfo Find() { return ValueOrFail(dataset_->FindLeftovers()); }

  test::TestContext test_ = test::MakeTestContext();
  std::shared_ptr<Dataset> dataset_;
  const DatasetPaths paths_ = DatasetPaths("/t");
  const Uuid dead_ = MakeSeededRandom(71)->NextUuid();
};

TEST_F(FindLeftoversTest, FilesOfVersionsAreNone) {
  ASSERT_EQ(test::ListNames(*test_.file_system, "/t/_log/intent")->size(), 1u);
  EXPECT_EQ(Find().files, 0u);
  EXPECT_EQ(Find().bytes, 0u);
}

TEST_F(FindLeftoversTest, CountsFilesOfDeadWriters) {
  auto intent = SerializeIntent({.session = dead_, .begin = dataset_->version()});
  ASSERT_TRUE(test_.file_system->Overwrite(paths_.intent(dead_), intent).ok());
  Put(paths_.Path(DataFileName(dead_, dead_)), "12345");
  Put(paths_.Path(NodeFileName(dead_, dead_)), "123");
  Put(paths_.temporary(dead_, dead_), "1");
  EXPECT_EQ(Find().files, 3u);
  EXPECT_EQ(Find().bytes, 9u);
  // An intent that does not tell where its session began says no less.
  Put(paths_.intent(MakeSeededRandom(72)->NextUuid()), "torn");
  EXPECT_EQ(Find().files, 3u);
}

TEST_F(FindLeftoversTest, AWriterThatFailsLeavesNone) {
  EXPECT_FALSE(
      dataset_->Append(std::make_unique<FailingReader>(Numbers(0, 5))).has_value());
  EXPECT_EQ(Find().files, 0u);
}

}  // namespace
}  // namespace lancer::dataset
