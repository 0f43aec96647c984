// ffor: numbers as their distance from a reference, bit-packed (spec: encodings, "ffor").
//
// This header lets layout U read one number of a whole-page stream from the bytes of
// its chunk alone; all else goes through stream.h. Ownership: plain values over the
// caller's bytes. Thread rule: pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "encoding/bit_pack.h"
#include "encoding/values.h"
#include "lancer/result.h"

namespace lancer::encoding {

// Parameter of an ffor node: never patches, so that bodies are addressable (layout U).
inline constexpr uint8_t kFforWithoutPatches = 1;

// An ffor stream without patches: how its body is packed.
struct PackedBody {
  PhysicalType type;
  uint64_t count = 0;
  unsigned width = 0;                     // bits per number, 0..64
  std::array<std::byte, 32> reference{};  // the first type.width bytes count
};

// Parses the node header of a patch-free ffor stream (layout U keeps it in the page
// index). Errors: Corruption; Unsupported when the stream has patches or raw values.
Result<PackedBody> ParsePackedBody(PhysicalType type, std::span<const std::byte> header,
                                   uint64_t count);

// Bytes of the whole body.
uint64_t PackedBodyBytes(const PackedBody& body);
// The bytes within the body that hold number `i`. REQUIRES: i < body.count.
PackedRange PackedBodyRange(const PackedBody& body, uint64_t i);

// Writes number `i` (type.width bytes) from the bytes of PackedBodyRange(body, i).
// REQUIRES: i < body.count, `chunk` has that range's size.
void PackedValueAt(const PackedBody& body, std::span<const std::byte> chunk, uint64_t i,
                   std::byte* target);

// Writes the numbers [first, first + n) from `bytes`, which start at the begin of
// PackedBodyRange(body, first) and hold all chunks concerned.
// REQUIRES: first is a multiple of 1,024; first + n is one too, or body.count.
void PackedValues(const PackedBody& body, std::span<const std::byte> bytes,
                  uint64_t first, uint64_t n, std::byte* target);

}  // namespace lancer::encoding
