// Near names: what the caller probably meant when a name does not exist.
//
// Ownership: looks at the caller's strings. Thread rule: no shared state.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lancer {

// Insertions, deletions, replacements and swaps of neighbours (each used once) that turn
// `a` into `b`; letter case of ASCII does not count.
size_t EditDistance(std::string_view a, std::string_view b);

// At most `limit` of `names` that are near to `name`, nearest first, ties in the order of
// `names`.
std::vector<std::string> NearNames(std::string_view name,
                                   std::span<const std::string> names, size_t limit = 3);

}  // namespace lancer
