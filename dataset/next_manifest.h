// NextManifest: the version that a transaction makes of the newest one.
//
// Ownership: values. Thread rule: pure functions; TreeSpill belongs to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "dataset/fragment_tree.h"
#include "dataset/transaction.h"

namespace lancer::dataset {

// Moves fragments from manifests into the tree, and remembers the last move: when a race
// is lost to a commit that left the same fragments where they were, the nodes that were
// written already serve again.
class TreeSpill {
 public:
  // Publishes a file of nodes durably and returns the reference to it.
  using PublishNodes = std::function<Result<format::FileRef>(const FileImage& image)>;

  TreeSpill(NodeCache* cache, PublishNodes publish)
      : cache_(cache), publish_(std::move(publish)) {}

  // Makes the fragments of `manifest` fit: those before `kept_from` go to the tree first,
  // all when that does not suffice. Does nothing while they fit.
  Status Apply(size_t kept_from, Manifest* manifest);

 private:
  struct Move {
    std::optional<Subtree> base;
    std::vector<Fragment> fragments;
    Subtree tree;
  };
  Result<Subtree> MoveToTree(const std::optional<Subtree>& base,
                             std::span<const Fragment> fragments);

  NodeCache* const cache_;
  const PublishNodes publish_;
  std::optional<Move> last_;
};

struct NextVersion {
  VersionNumber version;
  int64_t now_us = 0;
  Uuid table;
};

// `head` is null for the first version. Fragments are numbered here; `spill` keeps them
// within bounds. Errors: ResourceExhausted when numbers have run out; what `spill` gives.
Result<Manifest> MakeNextManifest(const StoredManifest* head,
                                  const Transaction& transaction, const NextVersion& next,
                                  TreeSpill* spill);

}  // namespace lancer::dataset
