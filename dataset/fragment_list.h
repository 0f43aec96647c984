// FragmentList: the fragments of one version in order, those in the tree first and those
// in the manifest behind them. Lookups read one path of the tree at most.
//
// Ownership: shares manifest and cache. Thread rule: immutable; safe for concurrent const
// calls.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "dataset/fragment_tree.h"
#include "dataset/manifest_file.h"

namespace lancer::dataset {

// A fragment and the position of its first row in the version.
struct FragmentHit {
  const Fragment* fragment = nullptr;
  uint64_t first_position = 0;
  TreeNodePtr keeper;  // keeps `fragment` alive; null: the list does
};

class FragmentList {
 public:
  FragmentList(StoredManifestPtr manifest, std::shared_ptr<NodeCache> cache);

  uint64_t row_count() const { return row_count_; }
  // REQUIRES: position < row_count(). Errors: Corruption (tree nodes).
  Result<FragmentHit> AtPosition(uint64_t position) const;
  // Nothing when the version has no such fragment or row.
  Result<std::optional<FragmentHit>> WithId(FragmentId id) const;
  Result<std::optional<FragmentHit>> WithRowId(RowId id) const;
  // Calls `visit` for every fragment, in order.
  Status VisitAll(const std::function<Status(const Fragment&)>& visit) const;

 private:
  const StoredManifestPtr manifest_;
  const std::shared_ptr<NodeCache> cache_;
  uint64_t tree_rows_ = 0;
  uint64_t row_count_ = 0;
  std::vector<uint64_t> starts_;  // position of the first row of each inline fragment
};

}  // namespace lancer::dataset
