// The bytes, as NumPy's format description (NEP 1) states them:
//   0   6  magic "\x93NUMPY"
//   6   1  major version 1, 2 or 3
//   7   1  minor version
//   8   2  length of the text, little-endian (4 bytes in versions 2 and 3)
//   10     text: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), },
//          spaces, a line feed; then the values
// The whole header's length is a multiple of 64 in files of today's NumPy.
#include "tools/convert/npy_header.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

namespace lancer::tools {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr uint64_t kMaxTextBytes = 1 << 20;

Status Damaged(std::string what) {
  return Status::Corruption("npy header: " + std::move(what));
}

// Reads the text of a header, which is a Python literal of a fixed shape.
class TextParser {
 public:
  explicit TextParser(std::string_view text) : left_(text) {}

  Status Parse(NpyHeader* header) {
    if (!Take('{')) {
      return Unexpected("'{'");
    }
    while (!Take('}')) {
      LANCER_RETURN_IF_ERROR(ParseEntry(header));
      if (!Take(',') && Peek() != '}') {
        return Unexpected("',' or '}'");
      }
    }
    SkipSpace();
    if (!left_.empty()) {
      return Unexpected("the end");
    }
    return seen_ == 7 ? Status::Ok()
                      : Damaged("descr, fortran_order and shape must all be there");
  }

 private:
  void SkipSpace() {
    while (!left_.empty() && (left_[0] == ' ' || left_[0] == '\n' || left_[0] == '\t')) {
      left_.remove_prefix(1);
    }
  }
  char Peek() {
    SkipSpace();
    return left_.empty() ? '\0' : left_[0];
  }
  bool Take(char c) {
    if (Peek() != c || left_.empty()) {
      return false;
    }
    left_.remove_prefix(1);
    return true;
  }
  bool TakeWord(std::string_view word) {
    SkipSpace();
    if (!left_.starts_with(word)) {
      return false;
    }
    left_.remove_prefix(word.size());
    return true;
  }
  Status Unexpected(std::string_view expected) {
    return Damaged(
        fmt::format("expected {}, found \"{}\"", expected, left_.substr(0, 16)));
  }

  Result<std::string_view> ParseText() {
    const char quote = Peek();
    if (quote != '\'' && quote != '"') {
      return Unexpected("a quoted word");
    }
    const size_t end = left_.find(quote, 1);
    if (end == std::string_view::npos) {
      return Unexpected("a closing quote");
    }
    std::string_view text = left_.substr(1, end - 1);
    left_.remove_prefix(end + 1);
    return text;
  }

  Status ParseEntry(NpyHeader* header) {
    LANCER_ASSIGN_OR_RETURN(std::string_view key, ParseText());
    if (!Take(':')) {
      return Unexpected("':'");
    }
    if (key == "descr") {
      seen_ |= 1;
      return ParseDescr(header);
    }
    if (key == "fortran_order") {
      seen_ |= 2;
      header->fortran_order = TakeWord("True");
      return header->fortran_order || TakeWord("False") ? Status::Ok()
                                                        : Unexpected("True or False");
    }
    if (key == "shape") {
      seen_ |= 4;
      return ParseShape(header);
    }
    return Damaged(fmt::format("unknown key \"{}\"", key));
  }

  Status ParseDescr(NpyHeader* header) {
    if (Peek() == '[') {
      return Status::Unsupported(
          "npy file of records: save each of its fields as an array of its own");
    }
    LANCER_ASSIGN_OR_RETURN(std::string_view descr, ParseText());
    size_t begin = 0;
    header->byte_order = '<';
    if (!descr.empty() && std::string_view("<>=|").find(descr[0]) != descr.npos) {
      header->byte_order = descr[0] == '=' ? '<' : descr[0];
      begin = 1;
    }
    if (descr.size() <= begin) {
      return Damaged(fmt::format("descr \"{}\" is no type", descr));
    }
    header->kind = descr[begin];
    const std::string_view digits = descr.substr(begin + 1);
    int size = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), size);
    const bool is_integer = header->kind == 'i' || header->kind == 'u';
    const bool known =
        error == std::errc() && end == digits.data() + digits.size() &&
        ((header->kind == 'b' && size == 1) ||
         (is_integer && (size == 1 || size == 2 || size == 4 || size == 8)) ||
         (header->kind == 'f' && (size == 2 || size == 4 || size == 8)));
    if (!known) {
      return Status::Unsupported(fmt::format(
          "npy file of type \"{}\": only bool, integers and floats of 2, 4 or 8 bytes "
          "can become a column; convert it in NumPy with astype() first",
          descr));
    }
    header->item_bytes = size;
    return Status::Ok();
  }

  Status ParseShape(NpyHeader* header) {
    if (!Take('(')) {
      return Unexpected("'('");
    }
    header->shape.clear();
    while (!Take(')')) {
      SkipSpace();
      uint64_t value = 0;
      const auto [end, error] =
          std::from_chars(left_.data(), left_.data() + left_.size(), value);
      if (error != std::errc() || header->shape.size() >= 64) {
        return Unexpected("a dimension");
      }
      left_.remove_prefix(static_cast<size_t>(end - left_.data()));
      Take('L');  // long integers of Python 2
      header->shape.push_back(value);
      if (!Take(',') && Peek() != ')') {
        return Unexpected("',' or ')'");
      }
    }
    return Status::Ok();
  }

  std::string_view left_;
  int seen_ = 0;
};

}  // namespace

uint64_t NpyHeader::row_values() const {
  uint64_t values = 1;
  for (size_t i = 1; i < shape.size(); ++i) {
    values *= shape[i];
  }
  return values;
}

uint64_t NpyHeader::data_bytes() const {
  return rows() * row_values() * static_cast<uint64_t>(item_bytes);
}

Status CheckNpyShape(const NpyHeader& header) {
  uint64_t bytes = static_cast<uint64_t>(header.item_bytes);
  uint64_t row_values = 1;
  for (size_t i = 0; i < header.shape.size(); ++i) {
    const uint64_t dimension = header.shape[i];
    if (dimension != 0 && bytes > std::numeric_limits<int64_t>::max() / dimension) {
      return Damaged("shape is too large");
    }
    bytes *= dimension != 0 ? dimension : 1;
    row_values *= i > 0 ? dimension : 1;
  }
  if (row_values > static_cast<uint64_t>(std::numeric_limits<int32_t>::max())) {
    return Status::Unsupported("npy file with more than 2^31 - 1 values per row");
  }
  return Status::Ok();
}

Result<NpyHeader> ParseNpyText(int major_version, int minor_version, std::string text) {
  NpyHeader header;
  header.major_version = major_version;
  header.minor_version = minor_version;
  header.text = std::move(text);
  LANCER_RETURN_IF_ERROR(TextParser(header.text).Parse(&header));
  LANCER_RETURN_IF_ERROR(CheckNpyShape(header));
  return header;
}

Result<uint64_t> NpyHeaderLength(std::span<const std::byte> prefix) {
  const auto at = [&](size_t i) { return static_cast<uint64_t>(prefix[i]); };
  if (prefix.size() < 10) {
    return Damaged(fmt::format("file ends at byte {}", prefix.size()));
  }
  for (size_t i = 0; i < kMagic.size(); ++i) {
    if (at(i) != static_cast<unsigned char>(kMagic[i])) {
      return Damaged("the magic bytes at 0 are not those of an npy file");
    }
  }
  const uint64_t major = at(6);
  if (major < 1 || major > 3) {
    return Damaged(fmt::format("version {}.{}, expected 1 to 3", major, at(7)));
  }
  uint64_t length = at(8) | at(9) << 8;
  if (major > 1) {
    if (prefix.size() < kNpyPrefixBytes) {
      return Damaged(fmt::format("file ends at byte {}", prefix.size()));
    }
    length |= at(10) << 16 | at(11) << 24;
  }
  if (length > kMaxTextBytes) {
    return Damaged(fmt::format("length {} is too large", length));
  }
  return length + (major > 1 ? 12 : 10);
}

Result<NpyHeader> ParseNpyHeader(std::span<const std::byte> header) {
  LANCER_ASSIGN_OR_RETURN(
      uint64_t length,
      NpyHeaderLength(header.first(std::min(header.size(), kNpyPrefixBytes))));
  if (header.size() < length) {
    return Damaged(
        fmt::format("file ends at byte {}, header ends at {}", header.size(), length));
  }
  const int major = static_cast<int>(header[6]);
  const size_t text_begin = major > 1 ? 12 : 10;
  std::string text;
  for (std::byte b : header.subspan(text_begin, length - text_begin)) {
    text.push_back(static_cast<char>(b));
  }
  LANCER_ASSIGN_OR_RETURN(
      NpyHeader parsed,
      ParseNpyText(major, static_cast<int>(header[7]), std::move(text)));
  parsed.data_offset = length;
  return parsed;
}

std::string FormatNpyHeader(const NpyHeader& header) {
  std::string text = header.text;
  if (text.empty()) {
    std::string shape;
    for (size_t i = 0; i < header.shape.size(); ++i) {
      shape += (i == 0 ? "" : ", ") + std::to_string(header.shape[i]);
    }
    shape += header.shape.size() == 1 ? "," : "";
    text = fmt::format("{{'descr': '{}{}{}', 'fortran_order': {}, 'shape': ({}), }}",
                       header.byte_order, header.kind, header.item_bytes,
                       header.fortran_order ? "True" : "False", shape);
    // Room for the first dimension to grow to 21 digits, as NumPy leaves it.
    const size_t digits =
        header.shape.empty() ? 0 : std::to_string(header.shape[0]).size();
    text.append(header.shape.empty() ? 0 : 21 - digits, ' ');
    text.append(63 - (10 + text.size()) % 64, ' ');
    text.push_back('\n');
  }
  std::string bytes(kMagic);
  bytes.push_back(static_cast<char>(header.major_version));
  bytes.push_back(static_cast<char>(header.minor_version));
  const size_t length_bytes = header.major_version > 1 ? 4 : 2;
  for (size_t i = 0; i < length_bytes; ++i) {
    bytes.push_back(static_cast<char>(text.size() >> (8 * i) & 0xFF));
  }
  return bytes + text;
}

}  // namespace lancer::tools
