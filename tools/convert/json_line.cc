#include "tools/convert/json_line.h"

#include <fmt/format.h>

#include "types/utf8.h"

namespace lancer::tools {

Status JsonLine::Parse(std::string_view line) {
  line_ = line;
  at_ = 0;
  nodes_.clear();
  texts_.clear();
  if (line.size() > UINT32_MAX / 2) {
    return Fault("the line is too long");
  }
  LANCER_RETURN_IF_ERROR(ParseValue(1));
  SkipSpace();
  return at_ == line_.size() ? Status::Ok() : Fault("expected the end of the line");
}

Status JsonLine::Fault(std::string_view what) const {
  if (at_ >= line_.size()) {
    return Status::InvalidArgument(fmt::format("{}, found the end of the line", what));
  }
  return Status::InvalidArgument(fmt::format("{} at byte {}", what, at_ + 1));
}

void JsonLine::SkipSpace() {
  while (at_ < line_.size() &&
         (line_[at_] == ' ' || line_[at_] == '\t' || line_[at_] == '\r')) {
    ++at_;
  }
}

bool JsonLine::Take(char c) {
  if (at_ < line_.size() && line_[at_] == c) {
    ++at_;
    return true;
  }
  return false;
}

// The depth bounds the recursion: a line of 50,000 brackets ends here at the 65th.
Status JsonLine::ParseValue(int depth) {  // NOLINT(misc-no-recursion)
  SkipSpace();
  if (at_ >= line_.size()) {
    return Fault("expected a value");
  }
  const size_t index = nodes_.size();
  nodes_.emplace_back();
  const char c = line_[at_];
  if (c == '{' || c == '[') {
    if (depth > kMaxDepth) {
      return Fault(fmt::format("nested deeper than {} levels", kMaxDepth));
    }
    nodes_[index].kind = c == '{' ? JsonKind::kObject : JsonKind::kList;
    ++at_;
    LANCER_RETURN_IF_ERROR(ParseMembers(c == '{', depth));
  } else if (c == '"') {
    uint32_t begin = 0;
    uint32_t size = 0;
    LANCER_RETURN_IF_ERROR(ParseString(&begin, &size));
    nodes_[index].kind = JsonKind::kString;
    nodes_[index].text_begin = begin;
    nodes_[index].text_size = size;
  } else if (c == 't') {
    nodes_[index].kind = JsonKind::kTrue;
    LANCER_RETURN_IF_ERROR(ParseWord("true"));
  } else if (c == 'f') {
    nodes_[index].kind = JsonKind::kFalse;
    LANCER_RETURN_IF_ERROR(ParseWord("false"));
  } else if (c == 'n') {
    LANCER_RETURN_IF_ERROR(ParseWord("null"));
  } else {
    LANCER_RETURN_IF_ERROR(ParseNumber());
  }
  nodes_[index].next = static_cast<uint32_t>(nodes_.size());
  return Status::Ok();
}

Status JsonLine::ParseMembers(bool is_object, int depth) {  // NOLINT(misc-no-recursion)
  const char close = is_object ? '}' : ']';
  SkipSpace();
  if (Take(close)) {
    return Status::Ok();
  }
  while (true) {
    uint32_t key_begin = 0;
    uint32_t key_size = 0;
    if (is_object) {
      SkipSpace();
      if (at_ >= line_.size() || line_[at_] != '"') {
        return Fault("expected a field name in quotes");
      }
      LANCER_RETURN_IF_ERROR(ParseString(&key_begin, &key_size));
      SkipSpace();
      if (!Take(':')) {
        return Fault("expected ':'");
      }
    }
    const size_t index = nodes_.size();
    LANCER_RETURN_IF_ERROR(ParseValue(depth + 1));
    nodes_[index].key_begin = key_begin;
    nodes_[index].key_size = key_size;
    SkipSpace();
    if (Take(close)) {
      return Status::Ok();
    }
    if (!Take(',')) {
      return Fault(is_object ? "expected ',' or '}'" : "expected ',' or ']'");
    }
  }
}

Status JsonLine::ParseWord(std::string_view word) {
  if (!line_.substr(at_).starts_with(word)) {
    return Fault("expected a value");
  }
  at_ += word.size();
  return Status::Ok();
}

bool JsonLine::TakeDigits() {
  const size_t begin = at_;
  while (at_ < line_.size() && line_[at_] >= '0' && line_[at_] <= '9') {
    ++at_;
  }
  return at_ > begin;
}

Status JsonLine::ParseNumber() {
  const size_t begin = at_;
  Take('-');
  if (!Take('0') && !TakeDigits()) {
    return Fault("expected a value");
  }
  if (Take('.') && !TakeDigits()) {
    return Fault("expected a digit");
  }
  if (Take('e') || Take('E')) {
    if (!Take('+')) {
      Take('-');
    }
    if (!TakeDigits()) {
      return Fault("expected a digit");
    }
  }
  JsonNode& node = nodes_.back();
  node.kind = JsonKind::kNumber;
  node.text_begin = static_cast<uint32_t>(texts_.size());
  node.text_size = static_cast<uint32_t>(at_ - begin);
  texts_.append(line_.substr(begin, at_ - begin));
  return Status::Ok();
}

Status JsonLine::ParseString(uint32_t* begin, uint32_t* size) {
  *begin = static_cast<uint32_t>(texts_.size());
  ++at_;  // the quote
  while (true) {
    const size_t run = at_;
    while (at_ < line_.size() && line_[at_] != '"' && line_[at_] != '\\' &&
           static_cast<unsigned char>(line_[at_]) >= 0x20) {
      ++at_;
    }
    texts_.append(line_.substr(run, at_ - run));
    if (at_ >= line_.size()) {
      return Fault("expected a closing quote");
    }
    if (Take('"')) {
      break;
    }
    if (!Take('\\')) {
      return Fault("a control character in a text");
    }
    LANCER_RETURN_IF_ERROR(ParseEscape());
  }
  *size = static_cast<uint32_t>(texts_.size()) - *begin;
  if (!IsUtf8(std::string_view(texts_).substr(*begin))) {
    return Fault("a text that is not UTF-8 ends");
  }
  return Status::Ok();
}

Status JsonLine::ParseEscape() {
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
  if (Take('u')) {
    uint32_t unit = 0;
    LANCER_RETURN_IF_ERROR(ParseHex(&unit));
    if (unit >= 0xDC00 && unit < 0xE000) {
      return Fault("half of a surrogate pair");
    }
    if (unit >= 0xD800 && unit < 0xDC00) {
      uint32_t low = 0;
      if (!Take('\\') || !Take('u')) {
        return Fault("half of a surrogate pair");
      }
      LANCER_RETURN_IF_ERROR(ParseHex(&low));
      if (low < 0xDC00 || low >= 0xE000) {
        return Fault("half of a surrogate pair");
      }
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    AppendUtf8(unit);
    return Status::Ok();
  }
  const size_t index = at_ < line_.size() ? kNames.find(line_[at_]) : kNames.npos;
  if (index == kNames.npos) {
    return Fault("an unknown escape");
  }
  texts_.push_back(kValues[index]);
  ++at_;
  return Status::Ok();
}

Status JsonLine::ParseHex(uint32_t* unit) {
  for (int i = 0; i < 4; ++i) {
    const char c = at_ < line_.size() ? line_[at_] : ' ';
    uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<uint32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<uint32_t>(c - 'A' + 10);
    } else {
      return Fault("expected four hexadecimal digits");
    }
    *unit = *unit << 4 | digit;
    ++at_;
  }
  return Status::Ok();
}

void JsonLine::AppendUtf8(uint32_t code_point) {
  const auto put = [&](uint32_t byte) { texts_.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3F));
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

}  // namespace lancer::tools
