#include "dataset/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"
#include "tests/support/file_contents.h"

namespace lancer::dataset {
namespace {

using ::testing::HasSubstr;

class VerifyTest : public ::testing::Test {
 protected:
  // Enough fragments for a tree.
  VerifyTest() {
    WriteOptions options;
    options.fragment_rows = 1;
    dataset_ = *Dataset::Create("/t", NumberStream(0, 150), options, test_.context);
    EXPECT_TRUE(dataset_->Append(NumberStream(150, 20)).has_value());
  }
  void Flip(const std::string& path, size_t at) {
    std::vector<std::byte> bytes = *test::ReadFileBytes(*test_.file_system, path);
    bytes[at] ^= std::byte{0x10};
    ASSERT_TRUE(test_.file_system->Overwrite(path, bytes).ok());
  }
  std::vector<Status> Faults() { return ValueOrFail(dataset_->Verify()).faults; }

  test::TestContext test_ = test::MakeTestContext();
  std::shared_ptr<Dataset> dataset_;
};

TEST_F(VerifyTest, ASoundDatasetHasNoFaults) {
  VerifyReport report = ValueOrFail(dataset_->Verify());
  EXPECT_TRUE(report.faults.empty()) << report.faults[0].ToString();
  // FORMAT, both manifests, one file of nodes, 151 data files.
  EXPECT_EQ(report.files, 155u);
  EXPECT_GT(report.bytes, dataset_->info().data_bytes);
}

TEST_F(VerifyTest, NamesEveryDamagedFile) {
  std::vector<FragmentInfo> fragments = ValueOrFail(dataset_->Fragments());
  Flip("/t/" + fragments[3].path, fragments[3].size_bytes / 2);
  ASSERT_TRUE(test_.file_system->Remove("/t/" + fragments[5].path).ok());
  // A whole file in another's place.
  auto other = *test::ReadFileBytes(*test_.file_system, "/t/" + fragments[6].path);
  ASSERT_TRUE(test_.file_system->Overwrite("/t/" + fragments[7].path, other).ok());
  std::string texts;
  std::vector<Status> faults = Faults();
  for (const Status& fault : faults) {
    EXPECT_EQ(fault.code(), StatusCode::kCorruption);
    texts += fault.ToString() + "\n";
  }
  EXPECT_EQ(faults.size(), 3u) << texts;
  for (size_t i : {3u, 5u, 7u}) {
    EXPECT_THAT(texts, HasSubstr(fragments[i].path));
  }
}

TEST_F(VerifyTest, ChecksFormatManifestAndNodes) {
  std::string nodes = "/t/_tree/" + (*test::ListNames(*test_.file_system, "/t/_tree"))[0];
  for (const std::string& path :
       {std::string("/t/FORMAT"), std::string("/t/_log/00000000000000000002.mft"),
        nodes}) {
    Flip(path, 100);
    std::vector<Status> faults = Faults();
    ASSERT_FALSE(faults.empty()) << path;
    EXPECT_THAT(faults[0].ToString(), HasSubstr(path));
    Flip(path, 100);
    EXPECT_TRUE(Faults().empty());
  }
}

TEST_F(VerifyTest, FindsEveryByteChangedOfFilesWithoutRows) {
  // A schema too large for a manifest, which gets a file of `_tree`.
  std::vector<Field> fields;
  for (int i = 0; i < 400; ++i) {
    fields.push_back(test::Nullable(std::string(60, 'x') + std::to_string(i),
                                    DataType::Make(TypeKind::kInt64)));
  }
  auto schema = std::make_shared<const Schema>(fields);
  dataset_ = *Dataset::Create(
      "/wide", std::make_unique<test::VectorReader>(schema, std::vector<Batch>{}), {},
      test_.context);
  ASSERT_TRUE(Faults().empty());
  auto nodes = *test::ListNames(*test_.file_system, "/wide/_tree");
  ASSERT_EQ(nodes.size(), 1u);
  for (const std::string& path :
       {std::string("/wide/FORMAT"), std::string("/wide/_log/00000000000000000001.mft"),
        "/wide/_tree/" + nodes[0]}) {
    size_t size = test::ReadFileBytes(*test_.file_system, path)->size();
    for (size_t at = 0; at < size; ++at) {
      Flip(path, at);
      EXPECT_FALSE(Faults().empty()) << path << " at " << at;
      Flip(path, at);
    }
  }
  EXPECT_TRUE(Faults().empty());
}

TEST_F(VerifyTest, FindsBytesChangedBetweenTreeNodes) {
  std::string nodes = "/t/_tree/" + (*test::ListNames(*test_.file_system, "/t/_tree"))[0];
  size_t size = test::ReadFileBytes(*test_.file_system, nodes)->size();
  for (size_t at = size % 257; at < size; at += 257) {
    Flip(nodes, at);
    EXPECT_FALSE(Faults().empty()) << at;
    Flip(nodes, at);
  }
}

TEST_F(VerifyTest, FindsAReplacedManifest) {
  // Another history of the same table: sound in itself, but not what was opened.
  auto copy =
      *test::ReadFileBytes(*test_.file_system, "/t/_log/00000000000000000002.mft");
  ASSERT_TRUE(test_.file_system->Remove("/t/_log/00000000000000000002.mft").ok());
  ASSERT_TRUE(test_.file_system->Remove("/t/_log/HEAD").ok());
  auto other = *Dataset::Open("/t", {}, test_.context);
  ASSERT_TRUE(other->Append(NumberStream(900, 1)).has_value());
  std::vector<Status> faults = Faults();
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_THAT(faults[0].ToString(), HasSubstr("it was replaced"));
}

TEST_F(VerifyTest, StopsWhenCancelled) {
  VerifyOptions options;
  options.cancel = CancelToken::Make();
  options.cancel.RequestCancel();
  EXPECT_EQ(dataset_->Verify(options).status().code(), StatusCode::kCancelled);
}

}  // namespace
}  // namespace lancer::dataset
