// ByteReader: reads little-endian numbers and spans one after the other, and never past
// the end.
//
// A read that does not fit gives false and leaves the position; the caller turns that
// into a Corruption that names its structure and position(). Ownership: a view of the
// caller's bytes. Thread rule: one thread at a time.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "encoding/byte_order.h"

namespace lancer::encoding {

class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  size_t position() const { return position_; }
  size_t remaining() const { return bytes_.size() - position_; }

  template <std::unsigned_integral T>
  [[nodiscard]] bool Read(T* value) {
    if (remaining() < sizeof(T)) {
      return false;
    }
    *value = LoadLe<T>(bytes_.data() + position_);
    position_ += sizeof(T);
    return true;
  }

  [[nodiscard]] bool ReadSpan(uint64_t size, std::span<const std::byte>* span) {
    if (size > remaining()) {
      return false;
    }
    *span = bytes_.subspan(position_, static_cast<size_t>(size));
    position_ += static_cast<size_t>(size);
    return true;
  }

  [[nodiscard]] bool Skip(uint64_t size) {
    std::span<const std::byte> skipped;
    return ReadSpan(size, &skipped);
  }

  // Base 128, low groups first, at most 10 bytes; the shortest form only.
  [[nodiscard]] bool ReadVarint(uint64_t* value) {
    uint64_t result = 0;
    for (size_t i = 0; i < 10 && i < remaining(); ++i) {
      const auto group = std::to_integer<uint64_t>(bytes_[position_ + i]);
      if (i == 9 && group > 1) {
        return false;
      }
      result |= (group & 0x7F) << (7 * i);
      if (group < 0x80) {
        if (group == 0 && i > 0) {
          return false;
        }
        position_ += i + 1;
        *value = result;
        return true;
      }
    }
    return false;
  }

 private:
  std::span<const std::byte> bytes_;
  size_t position_ = 0;
};

}  // namespace lancer::encoding
