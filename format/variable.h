// Layout V: the numbers that its writer and its reader share (spec: layouts, "V").
//
// Ownership: plain values. Thread rule: pure functions.
#pragma once

#include <cstdint>

#include "encoding/codec.h"

namespace lancer::format {

inline constexpr uint64_t kChunkEntryBytes = 24;
inline constexpr uint64_t kValueCheckBytes = 4;
// Bits of a packed number: lengths below 2^32 + 4, and two bits of kind.
inline constexpr unsigned kMostNumberWidth = 36;

enum StoredKind : uint64_t { kRawBytes = 0, kZstdFrame = 1, kDescriptor = 2 };

inline const encoding::Codec& ValueCodec() {
  return static_cast<const encoding::Codec&>(encoding::ZstdEncoding());
}

// Bytes of the lanes that numbers of `width` bits are packed in.
constexpr unsigned LaneBytes(unsigned width) { return width <= 32 ? 4 : 8; }

}  // namespace lancer::format
