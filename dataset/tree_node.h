// TreeNode: one node of the fragment tree, and the files that hold nodes (spec: manifest,
// "Fragment tree").
//
// Ownership: values. Thread rule: pure functions; NodeFileBuilder belongs to one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dataset/file_image.h"
#include "dataset/fragment.h"

namespace lancer::dataset {

inline constexpr size_t kMaxNodeBytes = 64 << 10;
// Levels of a tree: four levels of 200 hold more fragments than there are ids.
inline constexpr uint8_t kMaxTreeLevel = 7;

struct TreeNode {
  uint8_t level = 0;
  std::vector<Fragment> fragments;  // of a leaf
  std::vector<Subtree> children;    // of an inner node
  friend bool operator==(const TreeNode&, const TreeNode&) = default;
};

std::vector<std::byte> SerializeTreeNode(const TreeNode& node);
// Checks the node against what its parent says of it; references to nodes of the same
// file come out with the file of `subtree`. Errors: Corruption, Unsupported.
Result<TreeNode> ParseTreeNode(std::span<const std::byte> bytes, const Subtree& subtree,
                               const std::string& where);

// What a parent says of a node that holds these. REQUIRES: not empty, ascending, and
// fragments that CheckFragments found sound.
Subtree SummarizeLeaf(std::span<const Fragment> fragments);
// Errors: Corruption when the children's totals cannot be added up.
Result<Subtree> SummarizeChildren(std::span<const Subtree> children);

// Collects the nodes of one commit:
//   [magic] [node]... [section "nodes": u64 offset, u64 size, u64 check per node] [frame]
class NodeFileBuilder {
 public:
  // Adds a node of at most kMaxNodeBytes and returns its place, with an empty path.
  Result<NodeRef> Add(const TreeNode& node);
  bool empty() const { return nodes_.empty(); }
  // The file. A schema that is too large for a manifest stands in its section "schema".
  Result<FileImage> Finish(std::span<const std::byte> schema = {}) const;

 private:
  std::vector<std::vector<std::byte>> nodes_;
  std::vector<NodeRef> refs_;
  uint64_t offset_ = 8;  // behind the magic
};

// The places of all nodes of a file of nodes, for checking it whole. Errors: Corruption.
Result<std::vector<NodeRef>> ListNodes(const format::Container& file);

}  // namespace lancer::dataset
