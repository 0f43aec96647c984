#include "encoding/tree_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "encoding/encoding.h"

namespace lancer::encoding {
namespace {

// What a node does whose text does not tell: differences may fall, floats become those of
// 2 bytes, which fits both wider types.
uint8_t ParameterOf(EncodingId id) {
  return id == EncodingId::kDeltaBase || id == EncodingId::kCast ? 1 : 0;
}

// tree = name, or name "(" tree ("," tree)* ")", with spaces anywhere between.
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
    const std::string_view name = rest_.substr(0, rest_.find_first_of(" (),"));
    rest_.remove_prefix(name.size());
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
    tree->nodes.push_back({row->id, 0, ParameterOf(row->id)});
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

Result<EncodingTree> ParseTree(std::string_view text) { return Parser(text).Run(); }

}  // namespace lancer::encoding
