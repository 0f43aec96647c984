// FforPacker: the packed body of an ffor stream: which width, which patches, the bytes.
//
// Ownership: looks at the caller's numbers, which must outlive it. Thread rule: one
// thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "encoding/byte_writer.h"

namespace lancer::encoding {

class FforPacker {
 public:
  // `count` numbers of `bytes` = 1, 2, 4 or 8 bytes whose distances from `reference`
  // (wrapping) are at most `range`.
  FforPacker(const std::byte* in, uint64_t count, unsigned bytes, uint64_t reference,
             uint64_t range);

  // Takes a smaller width with patches when that makes fewer bytes: at most 5 %.
  void AllowPatches();

  unsigned width() const { return width_; }
  uint64_t patch_count() const { return patch_count_; }
  uint8_t flags() const;

  void WriteBody(ByteWriter* out) const;

 private:
  void WritePatches(ByteWriter* out) const;

  const std::byte* in_;
  uint64_t count_;
  unsigned bytes_;
  uint64_t reference_;
  unsigned width_;
  uint64_t patch_count_ = 0;
};

}  // namespace lancer::encoding
