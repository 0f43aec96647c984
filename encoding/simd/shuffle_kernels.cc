#include "encoding/simd/shuffle_kernels.h"

#include <algorithm>
#include <bit>

#include "encoding/byte_order.h"
#include "encoding/simd/clones.h"

namespace lancer::encoding::simd {
namespace {

// Values of one pass, so that what a pass over each plane reads again is near.
constexpr uint64_t kTile = 1024;

template <typename T, bool kRotate>
[[gnu::always_inline]] inline void Split(const std::byte* __restrict in, uint64_t count,
                                         std::byte* __restrict out) {
  for (uint64_t base = 0; base < count; base += kTile) {
    const uint64_t n = std::min(kTile, count - base);
    const std::byte* from = in + base * sizeof(T);
    for (unsigned plane = 0; plane < sizeof(T); ++plane) {
      std::byte* to = out + plane * count + base;
      for (uint64_t i = 0; i < n; ++i) {
        T value = LoadLe<T>(from + i * sizeof(T));
        if constexpr (kRotate) {
          value = std::rotl(value, 1);
        }
        to[i] = static_cast<std::byte>(static_cast<uint8_t>(value >> (8 * plane)));
      }
    }
  }
}

template <typename T, bool kRotate>
[[gnu::always_inline]] inline void Join(const std::byte* __restrict in, uint64_t count,
                                        std::byte* __restrict out) {
  for (uint64_t i = 0; i < count; ++i) {
    T value = 0;
    for (unsigned plane = 0; plane < sizeof(T); ++plane) {
      const auto byte = std::to_integer<uint8_t>(in[plane * count + i]);
      value = static_cast<T>(value | static_cast<T>(T{byte} << (8 * plane)));
    }
    if constexpr (kRotate) {
      value = std::rotr(value, 1);
    }
    StoreLe<T>(out + i * sizeof(T), value);
  }
}

void SplitAnyWidth(const std::byte* in, uint64_t count, uint32_t width, std::byte* out) {
  for (uint64_t base = 0; base < count; base += kTile) {
    const uint64_t end = std::min(base + kTile, count);
    for (uint32_t plane = 0; plane < width; ++plane) {
      for (uint64_t i = base; i < end; ++i) {
        out[plane * count + i] = in[i * width + plane];
      }
    }
  }
}

void JoinAnyWidth(const std::byte* in, uint64_t count, uint32_t width, std::byte* out) {
  for (uint64_t base = 0; base < count; base += kTile) {
    const uint64_t end = std::min(base + kTile, count);
    for (uint32_t plane = 0; plane < width; ++plane) {
      for (uint64_t i = base; i < end; ++i) {
        out[i * width + plane] = in[plane * count + i];
      }
    }
  }
}

}  // namespace

LANCER_SIMD_CLONES void SplitBytes(const std::byte* in, uint64_t count, uint32_t width,
                                   std::byte* out) {
  switch (width) {
    case 1:
      return Split<uint8_t, false>(in, count, out);
    case 2:
      return Split<uint16_t, false>(in, count, out);
    case 4:
      return Split<uint32_t, false>(in, count, out);
    case 8:
      return Split<uint64_t, false>(in, count, out);
    default:
      return SplitAnyWidth(in, count, width, out);
  }
}

LANCER_SIMD_CLONES void JoinBytes(const std::byte* in, uint64_t count, uint32_t width,
                                  std::byte* out) {
  switch (width) {
    case 1:
      return Join<uint8_t, false>(in, count, out);
    case 2:
      return Join<uint16_t, false>(in, count, out);
    case 4:
      return Join<uint32_t, false>(in, count, out);
    case 8:
      return Join<uint64_t, false>(in, count, out);
    default:
      return JoinAnyWidth(in, count, width, out);
  }
}

LANCER_SIMD_CLONES void SplitRotatedBytes(const std::byte* in, uint64_t count,
                                          uint32_t width, std::byte* out) {
  switch (width) {
    case 2:
      return Split<uint16_t, true>(in, count, out);
    case 4:
      return Split<uint32_t, true>(in, count, out);
    default:
      return Split<uint64_t, true>(in, count, out);
  }
}

LANCER_SIMD_CLONES void JoinRotatedBytes(const std::byte* in, uint64_t count,
                                         uint32_t width, std::byte* out) {
  switch (width) {
    case 2:
      return Join<uint16_t, true>(in, count, out);
    case 4:
      return Join<uint32_t, true>(in, count, out);
    default:
      return Join<uint64_t, true>(in, count, out);
  }
}

// Swaps blocks of 1, 2 and 4 bits across the diagonal (Warren, "Hacker's Delight", 7-3).
LANCER_SIMD_CLONES void TransposeBits(std::byte* squares, uint64_t count) {
  for (uint64_t i = 0; i < count; ++i) {
    auto square = LoadLe<uint64_t>(squares + i * 8);
    uint64_t moved = (square ^ (square >> 7)) & 0x00AA00AA00AA00AAULL;
    square ^= moved ^ (moved << 7);
    moved = (square ^ (square >> 14)) & 0x0000CCCC0000CCCCULL;
    square ^= moved ^ (moved << 14);
    moved = (square ^ (square >> 28)) & 0x00000000F0F0F0F0ULL;
    square ^= moved ^ (moved << 28);
    StoreLe(squares + i * 8, square);
  }
}

}  // namespace lancer::encoding::simd
