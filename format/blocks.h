// Layout K (spec: layouts, "K"): its writer and its reader, and the numbers that both
// share.
//
// Ownership: plain values. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>

#include "encoding/values.h"
#include "format/block_cut.h"

namespace lancer::format {

inline constexpr uint64_t kBlockHeaderBytes = 8;
inline constexpr uint64_t kBlockLevelBytes = 16;
inline constexpr uint64_t kBlockAlignment = 8;
inline constexpr uint8_t kMaxBlockShift = 15;
inline constexpr uint64_t kMaxUnevenRows = 65535;

// Bytes of a block's entry in the page index: offset and check, uneven: first row too.
constexpr uint64_t BlockEntryBytes(bool uneven) { return uneven ? 12 : 8; }

// Slots that a level of one block may have, so that a few hostile bytes cannot ask for
// any amount of memory.
constexpr uint64_t MostBlockSlots(uint64_t page_values) {
  constexpr uint64_t kAlways = uint64_t{1} << 24;
  constexpr uint64_t kMax = uint64_t{1} << 31;
  const uint64_t more = page_values < kMax / 64 ? page_values * 64 : kMax;
  return more > kAlways ? more : kAlways;
}

inline constexpr encoding::PhysicalType kLengthType{encoding::PhysicalKind::kFixed,
                                                    encoding::NumberKind::kUnsigned, 4};

// Fills bytes, index, block_bounds and K's part of meta. REQUIRES: page->trees is set.
// Errors: ResourceExhausted when a dictionary is full; InvalidArgument for rows that are
// longer than a block or a page may be.
Status WriteBlocks(const PageInput& input, const BlockCut& cut, EncodedPage* page);
// Errors: Corruption.
PageResult OpenBlocks(PageSource source);

}  // namespace lancer::format
