// Layout: spec/schemas/tree_node.fbs, explained in spec/manifest.md, "Fragments".

#include "dataset/fragment_codec.h"

#include <fmt/format.h>

#include "dataset/names.h"
#include "format/verified_root.h"
#include "generated/tree_node_generated.h"

namespace lancer::dataset {
namespace {

flatbuffers::Offset<stored::Fragment> PackFragment(FlatBufferBuilder& builder,
                                                   const Fragment& fragment) {
  std::vector<stored::RowIdRange> ids;
  for (const RowIdRange& range : fragment.row_ids) {
    ids.emplace_back(range.first, range.count);
  }
  auto id_vector = builder.CreateVectorOfStructs(ids);
  stored::VersionRun created(fragment.rows, fragment.created.value);
  auto created_vector = builder.CreateVectorOfStructs(&created, 1);
  auto ref = PackRef(builder, fragment.file);
  auto file = stored::CreateColumnFile(builder, ref, fragment.schema_id);
  auto files = builder.CreateVector(&file, 1);
  return stored::CreateFragment(builder, fragment.id.value, fragment.rows, id_vector,
                                files, created_vector);
}

Status RefuseReservedFields(const stored::Fragment& stored, const std::string& where) {
  LANCER_RETURN_IF_ERROR(RefuseReserved(stored.updated() != nullptr, "updated", where));
  LANCER_RETURN_IF_ERROR(
      RefuseReserved(stored.deletions() != nullptr, "deletions", where));
  LANCER_RETURN_IF_ERROR(RefuseReserved(stored.packs() != nullptr, "packs", where));
  return RefuseReserved(stored.row_id_section() != nullptr, "row_id_section", where);
}

Status UnpackFile(const stored::Fragment& stored, const std::string& where,
                  Fragment* fragment) {
  if (stored.files() == nullptr || stored.files()->size() == 0) {
    return Status::Corruption(where + ": no file holds its rows");
  }
  LANCER_RETURN_IF_ERROR(
      RefuseReserved(stored.files()->size() > 1, "files, more than one", where));
  const stored::ColumnFile& file = *stored.files()->Get(0);
  LANCER_RETURN_IF_ERROR(
      RefuseReserved(file.field_ids() != nullptr || file.columns() != nullptr,
                     "files, some columns only", where));
  fragment->schema_id = file.schema_id();
  LANCER_ASSIGN_OR_RETURN(fragment->file, UnpackRef(*file.file(), where));
  return Status::Ok();
}

Result<Fragment> UnpackFragment(const stored::Fragment& stored,
                                const std::string& where) {
  std::string here = fmt::format("{}: fragment {}", where, stored.id());
  LANCER_RETURN_IF_ERROR(RefuseReservedFields(stored, here));
  Fragment fragment;
  fragment.id = FragmentId(stored.id());
  fragment.rows = stored.rows();
  if (!format::IsAligned(stored.row_ids()) || !format::IsAligned(stored.created())) {
    return Status::Corruption(here + ": row ids or created runs are not aligned");
  }
  if (stored.row_ids() != nullptr) {
    for (const stored::RowIdRange* range : *stored.row_ids()) {
      fragment.row_ids.push_back({.first = range->first(), .count = range->count()});
    }
  }
  LANCER_RETURN_IF_ERROR(UnpackFile(stored, here, &fragment));
  if (stored.created() == nullptr || stored.created()->size() == 0) {
    return Status::Corruption(here + ": no version created its rows");
  }
  LANCER_RETURN_IF_ERROR(
      RefuseReserved(stored.created()->size() > 1, "created, more than one run", here));
  const stored::VersionRun& created = *stored.created()->Get(0);
  if (created.rows() != fragment.rows) {
    return Status::Corruption(fmt::format("{}: {} rows, but {} were created", here,
                                          fragment.rows, created.rows()));
  }
  fragment.created = VersionNumber(created.version());
  return fragment;
}

}  // namespace

Status RefuseReserved(bool present, std::string_view field, const std::string& where) {
  return present ? Status::Unsupported(fmt::format(
                       "{}: field '{}' needs a newer version of Lancer", where, field))
                 : Status::Ok();
}

stored::Digest PackDigest(const Digest& digest) { return {digest.low, digest.high}; }
Digest UnpackDigest(const stored::Digest* digest) {
  return digest == nullptr ? Digest{}
                           : Digest{.low = digest->low(), .high = digest->high()};
}

flatbuffers::Offset<stored::Ref> PackRef(FlatBufferBuilder& builder,
                                         const format::FileRef& ref) {
  auto path = builder.CreateString(ref.path);
  stored::Digest digest = PackDigest(ref.digest);
  return stored::CreateRef(builder, path, ref.size, &digest);
}

Result<format::FileRef> UnpackRef(const stored::Ref& ref, const std::string& where) {
  format::FileRef file;
  file.path = ref.path()->str();
  file.size = ref.size();
  file.digest = UnpackDigest(ref.digest());
  LANCER_RETURN_IF_ERROR(CheckReferencePath(file.path, where));
  if (ref.digest() == nullptr) {
    return Status::Corruption(
        fmt::format("{}: the reference to {} states no digest", where, file.path));
  }
  return file;
}

TableVector<stored::Fragment> PackFragments(FlatBufferBuilder& builder,
                                            std::span<const Fragment> fragments) {
  std::vector<flatbuffers::Offset<stored::Fragment>> offsets;
  offsets.reserve(fragments.size());
  for (const Fragment& fragment : fragments) {
    offsets.push_back(PackFragment(builder, fragment));
  }
  return builder.CreateVector(offsets);
}

Result<std::vector<Fragment>> UnpackFragments(
    const StoredTables<stored::Fragment>* stored, const std::string& where) {
  std::vector<Fragment> fragments;
  if (stored == nullptr) {
    return fragments;
  }
  fragments.reserve(stored->size());
  for (const stored::Fragment* entry : *stored) {
    LANCER_ASSIGN_OR_RETURN(Fragment fragment, UnpackFragment(*entry, where));
    fragments.push_back(std::move(fragment));
  }
  LANCER_RETURN_IF_ERROR(CheckFragments(fragments, where));
  return fragments;
}

flatbuffers::Offset<stored::Subtree> PackSubtree(FlatBufferBuilder& builder,
                                                 const Subtree& subtree) {
  flatbuffers::Offset<stored::Ref> file;
  if (!subtree.node.file.path.empty()) {
    file = PackRef(builder, subtree.node.file);
  }
  auto node = stored::CreateNodeRef(builder, file, subtree.node.offset, subtree.node.size,
                                    subtree.node.check);
  return stored::CreateSubtree(
      builder, node, subtree.level, subtree.first_id.value, subtree.last_id.value,
      subtree.totals.fragments, subtree.totals.files, subtree.totals.rows,
      subtree.totals.bytes, subtree.first_row_id.value, subtree.last_row_id.value);
}

Result<Subtree> UnpackSubtree(const stored::Subtree& stored,
                              const format::FileRef* holder, const std::string& where) {
  Subtree subtree;
  const stored::NodeRef& node = *stored.node();
  if (node.file() != nullptr) {
    LANCER_ASSIGN_OR_RETURN(subtree.node.file, UnpackRef(*node.file(), where));
  } else if (holder != nullptr) {
    subtree.node.file = *holder;
  } else {
    return Status::Corruption(where + ": the tree's root names no file");
  }
  subtree.node.offset = node.offset();
  subtree.node.size = node.size();
  subtree.node.check = node.check();
  subtree.level = stored.level();
  subtree.first_id = FragmentId(stored.first_id());
  subtree.last_id = FragmentId(stored.last_id());
  subtree.totals = {.fragments = stored.fragments(),
                    .files = stored.files(),
                    .rows = stored.rows(),
                    .bytes = stored.bytes()};
  subtree.first_row_id = RowId(stored.first_row_id());
  subtree.last_row_id = RowId(stored.last_row_id());
  uint64_t end = 0;
  if (__builtin_add_overflow(node.offset(), node.size(), &end) ||
      end > subtree.node.file.size) {
    return Status::Corruption(fmt::format(
        "{}: a node at {} of {} bytes lies outside {} of {} bytes", where, node.offset(),
        node.size(), subtree.node.file.path, subtree.node.file.size));
  }
  const uint64_t fragments = subtree.totals.fragments;
  if (fragments == 0 || subtree.first_id > subtree.last_id ||
      fragments - 1 > subtree.last_id.value - subtree.first_id.value ||
      subtree.first_row_id > subtree.last_row_id ||
      subtree.last_row_id.value >= kRowIdEnd) {
    return Status::Corruption(
        fmt::format("{}: subtree of {} fragments {} to {} with row ids {} to {}", where,
                    fragments, subtree.first_id.value, subtree.last_id.value,
                    subtree.first_row_id.value, subtree.last_row_id.value));
  }
  return subtree;
}

}  // namespace lancer::dataset
