// Values: one leaf's values of a page or block in memory, as encoders see them, and the
// place that decoders write to. Knows nothing of files, schemas or nesting.
// Ownership: views; the memory is the caller's. Thread rule: plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lancer/buffer.h"

namespace lancer::encoding {

enum class PhysicalKind : uint8_t {
  kBits = 0,   // one bit per value
  kFixed = 1,  // `width` bytes per value
  kBytes = 2,  // any number of bytes per value
};

// What the bytes of a kFixed value mean to encoders and statistics.
enum class NumberKind : uint8_t {
  kOpaque = 0,    // bytes without order (fixed-size binary: ordered as unsigned bytes)
  kUnsigned = 1,  // little-endian integers of 1, 2, 4 or 8 bytes
  kSigned = 2,    // two's complement integers of 1, 2, 4, 8, 16 or 32 bytes (decimals)
  kFloat = 3,     // IEEE 754 of 2, 4 or 8 bytes
  kBfloat16 = 4,  // the upper 2 bytes of an IEEE 754 number of 4
};

// Has the kind a sign bit, NaN and two zeros?
constexpr bool IsFloating(NumberKind kind) {
  return kind == NumberKind::kFloat || kind == NumberKind::kBfloat16;
}

struct PhysicalType {
  PhysicalKind kind = PhysicalKind::kFixed;
  NumberKind number = NumberKind::kOpaque;
  uint32_t width = 0;  // bytes per value of kFixed, else 0
  friend bool operator==(const PhysicalType&, const PhysicalType&) = default;
};

// How the values of one tensor lie, row-major. Values come in whole tensors where
// `elements` is not 0.
struct TensorForm {
  uint32_t elements = 0;  // values of a tensor
  uint32_t row = 0;       // of its innermost rows; of a picture: of a row of pixels
  uint32_t channels = 0;  // values of a pixel; 1 when the tensor is no picture
  friend bool operator==(const TensorForm&, const TensorForm&) = default;
};

// Input of an encoder. Slots of null rows hold filler that the caller chose (the nearest
// valid value before them, else after them; no bytes for kBytes), so encoders need not
// look at validity; statistics do.
struct Values {
  PhysicalType type;
  uint64_t count = 0;
  std::span<const std::byte> data;    // kFixed: count * width bytes; kBytes: the payload;
                                      // kBits: bitmap, least significant bit first
  std::span<const uint64_t> offsets;  // kBytes: count + 1 ascending positions in `data`
  const std::byte* validity =
      nullptr;             // bitmap of `count` bits from bit 0; null: all valid
  TensorForm tensor = {};  // of kFixed; selection and predict look at it

  // Values [first, first + n). kBits and validity need `first` to be a multiple of 8.
  Values Slice(uint64_t first, uint64_t n) const;
};

// Where decoded values go. Decoders append `count` values behind what is there.
// For kFixed and kBits the caller gives memory of the exact size; 64 bytes behind it may
// be overwritten (kernels store whole vectors), and the caller must own them. For kBytes
// the offsets are written by the decoder, the payload is grown by it.
struct FixedTarget {
  std::byte* data = nullptr;  // kFixed: first value's place; kBits: bitmap
  uint64_t bit_offset = 0;    // kBits: bit of the first value
};

// Grows payload and offsets together; offsets are 64-bit and narrowed at the end by the
// layer that builds arrays. `limit` bounds the payload: decoding more is
// ResourceExhausted.
struct BytesTarget {
  std::vector<uint64_t> offsets;  // starts with one 0 (or the position to go on from)
  MutableBuffer data{0};  // grown with Resize, which does not zero and grows amortised
  uint64_t limit = UINT64_MAX;
};

}  // namespace lancer::encoding
