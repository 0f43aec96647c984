#include "encoding/tree_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <vector>

#include "encoding/candidates.h"
#include "encoding/cast.h"
#include "encoding/encoding.h"

namespace lancer::encoding {
namespace {

using Names = std::span<const std::string_view>;

// Names of the parameters 0, 1, ... (spec: types, "Options of a field").
Names ParameterNames(EncodingId id) {
  static constexpr std::string_view kFfor[] = {"patches", "one_width"};
  static constexpr std::string_view kDeltaBase[] = {"unsigned", "signed"};
  static constexpr std::string_view kCast[] = {"float", "half", "bfloat16"};
  static constexpr std::string_view kPredict[] = {"frames", "pictures",
                                                  "frames_of_pictures"};
  static constexpr std::string_view kShuffle[] = {"bytes", "bits", "exponents"};
  static constexpr std::string_view kZstd[] = {"3", "5", "15", "few_matches"};
  switch (id) {
    case EncodingId::kFfor:
      return kFfor;
    case EncodingId::kDeltaBase:
      return kDeltaBase;
    case EncodingId::kCast:
      return kCast;
    case EncodingId::kPredict:
      return kPredict;
    case EncodingId::kShuffle:
      return kShuffle;
    case EncodingId::kZstd:
      return kZstd;
    default:
      return {};
  }
}

// What a node has whose text does not tell. Floats of 2 bytes fit both wider types.
uint8_t UnnamedParameter(EncodingId id) {
  return id == EncodingId::kZstd   ? kLevelOfProfile
         : id == EncodingId::kCast ? kCastToHalf
                                   : 0;
}

Result<uint8_t> ParseParameter(const RegistryRow& row, std::string_view text) {
  const Names names = ParameterNames(row.id);
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) {
    return Status::InvalidArgument(
        names.empty()
            ? fmt::format("encoding {} takes no parameter, found \"{}\"", row.name, text)
            : fmt::format("encoding {} has no parameter \"{}\"; it has {}", row.name,
                          text, fmt::join(names, ", ")));
  }
  return static_cast<uint8_t>(found - names.begin());
}

// tree = node, or node "(" tree ("," tree)* ")", with spaces anywhere between;
// node = name, or name ":" parameter.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), rest_(text) {}

  Result<EncodingTree> Run() {
    EncodingTree tree;
    LANCER_RETURN_IF_ERROR(ParseNode(&tree, 1));
    SkipSpace();
    return rest_.empty() ? Result<EncodingTree>(std::move(tree))
                         : Result<EncodingTree>(Bad());
  }

 private:
  static constexpr size_t kDeepest = 3;

  Status ParseNode(EncodingTree* tree, size_t depth) {
    SkipSpace();
    const std::string_view node = rest_.substr(0, rest_.find_first_of(" (),"));
    rest_.remove_prefix(node.size());
    const size_t colon = node.find(':');
    const std::string_view name = node.substr(0, colon);
    const RegistryRow* row = FindEncodingByName(name);
    if (name.empty()) {
      return Bad();
    }
    if (row == nullptr || row->encoding == nullptr) {
      return Status::InvalidArgument(
          fmt::format("encoding {} is not known to this build", name));
    }
    if (depth > kDeepest) {
      return Status::InvalidArgument(
          fmt::format("\"{}\" is nested deeper than {} encodings", text_, kDeepest));
    }
    const size_t at = tree->nodes.size();
    tree->nodes.push_back({row->id, 0, UnnamedParameter(row->id)});
    if (colon != node.npos) {
      LANCER_ASSIGN_OR_RETURN(tree->nodes[at].parameter,
                              ParseParameter(*row, node.substr(colon + 1)));
    }
    if (!Take('(')) {
      return Status::Ok();
    }
    do {
      LANCER_RETURN_IF_ERROR(ParseNode(tree, depth + 1));
      if (++tree->nodes[at].child_count == UINT8_MAX) {
        return Bad();
      }
    } while (Take(','));
    return Take(')') ? Status::Ok() : Bad();
  }

  bool Take(char c) {
    SkipSpace();
    if (rest_.empty() || rest_[0] != c) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  void SkipSpace() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
  }

  Status Bad() const {
    return Status::InvalidArgument(
        fmt::format("\"{}\" is no encoding tree such as \"dict(ffor)\"", text_));
  }

  std::string_view text_;
  std::string_view rest_;
};

}  // namespace

std::string ParameterText(const EncodingNode& node) {
  const Names names = ParameterNames(node.id);
  const uint8_t unnamed = UnnamedParameter(node.id);
  // Where the first is not what no name means, each is named.
  if (node.parameter == unnamed && (unnamed == 0 || node.parameter >= names.size())) {
    return {};
  }
  return node.parameter < names.size() ? std::string(names[node.parameter])
                                       : std::to_string(node.parameter);
}

std::string EncodingTree::ToString() const {
  std::string text;
  std::vector<size_t> open;  // children still to come, per level
  for (const EncodingNode& node : nodes) {
    const RegistryRow* row = FindEncoding(node.id);
    text += row != nullptr ? std::string(row->name)
                           : fmt::format("encoding_{}", static_cast<unsigned>(node.id));
    const std::string parameter = ParameterText(node);
    text += (parameter.empty() ? "" : ":") + parameter;
    if (node.child_count > 0) {
      text += '(';
      open.push_back(node.child_count);
      continue;
    }
    while (!open.empty() && --open.back() == 0) {
      text += ')';
      open.pop_back();
    }
    if (!open.empty()) {
      text += ", ";
    }
  }
  return text;
}

Result<EncodingTree> ParseTree(std::string_view text) { return Parser(text).Run(); }

}  // namespace lancer::encoding
