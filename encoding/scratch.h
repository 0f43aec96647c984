// Scratch: working memory of one call, taken from and given back to a small stock that
// each thread keeps, so that repeated small decodes allocate nothing.
//
// Not zeroed, 64-byte aligned, with 64 bytes of slack behind it that kernels may
// overwrite. The stock keeps at most 8 pieces of at most 512 KiB per thread.
// Ownership: owns the memory until destroyed. Thread rule: one thread, the one that
// made it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lancer::encoding {

class Scratch {
 public:
  explicit Scratch(size_t size);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::byte* data() { return data_; }
  size_t size() const { return size_; }
  std::span<std::byte> bytes() { return {data_, size_}; }
  // The memory as numbers; at least `size() / sizeof(T)` of them.
  template <typename T>
  T* as() {
    return static_cast<T*>(static_cast<void*>(data_));
  }

 private:
  std::byte* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace lancer::encoding
