#include "types/near_names.h"

#include <algorithm>
#include <utility>

namespace lancer {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Longer names are cut: the table is quadratic, and such names differ early.
constexpr size_t kMaxLength = 128;

}  // namespace

size_t EditDistance(std::string_view a, std::string_view b) {
  a = a.substr(0, kMaxLength);
  b = b.substr(0, kMaxLength);
  // Three rows of the table: rows[r % 3][j] is the distance of a[0, r) and b[0, j).
  std::vector<size_t> rows[3];
  for (std::vector<size_t>& row : rows) {
    row.resize(b.size() + 1);
  }
  for (size_t j = 0; j <= b.size(); ++j) {
    rows[0][j] = j;
  }
  for (size_t i = 1; i <= a.size(); ++i) {
    std::vector<size_t>& row = rows[i % 3];
    const std::vector<size_t>& above = rows[(i - 1) % 3];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      char left = Lower(a[i - 1]);
      char right = Lower(b[j - 1]);
      row[j] = std::min(
          {above[j] + 1, row[j - 1] + 1, above[j - 1] + (left == right ? 0U : 1U)});
      if (i > 1 && j > 1 && left == Lower(b[j - 2]) && Lower(a[i - 2]) == right) {
        row[j] = std::min(row[j], rows[(i - 2) % 3][j - 2] + 1);
      }
    }
  }
  return rows[a.size() % 3][b.size()];
}

std::vector<std::string> NearNames(std::string_view name,
                                   std::span<const std::string> names, size_t limit) {
  std::vector<std::pair<size_t, size_t>> ranked;  // distance, ordinal
  size_t most = std::max<size_t>(1, std::min<size_t>(4, name.size() / 3));
  for (size_t i = 0; i < names.size(); ++i) {
    size_t distance = EditDistance(name, names[i]);
    // As many edits as letters: nothing in common.
    if (distance <= most && distance < std::max(name.size(), names[i].size())) {
      ranked.emplace_back(distance, i);
    }
  }
  std::ranges::sort(ranked);
  std::vector<std::string> near;
  for (size_t i = 0; i < ranked.size() && i < limit; ++i) {
    near.push_back(names[ranked[i].second]);
  }
  return near;
}

}  // namespace lancer
