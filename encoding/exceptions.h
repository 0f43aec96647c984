// Exceptions: the few values of a stream that its encoding cannot say in the common form.
// They are kept aside whole, with their positions (spec: encodings, "Exceptions").
//
// Ownership: views of the caller's bytes. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "encoding/byte_reader.h"
#include "encoding/encoding.h"
#include "lancer/status.h"

namespace lancer::encoding {

class Exceptions {
 public:
  Exceptions() = default;

  // Parses the part of a header that tells how many there are. Errors: Corruption of
  // `encoding`.
  static Status ReadHeader(const Encoding& encoding, ByteReader* reader,
                           uint64_t value_count, unsigned value_bytes, Exceptions* out);
  // Appends that part for exceptions at `positions`, and their body from all `values`.
  static void Write(std::span<const uint32_t> positions, const Values& values,
                    const EncodeSink& sink);
  // Gives the places of exceptions in the common form, `width` bytes each, the value of
  // the place before, so that they cost nothing.
  static void RepeatBefore(std::span<const uint32_t> positions, uint64_t value_count,
                           unsigned width, std::byte* values);

  uint64_t count() const { return count_; }
  uint64_t body_bytes() const { return count_ * (position_bytes_ + value_bytes_); }
  // `body` has body_bytes() bytes and outlives this.
  void SetBody(const std::byte* body) { body_ = body; }

  // REQUIRES of all below: SetBody; k < count().
  uint64_t position(uint64_t k) const;
  const std::byte* value(uint64_t k) const;
  // The value of the exception at position `i`, or null.
  const std::byte* Find(uint64_t i) const;
  // Writes each whole to its place among values back to back.
  void Overwrite(std::byte* values) const;
  // Positions must ascend and lie below `value_count`. Errors: Corruption of `encoding`.
  Status CheckPositions(const Encoding& encoding, uint64_t value_count) const;

 private:
  uint64_t count_ = 0;
  unsigned position_bytes_ = 0;
  unsigned value_bytes_ = 0;
  const std::byte* body_ = nullptr;
};

}  // namespace lancer::encoding
