#include "tools/terminal/table.h"

#include <algorithm>
#include <string_view>

namespace lancer::tools {
namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

size_t TextWidth(std::string_view text) {
  const auto continuations = std::count_if(text.begin(), text.end(), IsContinuation);
  return text.size() - static_cast<size_t>(continuations);
}

std::string FitText(std::string_view text, size_t width) {
  std::string fitted;
  size_t characters = 0;
  const bool cut = TextWidth(text) > width;
  const size_t room = cut && width > 3 ? width - 3 : width;
  for (char c : text) {
    if (!IsContinuation(c) && ++characters > room) {
      break;
    }
    const auto byte = static_cast<unsigned char>(c);
    fitted += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  return cut ? fitted + "..." : fitted;
}

std::string Table::Format(size_t max_width) const {
  std::vector<std::vector<std::string>> lines;
  std::vector<std::string> titles;
  for (const Column& column : columns_) {
    titles.push_back(column.title);
  }
  lines.push_back(std::move(titles));
  for (const auto& row : rows_) {
    std::vector<std::string> cells;
    for (const std::string& cell : row) {
      cells.push_back(FitText(cell, max_width));
    }
    lines.push_back(std::move(cells));
  }
  std::vector<size_t> widths(columns_.size(), 0);
  for (const auto& line : lines) {
    for (size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], TextWidth(line[i]));
    }
  }
  std::string text;
  for (const auto& line : lines) {
    std::string out;
    for (size_t i = 0; i < widths.size(); ++i) {
      const std::string padding(widths[i] - TextWidth(line[i]), ' ');
      out += i == 0 ? "" : "  ";
      out += columns_[i].align == Align::kRight ? padding + line[i] : line[i] + padding;
    }
    out.erase(out.find_last_not_of(' ') + 1);
    text += out + "\n";
  }
  return text;
}

}  // namespace lancer::tools
