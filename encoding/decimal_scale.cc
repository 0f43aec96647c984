#include "encoding/decimal_scale.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "encoding/simd/decimal_kernels.h"

namespace lancer::encoding {
namespace {

constexpr uint64_t kSampled = 32;
constexpr unsigned kPositionBits = 16;

// Of the sampled floats that are exact at one scale: how many, and the integers' range.
struct Exact {
  uint64_t count = 0;
  int64_t least = INT64_MAX;
  int64_t most = INT64_MIN;

  void Add(int64_t integer) {
    ++count;
    least = std::min(least, integer);
    most = std::max(most, integer);
  }
};

template <typename Bits>
int64_t SignedAt(const std::byte* integers, uint64_t i) {
  Bits bits;
  std::memcpy(&bits, integers + i * sizeof(Bits), sizeof(Bits));
  return static_cast<std::make_signed_t<Bits>>(bits);
}

}  // namespace

unsigned ChooseDecimalScale(unsigned width, const std::byte* in, uint64_t count) {
  const uint64_t n = std::min(count, kSampled);
  std::array<std::byte, kSampled * 8> sample;
  std::array<std::byte, kSampled * 8> integers;
  std::array<uint32_t, kSampled> misses;
  for (uint64_t i = 0; i < n; ++i) {
    std::memcpy(sample.data() + i * width, in + count * i / n * width, width);
  }
  unsigned best = 0;
  uint64_t best_bits = UINT64_MAX;
  for (unsigned scale = 0; scale <= simd::MaxDecimalScale(width); ++scale) {
    const uint64_t missed = simd::FloatsToDecimals(width, sample.data(), n, scale,
                                                   integers.data(), misses.data());
    Exact exact;
    uint64_t next_miss = 0;
    for (uint64_t i = 0; i < n; ++i) {
      if (next_miss < missed && misses[next_miss] == i) {
        ++next_miss;
        continue;
      }
      exact.Add(width == 8 ? SignedAt<uint64_t>(integers.data(), i)
                           : SignedAt<uint32_t>(integers.data(), i));
    }
    const auto range = exact.count == 0 ? uint64_t{0}
                                        : static_cast<uint64_t>(exact.most) -
                                              static_cast<uint64_t>(exact.least);
    const uint64_t bits = n * static_cast<uint64_t>(std::bit_width(range)) +
                          missed * (kPositionBits + 8 * width);
    if (bits < best_bits) {
      best_bits = bits;
      best = scale;
    }
    if (missed == 0) {
      break;  // further digits only make the integers longer
    }
  }
  return best;
}

}  // namespace lancer::encoding
