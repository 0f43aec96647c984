// The fragment tree: a copy-on-write B+tree of fragments by id. Nothing is changed in
// place: adding fragments rewrites the nodes on the right edge into a new file.
//
// Ownership: values. Thread rule: safe for concurrent calls on one cache.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "dataset/node_cache.h"
#include "dataset/tree_node.h"

namespace lancer::dataset {

// The tree of `root` (nothing: an empty tree) with `fragments` behind it. New nodes go to
// `builder`; references to them have an empty path, which the caller fills in for the
// root once the file is named. REQUIRES: fragments are not empty and follow the tree by
// id and row id.
Result<Subtree> AppendToTree(const std::optional<Subtree>& root,
                             std::span<const Fragment> fragments, NodeCache& cache,
                             NodeFileBuilder* builder);

// Where a lookup ended: one fragment and the position of its first row in the tree.
struct TreeHit {
  TreeNodePtr leaf;  // keeps `fragment` alive
  const Fragment* fragment = nullptr;
  uint64_t first_position = 0;
};

// Lookups read one path of nodes. REQUIRES: position < root.totals.rows.
Result<TreeHit> FindPosition(const Subtree& root, uint64_t position, NodeCache& cache);
// Nothing when no fragment has the id.
Result<std::optional<TreeHit>> FindFragment(const Subtree& root, FragmentId id,
                                            NodeCache& cache);
// Nothing when no fragment has the row id.
Result<std::optional<TreeHit>> FindRow(const Subtree& root, RowId id, NodeCache& cache);

// Calls `visit` for each leaf whose fragments hold rows of position >= `from`, in order,
// with the position of its first row; stops after it has returned false.
using LeafVisitor =
    std::function<Result<bool>(const TreeNodePtr& leaf, uint64_t first_position)>;
Status VisitLeaves(const Subtree& root, uint64_t from, NodeCache& cache,
                   const LeafVisitor& visit);

}  // namespace lancer::dataset
