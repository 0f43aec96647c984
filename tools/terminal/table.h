// Table: rows of text in aligned columns.
//
// Ownership: owns its cells. Thread rule: one thread at a time.
#pragma once

#include <string>
#include <vector>

namespace lancer::tools {

class Table {
 public:
  enum class Align : bool { kLeft, kRight };
  struct Column {
    std::string title;
    Align align = Align::kLeft;
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // REQUIRES: one cell per column.
  void AddRow(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }

  // Title line, then a line per row; no spaces at line ends. Cells of more than
  // `max_width` characters are cut and end in "...".
  std::string Format(size_t max_width = 60) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Characters of UTF-8 text; bytes that are none count one each.
size_t TextWidth(std::string_view text);
// The first `width` characters, with "..." as the last three when it was cut, and control
// characters as spaces.
std::string FitText(std::string_view text, size_t width);

}  // namespace lancer::tools
