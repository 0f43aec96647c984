#include "dataset/node_cache.h"

#include <fmt/format.h>

#include "encoding/checksum.h"

namespace lancer::dataset {

Result<TreeNodePtr> NodeCache::Read(const Subtree& subtree) {
  Key key(subtree.node.file.path, subtree.node.offset);
  {
    std::lock_guard lock(mutex_);
    auto found = by_place_.find(key);
    if (found != by_place_.end() && found->second->subtree == subtree) {
      entries_.splice(entries_.begin(), entries_, found->second);
      return found->second->node;
    }
  }
  LANCER_ASSIGN_OR_RETURN(TreeNodePtr node, Load(subtree));
  std::lock_guard lock(mutex_);
  if (auto found = by_place_.find(key); found != by_place_.end()) {
    entries_.erase(found->second);
    by_place_.erase(found);
  }
  entries_.push_front({key, subtree, node});
  by_place_[key] = entries_.begin();
  if (entries_.size() > kCapacity) {
    by_place_.erase(entries_.back().key);
    entries_.pop_back();
  }
  return node;
}

Result<TreeNodePtr> NodeCache::Load(const Subtree& subtree) const {
  const NodeRef& ref = subtree.node;
  std::string path = paths_.Path(ref.file.path);
  auto file = context_->file_system->OpenForRead(path, MapMode::kNever);
  if (!file) {
    return file.error().code() == StatusCode::kNotFound
               ? Status::Corruption(path + ": a file of tree nodes is missing")
               : file.error();
  }
  if ((*file)->size() != ref.file.size) {
    return Status::Corruption(fmt::format("{}: file size: expected {}, found {}", path,
                                          ref.file.size, (*file)->size()));
  }
  if (ref.size > kMaxNodeBytes) {
    return Status::Corruption(
        fmt::format("{}: tree node at {} of {} bytes, at most {} "
                    "are allowed",
                    path, ref.offset, ref.size, kMaxNodeBytes));
  }
  MutableBuffer bytes(ref.size);
  ReadRange range{ref.offset, bytes.bytes()};
  LANCER_RETURN_IF_ERROR((*file)->ReadBatch(std::span(&range, 1)));
  uint64_t computed = encoding::Checksum64(bytes.bytes());
  if (computed != ref.check) {
    return Status::Corruption(
        fmt::format("{}: tree node at {}: checksum expected {:016x}, computed {:016x}",
                    path, ref.offset, ref.check, computed));
  }
  std::string where = fmt::format("{}: tree node at {}", path, ref.offset);
  LANCER_ASSIGN_OR_RETURN(TreeNode node, ParseTreeNode(bytes.bytes(), subtree, where));
  return std::make_shared<const TreeNode>(std::move(node));
}

}  // namespace lancer::dataset
