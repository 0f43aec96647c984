// One chunk of 1,024 numbers of T bits with W bits each (spec: bit packing):
//
//   lanes L = 1024 / T; number i: lane i % L, row i / L; T rows
//   [word 0 of lane 0 .. lane L-1][word 1 of lane 0 .. lane L-1] ... [word W-1 ...]
//
// In a lane, row r occupies bits [r * W, r * W + W) of its words, lowest bit first.
#include "encoding/simd/pack_kernels.h"

#include <cstring>
#include <limits>

#include "encoding/byte_order.h"
#include "encoding/simd/clones.h"

namespace lancer::encoding::simd {
namespace {

template <typename T>
[[gnu::always_inline]] inline void PackChunk(const std::byte* __restrict in,
                                             unsigned width, T reference,
                                             std::byte* __restrict out) {
  constexpr unsigned kBits = std::numeric_limits<T>::digits;
  constexpr unsigned kLanes = kChunkValues / kBits;
  constexpr size_t kRowBytes = size_t{kLanes} * sizeof(T);
  const T mask = static_cast<T>(std::numeric_limits<T>::max() >> (kBits - width));
  for (unsigned row = 0; row < kBits; ++row) {
    const unsigned shift = row * width % kBits;
    const std::byte* from = in + row * kRowBytes;
    std::byte* low = out + row * width / kBits * kRowBytes;
    if (shift == 0) {
      for (unsigned lane = 0; lane < kLanes; ++lane) {
        const T value = static_cast<T>(LoadLe<T>(from + lane * sizeof(T)) - reference);
        StoreLe<T>(low + lane * sizeof(T), static_cast<T>(value & mask));
      }
      continue;
    }
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      const T value = static_cast<T>(LoadLe<T>(from + lane * sizeof(T)) - reference);
      const T kept = LoadLe<T>(low + lane * sizeof(T));
      StoreLe<T>(low + lane * sizeof(T),
                 static_cast<T>(kept | static_cast<T>((value & mask) << shift)));
    }
    if (shift + width > kBits) {
      std::byte* high = low + kRowBytes;
      for (unsigned lane = 0; lane < kLanes; ++lane) {
        const T value = static_cast<T>(LoadLe<T>(from + lane * sizeof(T)) - reference);
        StoreLe<T>(high + lane * sizeof(T),
                   static_cast<T>((value & mask) >> (kBits - shift)));
      }
    }
  }
}

template <typename T>
[[gnu::always_inline]] inline void UnpackChunk(const std::byte* __restrict in,
                                               unsigned width, T reference,
                                               std::byte* __restrict out) {
  constexpr unsigned kBits = std::numeric_limits<T>::digits;
  constexpr unsigned kLanes = kChunkValues / kBits;
  constexpr size_t kRowBytes = size_t{kLanes} * sizeof(T);
  const T mask = static_cast<T>(std::numeric_limits<T>::max() >> (kBits - width));
  for (unsigned row = 0; row < kBits; ++row) {
    const unsigned shift = row * width % kBits;
    const std::byte* low = in + row * width / kBits * kRowBytes;
    std::byte* to = out + row * kRowBytes;
    if (shift + width <= kBits) {
      for (unsigned lane = 0; lane < kLanes; ++lane) {
        const T bits = static_cast<T>(LoadLe<T>(low + lane * sizeof(T)) >> shift);
        StoreLe<T>(to + lane * sizeof(T), static_cast<T>((bits & mask) + reference));
      }
    } else {
      const std::byte* high = low + kRowBytes;
      const unsigned up = kBits - shift;
      for (unsigned lane = 0; lane < kLanes; ++lane) {
        const T bits =
            static_cast<T>(static_cast<T>(LoadLe<T>(low + lane * sizeof(T)) >> shift) |
                           static_cast<T>(LoadLe<T>(high + lane * sizeof(T)) << up));
        StoreLe<T>(to + lane * sizeof(T), static_cast<T>((bits & mask) + reference));
      }
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
    UnpackChunk<T>(in + i * kChunkValues / 8 * width, width, reference,
                   out + i * kChunkValues * sizeof(T));
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

void UnpackChunk64Portable(const std::byte* in, unsigned width, uint64_t reference,
                           std::byte* out) {
  UnpackChunk<uint64_t>(in, width, reference, out);
}

}  // namespace lancer::encoding::simd
