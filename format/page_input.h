// PageInput: a page that is being written, as selection and the layouts see it.
//
// Ownership: views of the leaf's buffer, which stays while the page is written. Thread
// rule: pure functions.
#pragma once

#include <cstdint>
#include <vector>

#include "encoding/statistics.h"
#include "format/page.h"

namespace lancer::format {

struct PageInput {
  const LeafShape& shape;
  const LeafBuffer& buffer;
  encoding::Values values;
  const encoding::Statistics& statistics;
  const encoding::EncodeResources& resources;
  const PageOptions& options;

  // Bytes of a valid value in memory, of byte strings.
  double MeanLength() const;
  double ValuesPerRow() const;
  // What a value takes without an encoding: its bytes, and its offset if it has one.
  double PlainBytesPerValue() const;
};

// Values [first, first + n) for an encoder, without validity. Bits that do not start at
// a byte are copied to `shifted`.
encoding::Values SliceValues(const encoding::Values& values, uint64_t first, uint64_t n,
                             std::vector<std::byte>* shifted);

}  // namespace lancer::format
