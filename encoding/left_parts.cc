#include "encoding/left_parts.h"

#include <algorithm>
#include <bit>
#include <span>

#include "encoding/byte_order.h"

namespace lancer::encoding {
namespace {

constexpr uint64_t kSampled = 256;
constexpr unsigned kExceptionBits = 16 + 16;  // position, left part

struct Group {
  uint16_t part = 0;
  uint64_t values = 0;
};

// Values of equal left parts, the largest groups first. `sorted` ascends.
size_t FindGroups(std::span<const uint64_t> sorted, unsigned right_bits,
                  std::array<Group, kSampled>* groups) {
  size_t count = 0;
  for (const uint64_t value : sorted) {
    const auto part = static_cast<uint16_t>(value >> right_bits);
    if (count == 0 || (*groups)[count - 1].part != part) {
      (*groups)[count++] = {part, 0};
    }
    ++(*groups)[count - 1].values;
  }
  std::stable_sort(groups->begin(), groups->begin() + static_cast<ptrdiff_t>(count),
                   [](const Group& a, const Group& b) { return a.values > b.values; });
  return count;
}

}  // namespace

LeftParts ChooseLeftParts(unsigned width, const std::byte* in, uint64_t count) {
  LeftParts best = {8 * width - 1, 1, {}};
  const uint64_t n = std::min(count, kSampled);
  std::array<uint64_t, kSampled> sample{};
  for (uint64_t i = 0; i < n; ++i) {
    sample[i] = LoadNumber(in + count * i / n * width, width);
  }
  const std::span<uint64_t> sorted(sample.data(), static_cast<size_t>(n));
  std::sort(sorted.begin(), sorted.end());
  std::array<Group, kSampled> groups;
  uint64_t best_bits = UINT64_MAX;
  for (unsigned left_bits = 1; n > 0 && left_bits <= kMaxLeftBits; ++left_bits) {
    const unsigned right_bits = 8 * width - left_bits;
    const size_t found = FindGroups(sorted, right_bits, &groups);
    uint64_t covered = 0;
    for (unsigned k = 0; k < std::min<size_t>(found, kMaxLeftParts); ++k) {
      covered += groups[k].values;
      const uint64_t bits = n * (right_bits + static_cast<unsigned>(std::bit_width(k))) +
                            (n - covered) * kExceptionBits;
      if (bits < best_bits) {
        best_bits = bits;
        best = {right_bits, k + 1, {}};
        for (unsigned j = 0; j <= k; ++j) {
          best.parts[j] = groups[j].part;
        }
      }
    }
  }
  return best;
}

}  // namespace lancer::encoding
