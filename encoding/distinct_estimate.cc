#include "encoding/distinct_estimate.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "encoding/checksum.h"
#include "encoding/value_at.h"

namespace lancer::encoding {
namespace {

constexpr unsigned kIndexBits = 12;
constexpr size_t kRegisters = size_t{1} << kIndexBits;

// Each register keeps the longest run of leading zeros, plus one, of the hashes that fall
// to it.
using Registers = std::array<uint8_t, kRegisters>;

void Insert(uint64_t hash, Registers* registers) {
  const auto index = static_cast<size_t>(hash >> (64 - kIndexBits));
  const uint64_t rest = hash << kIndexBits | kRegisters >> 1;  // ends the run of zeros
  const auto rank = static_cast<uint8_t>(std::countl_zero(rest) + 1);
  (*registers)[index] = std::max((*registers)[index], rank);
}

double Estimate(const Registers& registers) {
  std::array<uint32_t, 64> of_rank{};
  for (const uint8_t rank : registers) {
    ++of_rank[rank];
  }
  double sum = 0;  // of powers of two: exact, so the order does not matter
  for (size_t rank = 0; rank < of_rank.size(); ++rank) {
    sum += std::ldexp(of_rank[rank], -static_cast<int>(rank));
  }
  constexpr double kCount = kRegisters;
  constexpr double kBias = 0.7213 / (1 + 1.079 / kCount);
  const double raw = kBias * kCount * kCount / sum;
  // Few values: the share of empty registers tells more.
  return raw <= 2.5 * kCount && of_rank[0] > 0 ? kCount * std::log(kCount / of_rank[0])
                                               : raw;
}

}  // namespace

uint64_t EstimateDistinct(const Values& values) {
  Registers registers{};
  uint64_t valid = 0;
  for (uint64_t i = 0; i < values.count; ++i) {
    if (IsValid(values, i)) {
      // A stored number depends on it, so it is the checksum's hash, which never changes.
      Insert(Checksum64(ValueAt(values, i)), &registers);
      ++valid;
    }
  }
  return std::min(valid, static_cast<uint64_t>(std::llround(Estimate(registers))));
}

}  // namespace lancer::encoding
