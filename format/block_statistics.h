// Block statistics: bounds and null counts per block of each page, one section per leaf,
// which only scans with a range of values load (spec: statistics, "Per block").
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "encoding/statistics.h"
#include "format/page_input.h"
#include "lancer/result.h"

namespace lancer::format {

struct BlockBounds {
  std::optional<encoding::Bound> min, max;
  uint32_t null_count = 0;
  friend bool operator==(const BlockBounds&, const BlockBounds&) = default;
};

// Are bounds of the page's blocks worth keeping? Where values are flat and short.
bool HasBlockBounds(const PageInput& input);

// Bounds as they are stored: byte strings cut to 8 bytes, a maximum then rounded up.
BlockBounds StoredBounds(const encoding::Statistics& statistics);

// One entry per page, in order; a page without block bounds has none.
using PagesOfBounds = std::vector<std::vector<BlockBounds>>;

std::vector<std::byte> SerializeBlockStatistics(const PagesOfBounds& pages);
// Errors: Corruption starting with `where`.
Result<PagesOfBounds> ParseBlockStatistics(std::span<const std::byte> bytes,
                                           uint64_t page_count, const std::string& where);

}  // namespace lancer::format
