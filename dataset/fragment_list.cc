#include "dataset/fragment_list.h"

#include <algorithm>
#include <utility>

namespace lancer::dataset {

FragmentList::FragmentList(StoredManifestPtr manifest, std::shared_ptr<NodeCache> cache)
    : manifest_(std::move(manifest)), cache_(std::move(cache)) {
  const Manifest& content = manifest_->manifest;
  tree_rows_ = content.tree ? content.tree->totals.rows : 0;
  row_count_ = tree_rows_;
  starts_.reserve(content.fragments.size());
  for (const Fragment& fragment : content.fragments) {
    starts_.push_back(row_count_);
    row_count_ += fragment.rows;
  }
}

Result<FragmentHit> FragmentList::AtPosition(uint64_t position) const {
  if (position < tree_rows_) {
    LANCER_ASSIGN_OR_RETURN(TreeHit hit,
                            FindPosition(*manifest_->manifest.tree, position, *cache_));
    return FragmentHit{hit.fragment, hit.first_position, std::move(hit.leaf)};
  }
  auto after = std::ranges::upper_bound(starts_, position);
  auto i = static_cast<size_t>(after - starts_.begin()) - 1;
  return FragmentHit{&manifest_->manifest.fragments[i], starts_[i], nullptr};
}

Result<std::optional<FragmentHit>> FragmentList::WithId(FragmentId id) const {
  const Manifest& content = manifest_->manifest;
  if (content.tree && id <= content.tree->last_id) {
    LANCER_ASSIGN_OR_RETURN(std::optional<TreeHit> hit,
                            FindFragment(*content.tree, id, *cache_));
    return hit ? std::optional(FragmentHit{hit->fragment, hit->first_position, hit->leaf})
               : std::nullopt;
  }
  auto found = std::ranges::lower_bound(content.fragments, id, {}, &Fragment::id);
  if (found == content.fragments.end() || found->id != id) {
    return std::optional<FragmentHit>();
  }
  return std::optional(FragmentHit{
      &*found, starts_[static_cast<size_t>(found - content.fragments.begin())], nullptr});
}

Result<std::optional<FragmentHit>> FragmentList::WithRowId(RowId id) const {
  const Manifest& content = manifest_->manifest;
  if (content.tree && id <= content.tree->last_row_id) {
    LANCER_ASSIGN_OR_RETURN(std::optional<TreeHit> hit,
                            FindRow(*content.tree, id, *cache_));
    return hit ? std::optional(FragmentHit{hit->fragment, hit->first_position, hit->leaf})
               : std::nullopt;
  }
  // Row ids ascend from fragment to fragment (checked when the manifest was read).
  auto after = std::ranges::upper_bound(
      content.fragments, id.value, {},
      [](const Fragment& fragment) { return fragment.row_ids.front().first; });
  if (after == content.fragments.begin()) {
    return std::optional<FragmentHit>();
  }
  const Fragment& fragment = *std::prev(after);
  if (!FindRowId(fragment.row_ids, id)) {
    return std::optional<FragmentHit>();
  }
  auto i = static_cast<size_t>(&fragment - content.fragments.data());
  return std::optional(FragmentHit{&fragment, starts_[i], nullptr});
}

Status FragmentList::VisitAll(const std::function<Status(const Fragment&)>& visit) const {
  auto visit_each = [&](const std::vector<Fragment>& fragments) -> Status {
    for (const Fragment& fragment : fragments) {
      LANCER_RETURN_IF_ERROR(visit(fragment));
    }
    return Status::Ok();
  };
  auto visit_leaf = [&](const TreeNodePtr& leaf, uint64_t) -> Result<bool> {
    LANCER_RETURN_IF_ERROR(visit_each(leaf->fragments));
    return true;
  };
  const Manifest& content = manifest_->manifest;
  if (content.tree) {
    LANCER_RETURN_IF_ERROR(VisitLeaves(*content.tree, 0, *cache_, visit_leaf));
  }
  return visit_each(content.fragments);
}

}  // namespace lancer::dataset
