// BlockCut: where a K page is cut into blocks (spec: layouts, "K").
//
// Ownership: a value. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "format/page_input.h"

namespace lancer::format {

// How a K page is cut into blocks.
struct BlockCut {
  uint8_t shift = 0;  // even: rows per block = 1 << shift
  bool uneven = false;
  std::vector<uint64_t> starts = {};  // uneven: first row of each block, then the rows
};

// Where rows are cut: by the profile's target and by what a value takes encoded.
// `lengths_bytes` is what a length of each kList level takes.
BlockCut CutBlocks(const PageInput& input, double bytes_per_value,
                   std::span<const double> lengths_bytes, uint64_t block_rows);

}  // namespace lancer::format
