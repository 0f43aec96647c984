// Kernels that pack and unpack chunks of 1,024 numbers in lanes (spec: bit packing).
//
// The lanes follow the idea of FastLanes (Afroozeh and Boncz, VLDB 2023): neighbours in
// a row belong to different lanes and are shifted by the same amount, so that vectors of
// any width do it. The reference is added while numbers are in registers. Addresses need
// no alignment.
// Ownership: the caller's memory. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lancer::encoding::simd {

inline constexpr unsigned kChunkValues = 1024;

// Writes `chunks` * 128 * width bytes: the low `width` bits of (value - reference).
// REQUIRES: 1 <= width <= bits of the type; in and out do not overlap.
void PackChunks8(const std::byte* in, uint64_t chunks, unsigned width, uint8_t reference,
                 std::byte* out);
void PackChunks16(const std::byte* in, uint64_t chunks, unsigned width,
                  uint16_t reference, std::byte* out);
void PackChunks32(const std::byte* in, uint64_t chunks, unsigned width,
                  uint32_t reference, std::byte* out);
void PackChunks64(const std::byte* in, uint64_t chunks, unsigned width,
                  uint64_t reference, std::byte* out);

// The inverse: writes `chunks` * 1,024 numbers, each packed bits + reference (wrapping).
void UnpackChunks8(const std::byte* in, uint64_t chunks, unsigned width,
                   uint8_t reference, std::byte* out);
void UnpackChunks16(const std::byte* in, uint64_t chunks, unsigned width,
                    uint16_t reference, std::byte* out);
void UnpackChunks32(const std::byte* in, uint64_t chunks, unsigned width,
                    uint32_t reference, std::byte* out);
void UnpackChunks64(const std::byte* in, uint64_t chunks, unsigned width,
                    uint64_t reference, std::byte* out);

// The same for numbers of 16 bytes: 64-bit distances + a reference of two halves.
void UnpackChunks128(const std::byte* in, uint64_t chunks, unsigned width,
                     uint64_t reference, uint64_t reference_high, std::byte* out);

}  // namespace lancer::encoding::simd
