// A node is a FlatBuffer (spec/schemas/tree_node.fbs). A file of nodes:
//
//   [magic 8] [node, 8-byte aligned]... [section "nodes"] [section "schema"?] [frame]

#include "dataset/tree_node.h"

#include <fmt/format.h>

#include <utility>

#include "dataset/fragment_codec.h"
#include "encoding/byte_reader.h"
#include "encoding/byte_writer.h"
#include "encoding/checksum.h"
#include "format/verified_root.h"
#include "generated/tree_node_generated.h"

namespace lancer::dataset {
namespace {

constexpr uint32_t kNodeAlignment = 8;
constexpr std::string_view kNodesSection = "nodes";
constexpr std::string_view kSchemaSection = "schema";

Result<std::vector<Subtree>> UnpackChildren(const stored::TreeNode& stored,
                                            const Subtree& parent,
                                            const std::string& where) {
  std::vector<Subtree> children;
  if (stored.children() == nullptr) {
    return children;
  }
  for (const stored::Subtree* entry : *stored.children()) {
    LANCER_ASSIGN_OR_RETURN(Subtree child,
                            UnpackSubtree(*entry, &parent.node.file, where));
    bool follows = children.empty() || (child.first_id > children.back().last_id &&
                                        child.first_row_id > children.back().last_row_id);
    if (child.level + 1 != parent.level || !follows) {
      return Status::Corruption(
          fmt::format("{}: child with fragments {} to {} of level {} is out of place",
                      where, child.first_id.value, child.last_id.value, child.level));
    }
    children.push_back(std::move(child));
  }
  return children;
}

}  // namespace

std::vector<std::byte> SerializeTreeNode(const TreeNode& node) {
  FlatBufferBuilder builder;
  TableVector<stored::Fragment> fragments;
  TableVector<stored::Subtree> children;
  if (node.level == 0) {
    fragments = PackFragments(builder, node.fragments);
  } else {
    std::vector<flatbuffers::Offset<stored::Subtree>> offsets;
    for (const Subtree& child : node.children) {
      offsets.push_back(PackSubtree(builder, child));
    }
    children = builder.CreateVector(offsets);
  }
  builder.Finish(stored::CreateTreeNode(builder, node.level, fragments, children));
  auto bytes = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
  return {bytes.begin(), bytes.end()};
}

Subtree SummarizeLeaf(std::span<const Fragment> fragments) {
  Subtree subtree;
  subtree.first_id = fragments.front().id;
  subtree.last_id = fragments.back().id;
  subtree.totals = TotalsOf(fragments);
  const RowIdRange& last = fragments.back().row_ids.back();
  subtree.first_row_id = RowId(fragments.front().row_ids.front().first);
  subtree.last_row_id = RowId(last.first + (last.count - 1));
  return subtree;
}

Result<Subtree> SummarizeChildren(std::span<const Subtree> children) {
  Subtree subtree;
  subtree.level = static_cast<uint8_t>(children.front().level + 1);
  subtree.first_id = children.front().first_id;
  subtree.last_id = children.back().last_id;
  subtree.first_row_id = children.front().first_row_id;
  subtree.last_row_id = children.back().last_row_id;
  for (const Subtree& child : children) {
    if (!AddTotals(&subtree.totals, child.totals)) {
      return Status::Corruption(
          fmt::format("the children up to fragment {} state more fragments, rows or "
                      "bytes than can be "
                      "counted",
                      child.last_id.value));
    }
  }
  return subtree;
}

Result<TreeNode> ParseTreeNode(std::span<const std::byte> bytes, const Subtree& subtree,
                               const std::string& where) {
  LANCER_ASSIGN_OR_RETURN(auto root,
                          format::VerifiedRoot<stored::TreeNode>::Make(bytes, {}, where));
  TreeNode node;
  node.level = root->level();
  if (node.level != subtree.level || node.level > kMaxTreeLevel) {
    return Status::Corruption(
        fmt::format("{}: expected level {}, found {}", where, subtree.level, node.level));
  }
  LANCER_ASSIGN_OR_RETURN(node.fragments, UnpackFragments(root->fragments(), where));
  LANCER_ASSIGN_OR_RETURN(node.children, UnpackChildren(*root, subtree, where));
  bool leaf = node.level == 0;
  if (node.fragments.empty() == leaf || node.children.empty() != leaf) {
    return Status::Corruption(fmt::format("{}: level {} with {} fragments, {} children",
                                          where, node.level, node.fragments.size(),
                                          node.children.size()));
  }
  Result<Subtree> found =
      leaf ? SummarizeLeaf(node.fragments) : SummarizeChildren(node.children);
  if (!found) {
    return found.error().WithContext(where);
  }
  found->node = subtree.node;
  if (*found != subtree) {
    return Status::Corruption(fmt::format(
        "{}: holds fragments {} to {} with {} rows, its parent states {} to {} with {}",
        where, found->first_id.value, found->last_id.value, found->totals.rows,
        subtree.first_id.value, subtree.last_id.value, subtree.totals.rows));
  }
  return node;
}

Result<NodeRef> NodeFileBuilder::Add(const TreeNode& node) {
  std::vector<std::byte> bytes = SerializeTreeNode(node);
  if (bytes.size() > kMaxNodeBytes) {
    return Status::Internal(fmt::format("a tree node of {} bytes, at most {} are allowed",
                                        bytes.size(), kMaxNodeBytes));
  }
  NodeRef ref;
  ref.offset = (offset_ + kNodeAlignment - 1) / kNodeAlignment * kNodeAlignment;
  ref.size = static_cast<uint32_t>(bytes.size());
  ref.check = encoding::Checksum64(bytes);
  offset_ = ref.offset + ref.size;
  nodes_.push_back(std::move(bytes));
  refs_.push_back(ref);
  return ref;
}

Result<FileImage> NodeFileBuilder::Finish(std::span<const std::byte> schema) const {
  return MakeFileImage(
      format::FileKind::kTreeNode, [&](format::ContainerWriter& writer) -> Status {
        std::vector<std::byte> places;
        encoding::ByteWriter out(&places);
        for (size_t i = 0; i < nodes_.size(); ++i) {
          LANCER_ASSIGN_OR_RETURN(uint64_t offset,
                                  writer.Append(nodes_[i], kNodeAlignment));
          if (offset != refs_[i].offset) {
            return Status::Internal(fmt::format("a tree node went to {}, not to {}",
                                                offset, refs_[i].offset));
          }
          out.Write<uint64_t>(offset);
          out.Write<uint64_t>(refs_[i].size);
          out.Write<uint64_t>(refs_[i].check);
        }
        LANCER_RETURN_IF_ERROR(writer.AddSection(kNodesSection, places));
        return schema.empty() ? Status::Ok() : writer.AddSection(kSchemaSection, schema);
      });
}

Result<std::vector<NodeRef>> ListNodes(const format::Container& file) {
  std::string where = file.file().path() + ": section nodes";
  Result<BufferPtr> bytes = file.ReadSection(kNodesSection);
  if (!bytes) {
    return bytes.error().code() == StatusCode::kNotFound
               ? Status::Corruption(std::string(bytes.error().message()))
               : bytes.error();
  }
  encoding::ByteReader reader((*bytes)->bytes());
  std::vector<NodeRef> refs;
  while (reader.remaining() > 0) {
    uint64_t offset = 0;
    uint64_t size = 0;
    uint64_t check = 0;
    if (!reader.Read(&offset) || !reader.Read(&size) || !reader.Read(&check) ||
        size > kMaxNodeBytes || offset > file.file().size() ||
        size > file.file().size() - offset) {
      return Status::Corruption(
          fmt::format("{}: entry {} is damaged", where, refs.size()));
    }
    NodeRef ref;
    ref.offset = offset;
    ref.size = static_cast<uint32_t>(size);
    ref.check = check;
    refs.push_back(ref);
  }
  return refs;
}

}  // namespace lancer::dataset
