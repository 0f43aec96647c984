// Nulls: the stored form of the validity of a block's or page's rows (spec: nulls).
//
// Ownership: functions on the caller's memory. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lancer/result.h"

namespace lancer::encoding {

// Stored as a u8.
enum class NullKind : uint8_t {
  kNone = 0,       // all rows valid; no bytes
  kAll = 1,        // all rows null; no bytes
  kBitmap = 2,     // one bit per row, 1 = valid, least significant first; spare bits 0
  kPositions = 3,  // u16 per null row, ascending; only for at most 65,536 rows
};

struct EncodedValidity {
  NullKind kind = NullKind::kNone;
  std::vector<std::byte> bytes;
};

// The smallest form; kPositions only when smaller than the bitmap. `validity` holds
// `count` bits from `bit_offset`; null pointer: all valid.
EncodedValidity EncodeValidity(const std::byte* validity, uint64_t bit_offset,
                               uint64_t count);

// Appends what EncodeValidity returns to `out` and gives the kind.
NullKind AppendValidity(const std::byte* validity, uint64_t bit_offset, uint64_t count,
                        std::vector<std::byte>* out);

// Bytes of the stored form, where the kind tells (kPositions is as long as it says).
// Errors: Corruption when `kind` or `size` cannot be of `count` rows.
Status CheckValidity(NullKind kind, std::span<const std::byte> bytes, uint64_t count);

// Writes `count` bits at `bit_offset` of `target`; neighbouring bits stay. Errors:
// Corruption as above, and when positions do not ascend.
Status DecodeValidity(NullKind kind, std::span<const std::byte> bytes, uint64_t count,
                      std::byte* target, uint64_t bit_offset);

// Is row `i` valid? REQUIRES: CheckValidity was ok; i < count.
bool ValidAt(NullKind kind, std::span<const std::byte> bytes, uint64_t i);

// Null rows. REQUIRES: CheckValidity was ok.
uint64_t CountNulls(NullKind kind, std::span<const std::byte> bytes, uint64_t count);

}  // namespace lancer::encoding
