#include "format/layout_choice.h"

#include <algorithm>

#include "encoding/candidates.h"

namespace lancer::format {
namespace {

using encoding::EncodingId;
using encoding::PhysicalKind;

constexpr double kShortestVariable = 1024;   // mean bytes of a value in V
constexpr double kLongestBlockValue = 4096;  // mean bytes of a value in K
constexpr double kLongestCompactValue = 64 << 10;
constexpr uint64_t kLongestConstant = 64 << 10;  // bytes, in a page index

// Long values that blocks would not make smaller.
bool PrefersVariable(const PageInput& input, const encoding::EncodingTree& tree) {
  const double length = input.MeanLength();
  if (!FitsVariable(input) || length < kShortestVariable ||
      encoding::Contains(tree, EncodingId::kDict)) {
    return false;
  }
  const bool random = input.options.profile == Profile::kRandom;
  return length > (random ? kLongestBlockValue : kLongestCompactValue) || !HasCodec(tree);
}

}  // namespace

bool IsCodec(EncodingId id) { return id == EncodingId::kZstd || id == EncodingId::kLz4; }

bool HasCodec(const encoding::EncodingTree& tree) {
  return encoding::Contains(tree, EncodingId::kZstd) ||
         encoding::Contains(tree, EncodingId::kLz4);
}

bool FitsUniform(const PageInput& input, const encoding::Choice& choice) {
  const LeafShape& shape = input.shape;
  if (shape.has_lists()) {
    return false;
  }
  if (choice.tree == encoding::ConstantTree()) {
    return shape.type.kind != PhysicalKind::kBytes ||
           input.statistics.max_length <= kLongestConstant;
  }
  const bool fixed_lists = shape.values_per_row() != 1;
  return choice.stride_fixed && shape.type.kind != PhysicalKind::kBytes &&
         (!fixed_lists || input.buffer.validity.null_count == 0);
}

bool FitsVariable(const PageInput& input) {
  return input.shape.type.kind == PhysicalKind::kBytes && !input.shape.has_lists() &&
         !std::ranges::any_of(input.shape.levels, [](const Level& level) {
           return level.kind == LevelKind::kFixedList;
         });
}

LayoutKind ChooseLayout(const PageInput& input, const encoding::Choice& choice) {
  if (FitsUniform(input, choice)) {
    return LayoutKind::kUniform;
  }
  const bool fixed = choice.reason == encoding::ChoiceReason::kAsked &&
                     choice.tree != encoding::PlainTree(input.shape.type);
  return !fixed && PrefersVariable(input, choice.tree) ? LayoutKind::kVariable
                                                       : LayoutKind::kBlocks;
}

}  // namespace lancer::format
