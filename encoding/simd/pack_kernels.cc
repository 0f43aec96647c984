// One chunk of 1,024 numbers of T bits with W bits each (spec: bit packing):
//
//   lanes L = 1024 / T; number i: lane i % L, row i / L; T rows
//   [word 0 of lane 0 .. lane L-1][word 1 of lane 0 .. lane L-1] ... [word W-1 ...]
//
// In a lane, row r occupies bits [r * W, r * W + W) of its words, lowest bit first. A row
// is 128 bytes whatever T is.
#include "encoding/simd/pack_kernels.h"

#include <bit>
#include <cstring>
#include <limits>
#include <type_traits>

#include "encoding/simd/clones.h"

namespace lancer::encoding::simd {
namespace {

static_assert(std::endian::native == std::endian::little,
              "vectors are moved to and from stored bytes as they are");

constexpr size_t kRowBytes = 128;
// Vectors are spelled out, since compilers make single moves of loops over 16 numbers.
// This size is taken whole or split well by every target.
constexpr size_t kVectorBytes = 32;

template <typename T>
struct Vector {
  typedef T Type __attribute__((vector_size(kVectorBytes)));  // NOLINT: no other spelling
};
template <typename T>
using Numbers = typename Vector<T>::Type;

// Numbers of one byte are shifted two at a time, as machines do not shift bytes; masks
// then take away what came over from the neighbour.
template <typename T>
using ShiftLane = std::conditional_t<sizeof(T) == 1, uint16_t, T>;
template <typename T>
using Shifted = typename Vector<ShiftLane<T>>::Type;

template <typename T>
constexpr unsigned kBits = std::numeric_limits<T>::digits;

// The low `width` bits. REQUIRES: 1 <= width <= kBits<T>.
template <typename T>
constexpr T LowBits(unsigned width) {
  return static_cast<T>(std::numeric_limits<T>::max() >> (kBits<T> - width));
}

// Each word is filled row by row and stored once.
template <typename T>
[[gnu::always_inline]] inline void PackChunk(const std::byte* __restrict in,
                                             unsigned width, T reference,
                                             std::byte* __restrict out) {
  const T mask = LowBits<T>(width);
  for (size_t at = 0; at < kRowBytes; at += kVectorBytes) {
    Numbers<T> word{};
    std::byte* to = out + at;
    unsigned filled = 0;
    for (unsigned row = 0; row < kBits<T>; ++row) {
      Numbers<T> numbers;
      std::memcpy(&numbers, in + row * kRowBytes + at, kVectorBytes);
      numbers = (numbers - reference) & mask;
      const auto lanes = __builtin_bit_cast(Shifted<T>, numbers);
      const auto shifted = lanes << static_cast<ShiftLane<T>>(filled);
      const T above = static_cast<T>(std::numeric_limits<T>::max() << filled);
      word |= __builtin_bit_cast(Numbers<T>, shifted) & above;
      filled += width;
      if (filled < kBits<T>) {
        continue;
      }
      std::memcpy(to, &word, kVectorBytes);
      to += kRowBytes;
      filled -= kBits<T>;
      word = Numbers<T>{};
      if (filled > 0) {
        const auto left = lanes >> static_cast<ShiftLane<T>>(width - filled);
        word = __builtin_bit_cast(Numbers<T>, left) & LowBits<T>(filled);
      }
    }
  }
}

// Calls store(place, distances) for each vector of a chunk, in order; `place` counts
// vectors.
template <typename T, typename StoreVector>
[[gnu::always_inline]] inline void UnpackChunk(const std::byte* __restrict in,
                                               unsigned width, StoreVector store) {
  constexpr size_t kVectors = kRowBytes / kVectorBytes;
  const T mask = LowBits<T>(width);
  unsigned bit = 0;
  for (unsigned row = 0; row < kBits<T>; ++row, bit += width) {
    const unsigned shift = bit % kBits<T>;
    const std::byte* words = in + bit / kBits<T> * kRowBytes;
    const unsigned left = kBits<T> - shift;  // bits of the word, from `shift`
    if (width <= left) {
      for (size_t i = 0; i < kVectors; ++i) {
        Shifted<T> low;
        std::memcpy(&low, words + i * kVectorBytes, kVectorBytes);
        low >>= static_cast<ShiftLane<T>>(shift);
        store(row * kVectors + i, __builtin_bit_cast(Numbers<T>, low) & mask);
      }
      continue;
    }
    const T low_mask = LowBits<T>(left);
    const T high_mask = static_cast<T>(mask ^ low_mask);
    for (size_t i = 0; i < kVectors; ++i) {
      Shifted<T> low;
      Shifted<T> high;
      std::memcpy(&low, words + i * kVectorBytes, kVectorBytes);
      std::memcpy(&high, words + kRowBytes + i * kVectorBytes, kVectorBytes);
      low >>= static_cast<ShiftLane<T>>(shift);
      high <<= static_cast<ShiftLane<T>>(left);
      store(row * kVectors + i, (__builtin_bit_cast(Numbers<T>, low) & low_mask) |
                                    (__builtin_bit_cast(Numbers<T>, high) & high_mask));
    }
  }
}

template <typename T>
[[gnu::always_inline]] inline void PackAll(const std::byte* in, uint64_t chunks,
                                           unsigned width, T reference, std::byte* out) {
  for (uint64_t i = 0; i < chunks; ++i) {
    PackChunk<T>(in + i * kChunkValues * sizeof(T), width, reference,
                 out + i * kChunkValues / 8 * width);
  }
}

template <typename T>
[[gnu::always_inline]] inline void UnpackAll(const std::byte* in, uint64_t chunks,
                                             unsigned width, T reference,
                                             std::byte* out) {
  for (uint64_t i = 0; i < chunks; ++i) {
    std::byte* target = out + i * kChunkValues * sizeof(T);
    UnpackChunk<T>(
        in + i * kChunkValues / 8 * width, width,
        [=](size_t place, const Numbers<T>& distances) __attribute__((always_inline)) {
          const Numbers<T> numbers = distances + reference;
          std::memcpy(target + place * kVectorBytes, &numbers, kVectorBytes);
        });
  }
}

}  // namespace

LANCER_SIMD_CLONES void PackChunks8(const std::byte* in, uint64_t chunks, unsigned width,
                                    uint8_t reference, std::byte* out) {
  PackAll<uint8_t>(in, chunks, width, reference, out);
}
LANCER_SIMD_CLONES void PackChunks16(const std::byte* in, uint64_t chunks, unsigned width,
                                     uint16_t reference, std::byte* out) {
  PackAll<uint16_t>(in, chunks, width, reference, out);
}
LANCER_SIMD_CLONES void PackChunks32(const std::byte* in, uint64_t chunks, unsigned width,
                                     uint32_t reference, std::byte* out) {
  PackAll<uint32_t>(in, chunks, width, reference, out);
}
LANCER_SIMD_CLONES void PackChunks64(const std::byte* in, uint64_t chunks, unsigned width,
                                     uint64_t reference, std::byte* out) {
  PackAll<uint64_t>(in, chunks, width, reference, out);
}

LANCER_SIMD_CLONES void UnpackChunks8(const std::byte* in, uint64_t chunks,
                                      unsigned width, uint8_t reference, std::byte* out) {
  UnpackAll<uint8_t>(in, chunks, width, reference, out);
}
LANCER_SIMD_CLONES void UnpackChunks16(const std::byte* in, uint64_t chunks,
                                       unsigned width, uint16_t reference,
                                       std::byte* out) {
  UnpackAll<uint16_t>(in, chunks, width, reference, out);
}
LANCER_SIMD_CLONES void UnpackChunks32(const std::byte* in, uint64_t chunks,
                                       unsigned width, uint32_t reference,
                                       std::byte* out) {
  UnpackAll<uint32_t>(in, chunks, width, reference, out);
}
LANCER_SIMD_CLONES void UnpackChunks64(const std::byte* in, uint64_t chunks,
                                       unsigned width, uint64_t reference,
                                       std::byte* out) {
  UnpackAll<uint64_t>(in, chunks, width, reference, out);
}

LANCER_SIMD_CLONES void UnpackChunks128(const std::byte* in, uint64_t chunks,
                                        unsigned width, uint64_t reference,
                                        uint64_t reference_high, std::byte* out) {
  using Wide = Numbers<uint64_t>;
  for (uint64_t i = 0; i < chunks; ++i) {
    std::byte* target = out + i * kChunkValues * 16;
    UnpackChunk<uint64_t>(
        in + i * kChunkValues / 8 * width,
        width, [=](size_t place, const Wide& distances) __attribute__((always_inline)) {
          const Wide low = distances + reference;
          // A comparison gives -1 where it holds: the carry.
          const Wide high = reference_high - __builtin_bit_cast(Wide, low < distances);
          const Wide first = __builtin_shufflevector(low, high, 0, 4, 1, 5);
          const Wide second = __builtin_shufflevector(low, high, 2, 6, 3, 7);
          std::byte* to = target + place * 2 * kVectorBytes;
          std::memcpy(to, &first, kVectorBytes);
          std::memcpy(to + kVectorBytes, &second, kVectorBytes);
        });
  }
}

}  // namespace lancer::encoding::simd
