// RandomLayout: draws layouts and cuts among all that can hold a page, for files to test
// readers with (WriterOptions::random_encodings). The same page draws the same.
//
// Ownership: owns its state. Thread rule: one thread at a time.
#pragma once

#include <cstdint>

#include "encoding/selection.h"
#include "format/block_cut.h"

namespace lancer::format {

class RandomLayout {
 public:
  // Draws are spread, so that neighbouring pages differ in all of them.
  explicit RandomLayout(uint64_t page_ordinal);

  LayoutKind Layout(const PageInput& input, const encoding::Choice& choice);
  // Even blocks, or uneven ones of any length.
  BlockCut Cut(uint64_t rows);

 private:
  // Below `choices`.
  uint64_t Draw(uint64_t choices);

  uint64_t state_;
};

}  // namespace lancer::format
