#include "format/column_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "encoding/candidates.h"
#include "encoding/stream.h"
#include "encoding/tree_text.h"
#include "format/leaf.h"
#include "format/packed_struct.h"
#include "types/array_layout.h"
#include "types/extension.h"

namespace lancer::format {
namespace {

constexpr std::string_view kPrefix = "lancer.";
// What conversions to other formats leave behind; it asks nothing of the writer.
constexpr std::array<std::string_view, 3> kOfConversions = {
    "lancer.fixed_size_list", "lancer.npy.", "lancer.set_aside."};

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

Status CheckEncoding(const Field& field, std::string_view text) {
  LANCER_ASSIGN_OR_RETURN(const encoding::EncodingTree tree, encoding::ParseTree(text));
  const std::vector<LeafShape> leaves = LeavesOf(field);
  if (leaves.size() != 1) {
    return Status::InvalidArgument(
        fmt::format("the field has {} columns of values below it; ask for an encoding on "
                    "the field of one of them",
                    leaves.size()));
  }
  if (tree == encoding::ConstantTree()) {
    return Status::InvalidArgument("constant holds one value only");
  }
  if (!encoding::CheckTree(tree, leaves[0].type).ok()) {
    return Status::InvalidArgument(fmt::format("{} does not hold values of type {}",
                                               tree.ToString(),
                                               leaves[0].declared->ToString()));
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
  return key.starts_with(kPrefix) &&
         std::ranges::none_of(kOfConversions, [&](std::string_view other) {
           return key.starts_with(other);
         });
}

Status CheckField(const Field& field, FieldPath* path) {
  path->push_back(field.name);
  std::set<std::string_view> seen;
  for (const auto& [key, value] : field.metadata) {
    if (!IsOption(key)) {
      continue;
    }
    const Status status = seen.insert(key).second
                              ? CheckOption(field, key, value)
                              : Status::InvalidArgument("it stands twice");
    if (!status.ok()) {
      return status.WithContext(
          fmt::format("field {}: metadata {}", FormatFieldPath(*path), key));
    }
  }
  for (const Field& child : LayoutType(*field.type).children()) {
    LANCER_RETURN_IF_ERROR(CheckField(child, path));
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
  FieldPath path;
  for (const Field& field : schema.fields()) {
    LANCER_RETURN_IF_ERROR(CheckField(field, &path));
  }
  return Status::Ok();
}

}  // namespace lancer::format
