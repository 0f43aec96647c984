// Layout U (spec: layouts, "U"): its writer and its reader, and where the rows of a page
// lie, which both follow.
//
// Ownership: a value. Thread rule: plain value; pure functions.
#pragma once

#include <cstdint>
#include <span>

#include "encoding/encoding_tree.h"
#include "encoding/ffor.h"
#include "format/page_input.h"

namespace lancer::format {

enum class UniformBody : uint8_t { kNone, kPlain, kBits, kPacked };

// Where rows lie in a page's body.
struct UniformGeometry {
  UniformBody body = UniformBody::kNone;
  uint64_t rows = 0;
  uint64_t per_row = 1;  // values
  uint64_t stride = 0;   // bytes of a row: kPlain
  encoding::PackedBody packed;
  uint64_t size = 0;  // bytes of the body

  // `headers`: those of the page's stream. Errors: Corruption, Unsupported.
  static Result<UniformGeometry> Make(const LeafShape& shape,
                                      const encoding::EncodingTree& tree,
                                      std::span<const std::byte> headers, uint64_t rows,
                                      uint64_t values);

  // Bytes before row `row`. REQUIRES: the first row of a check unit, or beyond the last.
  uint64_t BytesBefore(uint64_t row) const;
  // A check unit holds 2^shift rows: the shift of new pages, and whether another fits.
  uint8_t UnitShift() const;
  bool ShiftFits(uint8_t shift) const;
  uint64_t UnitCount(uint8_t shift) const {
    return size == 0 ? 0 : ((rows - 1) >> shift) + 1;
  }
};

// Fills bytes, index, block_bounds and U's part of meta. REQUIRES: page->trees is set,
// and the last tree is constant or of a fixed stride.
Status WriteUniform(const PageInput& input, EncodedPage* page);
// Errors: Corruption.
PageResult OpenUniform(PageSource source);

}  // namespace lancer::format
