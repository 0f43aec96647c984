#include "dataset/fragment_tree.h"

#include <algorithm>
#include <utility>

#include "dataset/manifest.h"

namespace lancer::dataset {
namespace {

// Nodes are filled up to this; entry sizes are estimates from above.
constexpr size_t kFillBytes = 60 << 10;
// What the entry of a subtree takes at most, without its path.
constexpr size_t kChildBytes = 240;

template <typename Entry>
size_t EntryBytes(const Entry& entry);
template <>
size_t EntryBytes(const Fragment& fragment) {
  return FragmentEntryBytes(fragment);
}
template <>
size_t EntryBytes(const Subtree& child) {
  return kChildBytes + child.node.file.path.size();
}

// Cuts entries into nodes and returns what their parent says of each.
template <typename Entry, typename MakeNode>
Result<std::vector<Subtree>> WriteNodes(std::span<const Entry> entries,
                                        const MakeNode& make_node) {
  std::vector<Subtree> subtrees;
  for (size_t begin = 0; begin < entries.size();) {
    size_t end = begin;
    size_t bytes = 0;
    while (end < entries.size() &&
           (end == begin || bytes + EntryBytes(entries[end]) <= kFillBytes)) {
      bytes += EntryBytes(entries[end]);
      ++end;
    }
    LANCER_ASSIGN_OR_RETURN(Subtree subtree,
                            make_node(entries.subspan(begin, end - begin)));
    subtrees.push_back(std::move(subtree));
    begin = end;
  }
  return subtrees;
}

Result<std::vector<Subtree>> WriteLeaves(std::span<const Fragment> fragments,
                                         NodeFileBuilder* builder) {
  return WriteNodes(fragments, [&](std::span<const Fragment> part) -> Result<Subtree> {
    Subtree subtree = SummarizeLeaf(part);
    LANCER_ASSIGN_OR_RETURN(subtree.node,
                            builder->Add({.fragments = {part.begin(), part.end()}}));
    return subtree;
  });
}

Result<std::vector<Subtree>> WriteInner(std::span<const Subtree> children,
                                        NodeFileBuilder* builder) {
  return WriteNodes(children, [&](std::span<const Subtree> part) -> Result<Subtree> {
    LANCER_ASSIGN_OR_RETURN(Subtree subtree, SummarizeChildren(part));
    LANCER_ASSIGN_OR_RETURN(
        subtree.node,
        builder->Add({.level = subtree.level, .children = {part.begin(), part.end()}}));
    return subtree;
  });
}

// The nodes that replace the right edge below `subtree`.
Result<std::vector<Subtree>> Extend(const Subtree& subtree,
                                    std::span<const Fragment> fragments, NodeCache& cache,
                                    NodeFileBuilder* builder) {
  LANCER_ASSIGN_OR_RETURN(TreeNodePtr node, cache.Read(subtree));
  if (node->level == 0) {
    std::vector<Fragment> all = node->fragments;
    all.insert(all.end(), fragments.begin(), fragments.end());
    return WriteLeaves(all, builder);
  }
  std::vector<Subtree> children(node->children.begin(), node->children.end() - 1);
  LANCER_ASSIGN_OR_RETURN(std::vector<Subtree> edge,
                          Extend(node->children.back(), fragments, cache, builder));
  children.insert(children.end(), edge.begin(), edge.end());
  return WriteInner(children, builder);
}

// Goes down to the leaf that may hold a key: `child_ends_before` tells of a child, and
// `fragment_holds` of a fragment, by themselves and the position where they begin.
template <typename ChildEndsBefore, typename FragmentHolds>
Result<std::optional<TreeHit>> FindKey(const Subtree& root, NodeCache& cache,
                                       const ChildEndsBefore& child_ends_before,
                                       const FragmentHolds& fragment_holds) {
  Subtree at = root;
  uint64_t first = 0;
  while (true) {
    LANCER_ASSIGN_OR_RETURN(TreeNodePtr node, cache.Read(at));
    if (node->level == 0) {
      for (const Fragment& fragment : node->fragments) {
        if (fragment_holds(fragment, first)) {
          return std::optional(
              TreeHit{.leaf = node, .fragment = &fragment, .first_position = first});
        }
        first += fragment.rows;
      }
      return std::optional<TreeHit>();
    }
    size_t i = 0;
    while (i < node->children.size() && child_ends_before(node->children[i], first)) {
      first += node->children[i].totals.rows;
      ++i;
    }
    if (i == node->children.size()) {
      return std::optional<TreeHit>();
    }
    at = node->children[i];
  }
}

Result<bool> VisitBelow(const Subtree& subtree, uint64_t first, uint64_t from,
                        NodeCache& cache, const LeafVisitor& visit) {
  LANCER_ASSIGN_OR_RETURN(TreeNodePtr node, cache.Read(subtree));
  if (node->level == 0) {
    return visit(node, first);
  }
  for (const Subtree& child : node->children) {
    uint64_t end = first + child.totals.rows;
    if (end > from) {
      LANCER_ASSIGN_OR_RETURN(bool more, VisitBelow(child, first, from, cache, visit));
      if (!more) {
        return false;
      }
    }
    first = end;
  }
  return true;
}

}  // namespace

Result<Subtree> AppendToTree(const std::optional<Subtree>& root,
                             std::span<const Fragment> fragments, NodeCache& cache,
                             NodeFileBuilder* builder) {
  std::vector<Subtree> level;
  if (root.has_value()) {
    LANCER_ASSIGN_OR_RETURN(level, Extend(*root, fragments, cache, builder));
  } else {
    LANCER_ASSIGN_OR_RETURN(level, WriteLeaves(fragments, builder));
  }
  while (level.size() > 1) {
    LANCER_ASSIGN_OR_RETURN(level, WriteInner(level, builder));
  }
  return level.front();
}

Result<TreeHit> FindPosition(const Subtree& root, uint64_t position, NodeCache& cache) {
  LANCER_ASSIGN_OR_RETURN(std::optional<TreeHit> hit,
                          FindKey(
                              root, cache,
                              [&](const Subtree& child, uint64_t first) {
                                return position - first >= child.totals.rows;
                              },
                              [&](const Fragment& fragment, uint64_t first) {
                                return position - first < fragment.rows;
                              }));
  // The sums of a node were checked against its parent, so one is always found.
  return hit ? Result<TreeHit>(*hit)
             : Status::Internal("a position lies behind the rows of its tree node");
}

Result<std::optional<TreeHit>> FindFragment(const Subtree& root, FragmentId id,
                                            NodeCache& cache) {
  return FindKey(
      root, cache, [&](const Subtree& child, uint64_t) { return child.last_id < id; },
      [&](const Fragment& fragment, uint64_t) { return fragment.id == id; });
}

Result<std::optional<TreeHit>> FindRow(const Subtree& root, RowId id, NodeCache& cache) {
  return FindKey(
      root, cache, [&](const Subtree& child, uint64_t) { return child.last_row_id < id; },
      [&](const Fragment& fragment, uint64_t) {
        return FindRowId(fragment.row_ids, id).has_value();
      });
}

Status VisitLeaves(const Subtree& root, uint64_t from, NodeCache& cache,
                   const LeafVisitor& visit) {
  if (from >= root.totals.rows) {
    return Status::Ok();
  }
  return VisitBelow(root, 0, from, cache, visit).status();
}

}  // namespace lancer::dataset
