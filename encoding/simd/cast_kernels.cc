#include "encoding/simd/cast_kernels.h"

#include <algorithm>
#include <bit>

#include "encoding/byte_order.h"
#include "encoding/simd/clones.h"

namespace lancer::encoding::simd {
namespace {

constexpr uint32_t kSign32 = 0x80000000;

// A narrow type: its bits, and what they are as a float of 4 bytes and back. What does
// not fit comes back as anything else.
struct Half {
  using Bits = uint16_t;

  static uint32_t ToFloat(uint32_t half) {
    const uint32_t magnitude = half & 0x7FFF;
    // Exponents are 112 apart; that of infinity and NaN stays the largest.
    const uint32_t normal =
        (magnitude << 13) + (magnitude >= 0x7C00 ? 0x70000000U : 0x38000000U);
    const uint32_t denormal = std::bit_cast<uint32_t>(
        static_cast<float>(static_cast<int32_t>(magnitude)) * 0x1p-24F);
    return (half & 0x8000) << 16 | (magnitude < 0x0400 ? denormal : normal);
  }

  static uint32_t FromFloat(uint32_t bits) {
    const uint32_t magnitude = bits & ~kSign32;
    const uint32_t normal =
        (magnitude - (magnitude >= 0x7F800000 ? 0x70000000U : 0x38000000U)) >> 13;
    // Below 2^-14: units of 2^-24. Others are taken as 0, so that the conversion fits.
    const bool small = magnitude < 0x38800000;
    const float number = std::bit_cast<float>(small ? magnitude : 0);
    const auto denormal = static_cast<uint32_t>(static_cast<int32_t>(number * 0x1p24F));
    return (bits & kSign32) >> 16 | ((small ? denormal : normal) & 0x7FFF);
  }
};

struct Bfloat16 {
  using Bits = uint16_t;
  static uint32_t ToFloat(uint32_t bits) { return bits << 16; }
  static uint32_t FromFloat(uint32_t bits) { return bits >> 16; }
};

struct Float {
  using Bits = uint32_t;
  static uint32_t ToFloat(uint32_t bits) { return bits; }
  static uint32_t FromFloat(uint32_t bits) { return bits; }
};

// The bits of 4-byte floats as those of 8, and back, mostly by integers: a conversion
// would make signalling NaN quiet. Exponents are 896 apart.
uint64_t ToDouble(uint32_t bits) {
  const uint32_t magnitude = bits & ~kSign32;
  const uint64_t normal =
      (uint64_t{magnitude} << 29) +
      (magnitude >= 0x7F800000 ? 0x7000000000000000U : 0x3800000000000000U);
  const auto denormal = std::bit_cast<uint64_t>(
      static_cast<double>(static_cast<int32_t>(magnitude)) * 0x1p-149);
  return uint64_t{bits & kSign32} << 32 | (magnitude < 0x00800000 ? denormal : normal);
}

uint32_t FromDouble(uint64_t bits) {
  const uint64_t magnitude = bits & 0x7FFFFFFFFFFFFFFF;
  const uint64_t normal =
      (magnitude -
       (magnitude >= 0x7FF0000000000000 ? 0x7000000000000000U : 0x3800000000000000U)) >>
      29;
  // Below 2^-126: units of 2^-149.
  const bool small = magnitude < 0x3810000000000000;
  const double number = std::bit_cast<double>(small ? magnitude : 0);
  const auto denormal = static_cast<uint32_t>(static_cast<int32_t>(number * 0x1p149));
  return (static_cast<uint32_t>(bits >> 32) & kSign32) |
         ((small ? denormal : static_cast<uint32_t>(normal)) & ~kSign32);
}

template <typename N, typename Wide>
[[gnu::always_inline]] inline Wide WidenOne(uint32_t bits) {
  if constexpr (sizeof(Wide) == 4) {
    return N::ToFloat(bits);
  } else {
    return ToDouble(N::ToFloat(bits));
  }
}

template <typename N, typename Wide>
[[gnu::always_inline]] inline void WidenAll(const std::byte* __restrict in,
                                            uint64_t count, std::byte* __restrict out) {
  using Bits = typename N::Bits;
  for (uint64_t i = 0; i < count; ++i) {
    StoreLe<Wide>(out + i * sizeof(Wide),
                  WidenOne<N, Wide>(LoadLe<Bits>(in + i * sizeof(Bits))));
  }
}

template <typename N, typename Wide>
[[gnu::always_inline]] inline typename N::Bits NarrowOne(Wide bits) {
  if constexpr (sizeof(Wide) == 4) {
    return static_cast<typename N::Bits>(N::FromFloat(bits));
  } else {
    return static_cast<typename N::Bits>(N::FromFloat(FromDouble(bits)));
  }
}

template <typename N, typename Wide>
[[gnu::always_inline]] inline uint64_t NarrowAll(const std::byte* __restrict in,
                                                 uint64_t count,
                                                 std::byte* __restrict out,
                                                 uint32_t* __restrict misses) {
  using Bits = typename N::Bits;
  constexpr uint64_t kStep = 256;
  uint64_t missed = 0;
  for (uint64_t first = 0; first < count; first += kStep) {
    const uint64_t end = std::min(first + kStep, count);
    Wide differing = 0;
    for (uint64_t i = first; i < end; ++i) {
      const Wide value = LoadLe<Wide>(in + i * sizeof(Wide));
      const Bits narrow = NarrowOne<N, Wide>(value);
      differing |= WidenOne<N, Wide>(narrow) ^ value;
      StoreLe<Bits>(out + i * sizeof(Bits), narrow);
    }
    for (uint64_t i = first; differing != 0 && i < end; ++i) {
      const Wide value = LoadLe<Wide>(in + i * sizeof(Wide));
      misses[missed] = static_cast<uint32_t>(i);
      missed += WidenOne<N, Wide>(NarrowOne<N, Wide>(value)) != value ? 1 : 0;
    }
  }
  return missed;
}

// Of each pair of types one function per vector width.
template <typename N, typename Wide>
LANCER_SIMD_CLONES void WidenClones(const std::byte* in, uint64_t count, std::byte* out) {
  WidenAll<N, Wide>(in, count, out);
}
template <typename N, typename Wide>
LANCER_SIMD_CLONES uint64_t NarrowClones(const std::byte* in, uint64_t count,
                                         std::byte* out, uint32_t* misses) {
  return NarrowAll<N, Wide>(in, count, out, misses);
}

}  // namespace

void Widen(Narrow narrow, unsigned width, const std::byte* in, uint64_t count,
           std::byte* out) {
  switch (narrow) {
    case Narrow::kFloat:
      return WidenClones<Float, uint64_t>(in, count, out);
    case Narrow::kHalf:
      return width == 4 ? WidenClones<Half, uint32_t>(in, count, out)
                        : WidenClones<Half, uint64_t>(in, count, out);
    case Narrow::kBfloat16:
      return width == 4 ? WidenClones<Bfloat16, uint32_t>(in, count, out)
                        : WidenClones<Bfloat16, uint64_t>(in, count, out);
  }
}

uint64_t NarrowFloats(Narrow narrow, unsigned width, const std::byte* in, uint64_t count,
                      std::byte* out, uint32_t* misses) {
  switch (narrow) {
    case Narrow::kFloat:
      return NarrowClones<Float, uint64_t>(in, count, out, misses);
    case Narrow::kHalf:
      return width == 4 ? NarrowClones<Half, uint32_t>(in, count, out, misses)
                        : NarrowClones<Half, uint64_t>(in, count, out, misses);
    case Narrow::kBfloat16:
      return width == 4 ? NarrowClones<Bfloat16, uint32_t>(in, count, out, misses)
                        : NarrowClones<Bfloat16, uint64_t>(in, count, out, misses);
  }
  return 0;
}

}  // namespace lancer::encoding::simd
