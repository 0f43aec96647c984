#include "format/random_layout.h"

#include "format/blocks.h"
#include "format/layout_choice.h"

namespace lancer::format {

RandomLayout::RandomLayout(uint64_t page_ordinal)
    : state_((page_ordinal + 1) * 0x9E3779B97F4A7C15ULL) {
  state_ ^= state_ >> 29;
}

uint64_t RandomLayout::Draw(uint64_t choices) {
  state_ ^= state_ << 13;
  state_ ^= state_ >> 7;
  state_ ^= state_ << 17;
  return state_ % choices;
}

LayoutKind RandomLayout::Layout(const PageInput& input, const encoding::Choice& choice) {
  if (FitsVariable(input) && Draw(3) == 0) {
    return LayoutKind::kVariable;
  }
  return FitsUniform(input, choice) && Draw(2) == 0 ? LayoutKind::kUniform
                                                    : LayoutKind::kBlocks;
}

BlockCut RandomLayout::Cut(uint64_t rows) {
  BlockCut cut;
  cut.shift = static_cast<uint8_t>(Draw(kMaxBlockShift + 1));
  cut.uneven = Draw(3) == 0;
  if (cut.uneven) {
    const uint64_t most = 1 + Draw(2048);
    for (uint64_t row = 0; row < rows; row += 1 + Draw(most)) {
      cut.starts.push_back(row);
    }
    cut.starts.push_back(rows);
    cut.shift = 0;
  }
  return cut;
}

}  // namespace lancer::format
