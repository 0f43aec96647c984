// Bit packing: numbers of T bits stored in W bits each (spec: bit packing).
//
// Every full chunk of 1,024 numbers is packed in lanes (simd/pack_kernels.h), the rest
// as one stream of bits, lowest first, padded to a byte. Any number can be read alone.
// Ownership: the caller's memory. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lancer::encoding {

inline constexpr uint64_t kPackChunk = 1024;

// Bytes of `count` numbers of `width` <= 64 bits. Exact for every count below 2^57; the
// caller compares the count with what it can hold before.
constexpr uint64_t PackedBytes(uint64_t count, unsigned width) {
  return count / kPackChunk * (kPackChunk / 8) * width +
         (count % kPackChunk * width + 7) / 8;
}

// Bytes [begin, end) of packed numbers.
struct PackedRange {
  uint64_t begin = 0;
  uint64_t end = 0;
};

// The bytes that hold number `i`: its chunk of 128 * width bytes, or the rest.
constexpr PackedRange PackedChunkRange(uint64_t count, unsigned width, uint64_t i) {
  const uint64_t begin = i / kPackChunk * (kPackChunk / 8) * width;
  const bool in_rest = i / kPackChunk == count / kPackChunk;
  return {begin, in_rest ? PackedBytes(count, width) : begin + (kPackChunk / 8) * width};
}

// Packs the low `width` bits of (number - reference). `value_bytes` is 1, 2, 4 or 8.
// REQUIRES: `out` has PackedBytes(count, width) bytes, zeroed.
void Pack(unsigned value_bytes, const std::byte* in, uint64_t count, unsigned width,
          uint64_t reference, std::byte* out);

// Writes `count` numbers of `value_bytes` each: bits + reference, wrapping.
// REQUIRES: `in` holds PackedBytes(count, width) bytes.
void Unpack(unsigned value_bytes, std::span<const std::byte> in, uint64_t count,
            unsigned width, uint64_t reference, std::byte* out);

// The same for numbers of 16 bytes: packed 64-bit distances + a reference of two halves.
void UnpackWide(std::span<const std::byte> in, uint64_t count, unsigned width,
                uint64_t reference, uint64_t reference_high, std::byte* out);

// The bits of number `i` of `count`, without the reference. REQUIRES: as Unpack.
uint64_t UnpackOne(unsigned value_bytes, std::span<const std::byte> in, uint64_t count,
                   unsigned width, uint64_t i);

// The same from the bytes of PackedChunkRange alone; `i` counts within the chunk.
uint64_t UnpackOneOfChunk(unsigned value_bytes, std::span<const std::byte> chunk,
                          bool full, unsigned width, uint64_t i);

}  // namespace lancer::encoding
