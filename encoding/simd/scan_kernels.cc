#include "encoding/simd/scan_kernels.h"

#include <algorithm>

#include "encoding/byte_order.h"
#include "encoding/simd/clones.h"

namespace lancer::encoding::simd {
namespace {

// Numbers per inner loop: few enough that counts fit the lane's own type.
template <typename T>
inline constexpr uint64_t kStep = sizeof(T) == 1 ? 128 : 1024;

template <typename T, NumberKind kKind>
[[gnu::always_inline]] inline void ScanStep(const std::byte* in, const std::byte* before,
                                            uint64_t count, ScanResult* result) {
  T low = std::numeric_limits<T>::max();
  T high = 0;
  T changes = 0;
  T descents = 0;
  T zeros = 0;
  T nans = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const T bits = LoadLe<T>(in + i * sizeof(T));
    const T last = LoadLe<T>(before + i * sizeof(T));
    const T key = ToKey<T>(kKind, bits);
    changes = static_cast<T>(changes + static_cast<T>(bits != last));
    descents = static_cast<T>(descents + static_cast<T>(key < ToKey<T>(kKind, last)));
    if constexpr (IsFloating(kKind)) {
      const T magnitude = static_cast<T>(bits & ~kSignBit<T>);
      const bool nan = magnitude > kInfinityBits<T, kKind>;
      zeros = static_cast<T>(zeros + static_cast<T>(magnitude == 0));
      nans = static_cast<T>(nans + static_cast<T>(nan));
      low = std::min(low, nan ? std::numeric_limits<T>::max() : key);
      high = std::max(high, nan ? T{0} : key);
    } else {
      zeros = static_cast<T>(zeros + static_cast<T>(bits == 0));
      low = std::min(low, key);
      high = std::max(high, key);
    }
  }
  result->min_key = std::min<uint64_t>(result->min_key, low);
  result->max_key = std::max<uint64_t>(result->max_key, high);
  result->changes += changes;
  result->descents += descents;
  result->zeros += zeros;
  result->nans += nans;
}

template <typename T, NumberKind kKind>
[[gnu::always_inline]] inline ScanResult ScanAll(const std::byte* in, uint64_t count) {
  ScanResult result;
  // The first number is its own neighbour, so that it adds neither change nor descent.
  if (count > 0) {
    ScanStep<T, kKind>(in, in, 1, &result);
  }
  for (uint64_t i = 1; i < count; i += kStep<T>) {
    const std::byte* at = in + i * sizeof(T);
    ScanStep<T, kKind>(at, at - sizeof(T), std::min(kStep<T>, count - i), &result);
  }
  return result;
}

template <typename T>
[[gnu::always_inline]] inline KeyRange RangeOf(const std::byte* in, uint64_t count,
                                               T flip) {
  T low = std::numeric_limits<T>::max();
  T high = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const T key = static_cast<T>(LoadLe<T>(in + i * sizeof(T)) ^ flip);
    low = std::min(low, key);
    high = std::max(high, key);
  }
  return {low, high};
}

using NK = NumberKind;

LANCER_SIMD_CLONES ScanResult ScanU8(const std::byte* in, uint64_t n) {
  return ScanAll<uint8_t, NK::kUnsigned>(in, n);
}
LANCER_SIMD_CLONES ScanResult ScanU16(const std::byte* in, uint64_t n) {
  return ScanAll<uint16_t, NK::kUnsigned>(in, n);
}
LANCER_SIMD_CLONES ScanResult ScanU32(const std::byte* in, uint64_t n) {
  return ScanAll<uint32_t, NK::kUnsigned>(in, n);
}
LANCER_SIMD_CLONES ScanResult ScanU64(const std::byte* in, uint64_t n) {
  return ScanAll<uint64_t, NK::kUnsigned>(in, n);
}
LANCER_SIMD_CLONES ScanResult ScanS8(const std::byte* in, uint64_t n) {
  return ScanAll<uint8_t, NK::kSigned>(in, n);
}
LANCER_SIMD_CLONES ScanResult ScanS16(const std::byte* in, uint64_t n) {
  return ScanAll<uint16_t, NK::kSigned>(in, n);
}
LANCER_SIMD_CLONES ScanResult ScanS32(const std::byte* in, uint64_t n) {
  return ScanAll<uint32_t, NK::kSigned>(in, n);
}
LANCER_SIMD_CLONES ScanResult ScanS64(const std::byte* in, uint64_t n) {
  return ScanAll<uint64_t, NK::kSigned>(in, n);
}
LANCER_SIMD_CLONES ScanResult ScanF16(const std::byte* in, uint64_t n) {
  return ScanAll<uint16_t, NK::kFloat>(in, n);
}
LANCER_SIMD_CLONES ScanResult ScanB16(const std::byte* in, uint64_t n) {
  return ScanAll<uint16_t, NK::kBfloat16>(in, n);
}
LANCER_SIMD_CLONES ScanResult ScanF32(const std::byte* in, uint64_t n) {
  return ScanAll<uint32_t, NK::kFloat>(in, n);
}
LANCER_SIMD_CLONES ScanResult ScanF64(const std::byte* in, uint64_t n) {
  return ScanAll<uint64_t, NK::kFloat>(in, n);
}

LANCER_SIMD_CLONES KeyRange Range8(const std::byte* in, uint64_t n, uint8_t flip) {
  return RangeOf<uint8_t>(in, n, flip);
}
LANCER_SIMD_CLONES KeyRange Range16(const std::byte* in, uint64_t n, uint16_t flip) {
  return RangeOf<uint16_t>(in, n, flip);
}
LANCER_SIMD_CLONES KeyRange Range32(const std::byte* in, uint64_t n, uint32_t flip) {
  return RangeOf<uint32_t>(in, n, flip);
}
LANCER_SIMD_CLONES KeyRange Range64(const std::byte* in, uint64_t n, uint64_t flip) {
  return RangeOf<uint64_t>(in, n, flip);
}

}  // namespace

ScanResult Scan(NumberKind kind, uint32_t width, const std::byte* in, uint64_t count) {
  const bool is_signed = kind == NumberKind::kSigned;
  const bool is_float = kind == NumberKind::kFloat;
  switch (width) {
    case 1:
      return is_signed ? ScanS8(in, count) : ScanU8(in, count);
    case 2:
      if (kind == NumberKind::kBfloat16) {
        return ScanB16(in, count);
      }
      return is_float ? ScanF16(in, count)
                      : (is_signed ? ScanS16(in, count) : ScanU16(in, count));
    case 4:
      return is_float ? ScanF32(in, count)
                      : (is_signed ? ScanS32(in, count) : ScanU32(in, count));
    default:
      return is_float ? ScanF64(in, count)
                      : (is_signed ? ScanS64(in, count) : ScanU64(in, count));
  }
}

KeyRange FindRange(NumberKind kind, uint32_t width, const std::byte* in, uint64_t count) {
  const bool flip = kind == NumberKind::kSigned;
  switch (width) {
    case 1:
      return Range8(in, count, flip ? kSignBit<uint8_t> : uint8_t{0});
    case 2:
      return Range16(in, count, flip ? kSignBit<uint16_t> : uint16_t{0});
    case 4:
      return Range32(in, count, flip ? kSignBit<uint32_t> : uint32_t{0});
    default:
      return Range64(in, count, flip ? kSignBit<uint64_t> : uint64_t{0});
  }
}

}  // namespace lancer::encoding::simd
