#include "format/column_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "encoding/candidates.h"
#include "encoding/encoding.h"
#include "encoding/stream.h"
#include "encoding/tree_text.h"
#include "format/leaf.h"
#include "format/packed_struct.h"
#include "types/array_layout.h"
#include "types/coded_rows.h"
#include "types/extension.h"

namespace lancer::format {
namespace {

constexpr std::string_view kPrefix = "lancer.";
// What conversions to other formats leave behind; it asks nothing of the writer.
constexpr std::string_view kOfConversion = "lancer.fixed_size_list";
constexpr std::array<std::string_view, 2> kOfConversions = {"lancer.npy.",
                                                            "lancer.set_aside."};

std::optional<Profile> ParseProfile(std::string_view text) {
  for (const Profile profile : {Profile::kRandom, Profile::kCompact, Profile::kArchive}) {
    if (ProfileName(profile) == text) {
      return profile;
    }
  }
  return std::nullopt;
}

Status CheckProfile(std::string_view text) {
  return ParseProfile(text).has_value()
             ? Status::Ok()
             : Status::InvalidArgument(
                   fmt::format("\"{}\" is not one of random, compact, archive", text));
}

// Do all dicts at and below a node hold values of the leaf's type? Leaves `node` behind
// them. REQUIRES: a tree that holds values of the leaf's type.
bool DictsFit(const encoding::EncodingTree& tree, const encoding::PhysicalType& leaf,
              const encoding::PhysicalType& type, size_t* node) {
  const encoding::EncodingNode& here = tree.nodes[(*node)++];
  bool fit = here.id != encoding::EncodingId::kDict || type == leaf;
  const encoding::Encoding& encoding = *encoding::FindEncoding(here.id)->encoding;
  for (unsigned i = 0; i < here.child_count; ++i) {
    fit = DictsFit(tree, leaf, encoding.ChildType(type, here, i), node) && fit;
  }
  return fit;
}

Status CheckEncoding(const Field& field, std::string_view text) {
  LANCER_ASSIGN_OR_RETURN(const encoding::EncodingTree tree, encoding::ParseTree(text));
  const std::vector<LeafShape> leaves = LeavesOf(field);
  if (leaves.size() != 1) {
    return Status::InvalidArgument(
        fmt::format("the field has {} columns of values below it; ask for an encoding on "
                    "the field of one of them",
                    leaves.size()));
  }
  if (encoding::Contains(tree, encoding::EncodingId::kConstant)) {
    return Status::InvalidArgument("constant holds one value only");
  }
  if (!encoding::CheckTree(tree, leaves[0].type).ok()) {
    return Status::InvalidArgument(fmt::format("{} does not hold values of type {}",
                                               tree.ToString(),
                                               leaves[0].declared->ToString()));
  }
  size_t node = 0;
  if (!DictsFit(tree, leaves[0].type, leaves[0].type, &node)) {
    return Status::InvalidArgument(fmt::format(
        "{} has dict where there are no values of type {}, which alone stand in the "
        "dictionary",
        tree.ToString(), leaves[0].declared->ToString()));
  }
  if (MayBeCoded(*leaves[0].declared) && leaves[0].declared->parameters().ordered &&
      tree.nodes[0].id != encoding::EncodingId::kDict) {
    return Status::InvalidArgument(
        fmt::format("{} does not keep the order of a dictionary; ask for dict, or make "
                    "the type unordered",
                    tree.ToString()));
  }
  return Status::Ok();
}

Status CheckOption(const Field& field, std::string_view key, std::string_view value) {
  if (key == kProfileKey) {
    return CheckProfile(value);
  }
  if (key == kEncodingKey) {
    return CheckEncoding(field, value);
  }
  if (key == kPackedKey) {
    return value == "true" ? CheckPacked(field)
                           : Status::InvalidArgument(
                                 fmt::format("\"{}\" is not \"true\"; leave the key out "
                                             "for a struct that is not packed",
                                             value));
  }
  return Status::InvalidArgument(
      fmt::format("no option of this build; there are {}, {} and {}", kProfileKey,
                  kEncodingKey, kPackedKey));
}

bool IsOption(std::string_view key) {
  return key.starts_with(kPrefix) && key != kOfConversion &&
         std::ranges::none_of(kOfConversions, [&](std::string_view other) {
           return key.starts_with(other);
         });
}

// Is there a dictionary whose order a leaf of the type does not keep?
bool LosesOrder(const DataType& declared) {
  bool ordered = false;
  const DataType* type = &declared;
  while (type->kind() == TypeKind::kDictionary ||
         type->kind() == TypeKind::kRunEndEncoded) {
    ordered |= type->parameters().ordered;
    type = type->children().back().type.get();
  }
  return ordered && !MayBeCoded(declared);
}

Status CheckField(const Field& field, bool in_packed, FieldPath* path) {
  path->push_back(field.name);
  if (LosesOrder(*field.type)) {
    return Status::InvalidArgument(
        fmt::format("field {}: the order of {} cannot be kept; make the dictionary "
                    "unordered, or one of flat values other than bool",
                    FormatFieldPath(*path), field.type->ToString()));
  }
  std::set<std::string_view> seen;
  for (const auto& [key, value] : field.metadata) {
    if (!IsOption(key)) {
      continue;
    }
    Status status = Status::InvalidArgument("it stands twice");
    if (seen.insert(key).second) {
      status = in_packed ? Status::InvalidArgument(
                               "a field of a packed struct is no column of its own; ask "
                               "on the struct")
                         : CheckOption(field, key, value);
    }
    if (!status.ok()) {
      return status.WithContext(
          fmt::format("field {}: metadata {}", FormatFieldPath(*path), key));
    }
  }
  for (const Field& child : LayoutType(*field.type).children()) {
    LANCER_RETURN_IF_ERROR(CheckField(child, in_packed || IsPacked(field), path));
  }
  path->pop_back();
  return Status::Ok();
}

}  // namespace

void ColumnOptions::Add(const Field& field) {
  if (field.metadata.empty()) {
    return;
  }
  if (const auto asked = ParseProfile(MetadataValue(field.metadata, kProfileKey))) {
    profile = asked;
  }
  const std::string_view text = MetadataValue(field.metadata, kEncodingKey);
  if (!text.empty()) {
    Result<encoding::EncodingTree> asked = encoding::ParseTree(text);
    if (asked.has_value()) {
      tree = *std::move(asked);
    }
  }
}

Status CheckColumnOptions(const Schema& schema) {
  for (const auto& [key, value] : schema.metadata()) {
    if (IsOption(key)) {
      return Status::InvalidArgument(fmt::format(
          "metadata {} of the schema: a schema has no options; ask on its fields", key));
    }
  }
  FieldPath path;
  for (const Field& field : schema.fields()) {
    LANCER_RETURN_IF_ERROR(CheckField(field, false, &path));
  }
  return Status::Ok();
}

}  // namespace lancer::format
