#include "dataset/node_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/tree_fixture.h"

namespace lancer::dataset {
namespace {

using ::testing::HasSubstr;

class NodeCacheTest : public ::testing::Test {
 protected:
  NodeCacheTest() { root_ = *house_.Append({}, TestFragments(20, 10)); }
  Status ReadFresh() {
    NodeCache fresh(house_.paths, house_.test.context);
    return fresh.Read(root_).status();
  }

  TreeHouse house_;
  Subtree root_;
};

TEST_F(NodeCacheTest, ReadsOnce) {
  NodeCache fresh(house_.paths, house_.test.context);
  TreeNodePtr first = *fresh.Read(root_);
  uint64_t requests = house_.test.counters->requests;
  EXPECT_EQ(*fresh.Read(root_), first);
  EXPECT_EQ(house_.test.counters->requests, requests);
}

TEST_F(NodeCacheTest, AnotherParentIsCheckedAnew) {
  NodeCache fresh(house_.paths, house_.test.context);
  ASSERT_TRUE(fresh.Read(root_).has_value());
  Subtree lie = root_;
  ++lie.totals.rows;
  EXPECT_EQ(fresh.Read(lie).status().code(), StatusCode::kCorruption);
}

TEST_F(NodeCacheTest, FindsEveryBitOfANode) {
  std::string path = "/t/" + root_.node.file.path;
  std::vector<std::byte> bytes = *test::ReadFileBytes(*house_.test.file_system, path);
  for (size_t bit = root_.node.offset * 8;
       bit < (root_.node.offset + root_.node.size) * 8; bit += 3) {
    std::vector<std::byte> damaged = bytes;
    damaged[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    ASSERT_TRUE(house_.test.file_system->Overwrite(path, damaged).ok());
    Status status = ReadFresh();
    ASSERT_EQ(status.code(), StatusCode::kCorruption) << bit;
    EXPECT_THAT(status.ToString(), HasSubstr(path + ": tree node at 8: checksum"));
  }
}

TEST_F(NodeCacheTest, SaysWhenTheFileIsGoneOrCut) {
  std::string path = "/t/" + root_.node.file.path;
  std::vector<std::byte> bytes = *test::ReadFileBytes(*house_.test.file_system, path);
  bytes.pop_back();
  ASSERT_TRUE(house_.test.file_system->Overwrite(path, bytes).ok());
  EXPECT_THAT(ReadFresh().ToString(), HasSubstr("file size: expected"));
  ASSERT_TRUE(house_.test.file_system->Remove(path).ok());
  Status missing = ReadFresh();
  EXPECT_EQ(missing.code(), StatusCode::kCorruption);
  EXPECT_THAT(missing.ToString(), HasSubstr(path));
}

TEST_F(NodeCacheTest, ForgetsTheOldest) {
  Subtree first = root_;
  for (size_t i = 0; i <= NodeCache::kCapacity; ++i) {
    Subtree other = *house_.Append({}, TestFragments(1, 10));
    ASSERT_TRUE(house_.cache.Read(other).has_value());
  }
  uint64_t requests = house_.test.counters->requests;
  ASSERT_TRUE(house_.cache.Read(first).has_value());
  EXPECT_GT(house_.test.counters->requests, requests);
}

}  // namespace
}  // namespace lancer::dataset
