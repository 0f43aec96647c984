#include "dataset/node_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dataset/tree_node.h"
#include "tests/dataset/log_fixture.h"

namespace lancer::dataset {
namespace {

using ::testing::HasSubstr;

class NodeFileTest : public ::testing::Test {
 protected:
  format::FileRef PublishSchema(std::string_view schema) {
    FileImage image = *NodeFileBuilder().Finish(test::BytesOf(schema));
    auto ref =
        PublishNodes(house_.paths, *house_.test.file_system, session_.get(), image);
    EXPECT_TRUE(ref.has_value()) << ref.status().ToString();
    return *ref;
  }
  auto Read(const format::FileRef& ref) {
    return ReadSchemaFile(house_.paths, *house_.test.file_system, ref);
  }

  LogHouse house_;
  std::unique_ptr<Session> session_ = *Session::Begin(
      house_.paths, house_.test.context, PublishMethod::kLink, VersionNumber(0));
};

TEST_F(NodeFileTest, GivesBackSchemas) {
  uint64_t syncs = house_.test.counters->syncs;
  format::FileRef ref = PublishSchema("a schema");
  EXPECT_EQ(house_.test.counters->syncs - syncs, 2u);
  EXPECT_TRUE(ref.path.starts_with("_tree/" + session_->id().Prefix()));
  BufferPtr bytes = *Read(ref);
  EXPECT_EQ(bytes->size(), 8u);
}

TEST_F(NodeFileTest, SwappedMissingAndOtherFilesAreDamage) {
  format::FileRef first = PublishSchema("one schema");
  format::FileRef second = PublishSchema("two schema");
  format::FileRef swapped = first;
  swapped.path = second.path;
  EXPECT_EQ(Read(swapped).status().code(), StatusCode::kCorruption);
  format::FileRef missing = first;
  missing.path = "_tree/none.node";
  EXPECT_EQ(Read(missing).status().code(), StatusCode::kCorruption);
  EXPECT_THAT(Read(missing).status().ToString(), HasSubstr("_tree/none.node"));
  NodeFileBuilder nodes;
  ASSERT_TRUE(nodes.Add({.fragments = TestFragments(1, 1)}).has_value());
  FileImage image = *nodes.Finish();
  format::FileRef bare =
      *PublishNodes(house_.paths, *house_.test.file_system, session_.get(), image);
  EXPECT_EQ(Read(bare).status().code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::dataset
