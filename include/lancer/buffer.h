// Buffer: immutable bytes with shared ownership.
//
// A Buffer may own memory, or keep something else alive that does (a memory map, an
// imported Arrow array). Thread rule: safe for concurrent const calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "lancer/export.h"

namespace lancer {

class Buffer;
using BufferPtr = std::shared_ptr<const Buffer>;

class LANCER_EXPORT Buffer {
 public:
  // Bytes that `owner` keeps alive.
  Buffer(std::span<const std::byte> bytes, std::shared_ptr<const void> owner)
      : bytes_(bytes), owner_(std::move(owner)) {}

  // Takes over the elements of a vector. The bytes start at vector alignment.
  template <typename T>
  static BufferPtr Own(std::vector<T> values) {
    auto owner = std::make_shared<const std::vector<T>>(std::move(values));
    auto bytes = std::as_bytes(std::span(*owner));
    return std::make_shared<const Buffer>(bytes, std::move(owner));
  }
  // A part of `parent` that keeps it alive. REQUIRES: offset + size <= parent size.
  static BufferPtr Slice(const BufferPtr& parent, size_t offset, size_t size);

  std::span<const std::byte> bytes() const { return bytes_; }
  const std::byte* data() const { return bytes_.data(); }
  size_t size() const { return bytes_.size(); }

 private:
  std::span<const std::byte> bytes_;
  std::shared_ptr<const void> owner_;
};

// Growing memory that becomes a Buffer: 64-byte aligned, not zeroed. One thread at a
// time.
class LANCER_EXPORT MutableBuffer {
 public:
  // Memory for `size` bytes, plus 64 bytes of slack behind it that kernels may overwrite.
  // Nothing is allocated for size 0: there is no slack either until it grows.
  explicit MutableBuffer(size_t size);
  MutableBuffer(MutableBuffer&& other) noexcept;
  MutableBuffer& operator=(MutableBuffer&& other) noexcept;
  ~MutableBuffer();

  std::byte* data() { return data_; }
  const std::byte* data() const { return data_; }
  size_t size() const { return size_; }
  std::span<std::byte> bytes() { return {data_, size_}; }
  template <typename T>
  T* as() {
    return static_cast<T*>(static_cast<void*>(data_));
  }
  // Grows (amortised: capacity at least doubles) or shrinks; the first min(old, new)
  // bytes stay.
  void Resize(size_t size);
  // Gives the bytes up. This object is empty afterwards.
  BufferPtr Finish() &&;

 private:
  std::byte* data_ = nullptr;  // owned, or static while capacity_ is 0
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace lancer
