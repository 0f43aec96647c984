// ByteWriter: appends little-endian numbers and spans to a vector.
//
// Ownership: the vector is the caller's and must outlive the writer. Thread rule: one
// thread at a time.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "encoding/byte_order.h"

namespace lancer::encoding {

class ByteWriter {
 public:
  explicit ByteWriter(std::vector<std::byte>* out) : out_(out) {}

  size_t position() const { return out_->size(); }

  template <std::unsigned_integral T>
  void Write(T value) {
    StoreLe<T>(Extend(sizeof(T)), value);
  }

  void WriteSpan(std::span<const std::byte> bytes) {
    out_->insert(out_->end(), bytes.begin(), bytes.end());
  }

  // Base 128, low groups first.
  void WriteVarint(uint64_t value) {
    while (value >= 0x80) {
      out_->push_back(static_cast<std::byte>(value | 0x80));
      value >>= 7;
    }
    out_->push_back(static_cast<std::byte>(value));
  }

  // Zero bytes until the size is a multiple of `alignment`.
  void Pad(size_t alignment) {
    out_->resize((out_->size() + alignment - 1) / alignment * alignment);
  }

  // `size` zero bytes more; returns their place, valid until the next write.
  std::byte* Extend(size_t size) {
    const size_t at = out_->size();
    out_->resize(at + size);
    return out_->data() + at;
  }

 private:
  std::vector<std::byte>* out_;
};

}  // namespace lancer::encoding
