// JsonLine: one line of JSON taken apart, within bounds.
//
// Ownership: keeps copies of all texts; memory is reused from line to line. Thread rule:
// one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lancer/status.h"

namespace lancer::tools {

enum class JsonKind : uint8_t { kNull, kFalse, kTrue, kNumber, kString, kList, kObject };

// A value; those inside it follow in the order of the text.
struct JsonNode {
  JsonKind kind = JsonKind::kNull;
  uint32_t next = 0;  // index of the node behind this value and all inside it
  uint32_t key_begin = 0, key_size = 0;    // of members of objects
  uint32_t text_begin = 0, text_size = 0;  // of strings (unescaped) and numbers (as is)
};

class JsonLine {
 public:
  static constexpr int kMaxDepth = 64;

  // Errors: InvalidArgument saying what is wrong and at which byte of the line, from 1:
  // JSON that is not well formed, text that is not UTF-8, nesting deeper than kMaxDepth.
  Status Parse(std::string_view line);

  // Bytes of the line parsed last.
  size_t line_bytes() const { return line_.size(); }
  // Node 0 is the whole value.
  const std::vector<JsonNode>& nodes() const { return nodes_; }
  std::string_view key(const JsonNode& node) const {
    return std::string_view(texts_).substr(node.key_begin, node.key_size);
  }
  std::string_view text(const JsonNode& node) const {
    return std::string_view(texts_).substr(node.text_begin, node.text_size);
  }

 private:
  Status ParseValue(int depth);
  Status ParseMembers(bool is_object, int depth);
  Status ParseString(uint32_t* begin, uint32_t* size);
  Status ParseEscape();
  Status ParseHex(uint32_t* unit);
  Status ParseNumber();
  Status ParseWord(std::string_view word);
  void AppendUtf8(uint32_t code_point);
  void SkipSpace();
  bool Take(char c);
  bool TakeDigits();
  Status Fault(std::string_view what) const;

  std::string_view line_;
  size_t at_ = 0;
  std::vector<JsonNode> nodes_;
  std::string texts_;
};

}  // namespace lancer::tools
