// Layout V (spec: layouts, "V"): its writer and its reader, and the numbers that both
// share.
//
// Ownership: plain values. Thread rule: pure functions.
#pragma once

#include <cstdint>

#include "encoding/codec.h"
#include "format/page_input.h"

namespace lancer::format {

inline constexpr uint64_t kChunkEntryBytes = 24;
inline constexpr uint64_t kValueCheckBytes = 4;
// Bits of a packed number: lengths below 2^32 + 4, and two bits of kind.
inline constexpr unsigned kMaxNumberWidth = 36;

enum StoredKind : uint64_t { kRawBytes = 0, kZstdFrame = 1, kDescriptor = 2 };

inline const encoding::Codec& ValueCodec() {
  return static_cast<const encoding::Codec&>(encoding::ZstdEncoding());
}

// Bytes of the lanes that numbers of `width` bits are packed in.
constexpr unsigned LaneBytes(unsigned width) { return width <= 32 ? 4 : 8; }

// Fills bytes, index and V's part of meta. REQUIRES: page->trees is set, the last plain.
Status WriteVariable(const PageInput& input, EncodedPage* page);
// Errors: Corruption.
PageResult OpenVariable(PageSource source);

}  // namespace lancer::format
