// Where a K page is cut into blocks: even cuts where rows are alike, uneven ones where a
// few long rows would make blocks of very different sizes.
#include "format/block_cut.h"

#include <algorithm>
#include <bit>

#include "format/blocks.h"

namespace lancer::format {
namespace {

// Long rows get blocks of their own.
constexpr double kLongRowBytes = 32 << 10;
// What a slot weighs at least, so that empty lists and nulls fill blocks too.
constexpr double kLeastSlotBytes = 1.0 / 8;

// Estimated encoded bytes of each row.
class RowWeights {
 public:
  RowWeights(const PageInput& input, double bytes_per_value,
             std::span<const double> lengths_bytes)
      : input_(input), lengths_bytes_(lengths_bytes) {
    next_.assign(input.shape.levels.size() + 1, 0);
    value_bytes_ = std::max(bytes_per_value, kLeastSlotBytes);
    if (input.values.type.kind == encoding::PhysicalKind::kBytes &&
        input.statistics.total_bytes > 0) {
      // What is not lengths shrinks and grows with the payload.
      payload_share_ = bytes_per_value * static_cast<double>(input.values.count) /
                       static_cast<double>(input.statistics.total_bytes);
      value_bytes_ = 1;
    }
  }

  double Next() {
    double weight = 0;
    uint64_t slots = 1;
    size_t list = 0;
    for (size_t i = 0; i < input_.shape.levels.size(); ++i) {
      const uint64_t first = next_[i];
      next_[i] += slots;
      const Level& level = input_.shape.levels[i];
      double slot_bytes = kLeastSlotBytes;
      if (level.kind == LevelKind::kFixedList) {
        slots *= level.fixed_size;
      } else if (level.kind == LevelKind::kList) {
        slot_bytes = std::max(slot_bytes, lengths_bytes_[list++]);
        uint64_t below = 0;
        for (uint64_t slot = first; slot < next_[i]; ++slot) {
          below += input_.buffer.levels[i].lengths[slot];
        }
        slots = below;
      }
      weight += static_cast<double>(next_[i] - first) * slot_bytes;
    }
    const uint64_t first = next_.back();
    next_.back() += slots;
    weight += static_cast<double>(slots) * value_bytes_;
    if (payload_share_ > 0) {
      weight += payload_share_ * static_cast<double>(input_.values.offsets[next_.back()] -
                                                     input_.values.offsets[first]);
    }
    return weight;
  }

 private:
  const PageInput& input_;
  std::span<const double> lengths_bytes_;
  double value_bytes_;
  double payload_share_ = 0;
  std::vector<uint64_t> next_;
};

bool RowsMayDiffer(const PageInput& input) {
  return input.shape.has_lists() ||
         (input.values.type.kind == encoding::PhysicalKind::kBytes &&
          static_cast<double>(input.statistics.max_length) > kLongRowBytes);
}

// Greedy: a block ends before the row that would take it over the target, and around a
// long row.
std::vector<uint64_t> UnevenStarts(const std::vector<float>& weights, double target) {
  std::vector<uint64_t> starts = {0};
  double block = 0;
  bool long_row = false;
  for (uint64_t row = 0; row < weights.size(); ++row) {
    const double weight = weights[row];
    const uint64_t rows = row - starts.back();
    const bool after_long_row = long_row;
    long_row = weight > kLongRowBytes;
    if (rows > 0 && (after_long_row || long_row || block + weight > target ||
                     rows == kMaxUnevenRows)) {
      starts.push_back(row);
      block = 0;
    }
    block += weight;
  }
  starts.push_back(weights.size());
  return starts;
}

}  // namespace

BlockCut CutBlocks(const PageInput& input, double bytes_per_value,
                   std::span<const double> lengths_bytes, uint64_t block_rows) {
  BlockCut cut;
  const uint64_t rows = std::max<uint64_t>(input.buffer.rows, 1);
  cut.shift = static_cast<uint8_t>(std::min<uint64_t>(
      std::bit_width(std::max<uint64_t>(block_rows, 1)) - 1, kMaxBlockShift));
  if (!RowsMayDiffer(input)) {
    return cut;
  }
  RowWeights row_weights(input, bytes_per_value, lengths_bytes);
  std::vector<float> weights(input.buffer.rows);
  double total = 0;
  double longest = 0;
  for (float& weight : weights) {
    const double row = row_weights.Next();
    weight = static_cast<float>(row);
    total += row;
    longest = std::max(longest, row);
  }
  const double target =
      std::clamp(total / static_cast<double>(rows) * static_cast<double>(block_rows),
                 4096.0, 262144.0);
  // The heaviest even block, in rows of the page's order.
  double heaviest = 0;
  const uint64_t step = uint64_t{1} << cut.shift;
  for (uint64_t row = 0; row < weights.size(); row += step) {
    double block = 0;
    for (uint64_t i = row; i < std::min<uint64_t>(row + step, weights.size()); ++i) {
      block += weights[i];
    }
    heaviest = std::max(heaviest, block);
  }
  if (heaviest > std::max(4 * target, kLongRowBytes) && step > 1) {
    cut.uneven = true;
    cut.starts = UnevenStarts(weights, target);
  }
  return cut;
}

}  // namespace lancer::format
