#include "dataset/tree_node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/golden.h"
#include "tests/dataset/manifest_fixture.h"
#include "tests/support/file_contents.h"
#include "tests/support/test_context.h"

namespace lancer::dataset {
namespace {

using ::testing::HasSubstr;

TreeNode Leaf() { return {.fragments = TestFragments(2, 10)}; }

Subtree LeafSubtree(uint32_t first = 0) {
  Subtree subtree = SummarizeLeaf(TestFragments(2, 10, first));
  subtree.node.file = {.path = "_tree/x.node", .size = 5000, .digest = {.low = 1}};
  subtree.node.offset = 8 * first;
  subtree.node.size = 100;
  return subtree;
}

TEST(TreeNode, WritesTheBytesOfTheSpec) {
  ExpectGolden("manifest_tree_leaf", SerializeTreeNode(Leaf()));
}

TEST(TreeNode, GivesBackLeavesAndInnerNodes) {
  auto leaf = ParseTreeNode(SerializeTreeNode(Leaf()), LeafSubtree(), "n");
  ASSERT_TRUE(leaf.has_value()) << leaf.status().ToString();
  EXPECT_EQ(*leaf, Leaf());

  TreeNode inner = {.level = 1, .children = {LeafSubtree(0), LeafSubtree(2)}};
  Subtree parent = *SummarizeChildren(inner.children);
  EXPECT_EQ(parent.level, 1);
  EXPECT_EQ(parent.totals.rows, 40u);
  parent.node.file = LeafSubtree().node.file;
  // A child without a path is in the file of its parent.
  TreeNode written = inner;
  written.children[1].node.file = {};
  auto parsed = ParseTreeNode(SerializeTreeNode(written), parent, "n");
  ASSERT_TRUE(parsed.has_value()) << parsed.status().ToString();
  EXPECT_EQ(*parsed, inner);
}

TEST(TreeNode, MustBeWhatItsParentSays) {
  Subtree fewer_rows = LeafSubtree();
  fewer_rows.totals.rows = 19;
  Subtree inner = LeafSubtree();
  inner.level = 1;
  Subtree later = LeafSubtree(2);
  for (const Subtree& wrong : {fewer_rows, inner, later}) {
    auto parsed = ParseTreeNode(SerializeTreeNode(Leaf()), wrong, "n");
    EXPECT_EQ(parsed.status().code(), StatusCode::kCorruption);
  }
  TreeNode empty;
  EXPECT_THAT(
      ParseTreeNode(SerializeTreeNode(empty), LeafSubtree(), "n").status().ToString(),
      HasSubstr("n: level 0 with 0 fragments, 0 children"));
}

TEST(TreeNode, ChildrenAscend) {
  TreeNode node = {.level = 1, .children = {LeafSubtree(2), LeafSubtree(0)}};
  Subtree parent = *SummarizeChildren(node.children);
  parent.node.file = LeafSubtree().node.file;
  auto parsed = ParseTreeNode(SerializeTreeNode(node), parent, "n");
  EXPECT_THAT(parsed.status().ToString(), HasSubstr("is out of place"));
}

TEST(TreeNode, ChildrenWhoseTotalsWrapAroundAreRefused) {
  TreeNode node = {.level = 1, .children = {LeafSubtree(0), LeafSubtree(2)}};
  Subtree parent = *SummarizeChildren(node.children);
  parent.node.file = LeafSubtree().node.file;
  // A sum that would come out right if it wrapped around.
  node.children[0].totals.bytes += UINT64_MAX / 2;
  node.children[1].totals.bytes += UINT64_MAX / 2 + 2;
  auto parsed = ParseTreeNode(SerializeTreeNode(node), parent, "n");
  EXPECT_EQ(parsed.status().code(), StatusCode::kCorruption);
  EXPECT_THAT(parsed.status().ToString(), HasSubstr("n: the children up to fragment"));
}

TEST(TreeNode, SurvivesEveryByteChanged) {
  std::vector<std::byte> bytes = SerializeTreeNode(Leaf());
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (int value : {0x00, 0x01, 0x7F, 0x80, 0xFF}) {
      std::vector<std::byte> damaged = bytes;
      damaged[i] = static_cast<std::byte>(value);
      (void)ParseTreeNode(damaged, LeafSubtree(), "n");
    }
  }
}

TEST(NodeFile, ListsItsNodes) {
  NodeFileBuilder builder;
  std::vector<NodeRef> refs = {*builder.Add(Leaf()),
                               *builder.Add({.fragments = TestFragments(1, 5, 7)})};
  FileImage image = *builder.Finish();
  auto test = test::MakeTestContext();
  ASSERT_TRUE(test::PublishFile(*test.file_system, "/n", image.bytes).ok());
  auto container =
      *format::Container::Open(*test.file_system->OpenForRead("/n", MapMode::kNever),
                               format::FileKind::kTreeNode, &image.ref);
  EXPECT_EQ(*ListNodes(*container), refs);
  for (const NodeRef& ref : refs) {
    format::CheckedRange range{
        .offset = ref.offset, .size = ref.size, .check = ref.check};
    EXPECT_TRUE(container->ReadChecked(range, "node").has_value());
  }
}

TEST(NodeFile, RefusesLargeNodes) {
  NodeFileBuilder builder;
  EXPECT_EQ(builder.Add({.fragments = TestFragments(1000, 1)}).status().code(),
            StatusCode::kInternal);
}

}  // namespace
}  // namespace lancer::dataset
