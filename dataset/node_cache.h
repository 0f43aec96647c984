// NodeCache: reads nodes of fragment trees and keeps the last ones used.
//
// Nodes are immutable and named by their place, so one cache serves all versions of a
// dataset. Ownership: shares the context; nodes are shared. Thread rule: safe for
// concurrent calls.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "dataset/names.h"
#include "dataset/tree_node.h"
#include "lancer/context.h"

namespace lancer::dataset {

using TreeNodePtr = std::shared_ptr<const TreeNode>;

class NodeCache {
 public:
  // Nodes kept at once; each takes at most some 100 KiB.
  static constexpr size_t kCapacity = 64;

  NodeCache(DatasetPaths paths, ContextPtr context)
      : paths_(std::move(paths)), context_(std::move(context)) {}

  // The node of `subtree`, checked against it. Errors: Corruption naming the file, also
  // when it is missing.
  Result<TreeNodePtr> Read(const Subtree& subtree);
  // The same from the file, past the cache.
  Result<TreeNodePtr> Load(const Subtree& subtree) const;

 private:
  using Key = std::pair<std::string, uint64_t>;  // path, offset
  struct Entry {
    Key key;
    Subtree subtree;
    TreeNodePtr node;
  };

  const DatasetPaths paths_;
  const ContextPtr context_;
  std::mutex mutex_;          // guards all below
  std::list<Entry> entries_;  // last used first
  std::map<Key, std::list<Entry>::iterator> by_place_;
};

}  // namespace lancer::dataset
