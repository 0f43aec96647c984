#include "lancer/buffer.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>

namespace lancer {
namespace {

constexpr std::align_val_t kAlignment{64};
constexpr size_t kSlack = 64;

std::shared_ptr<std::byte> Allocate(size_t capacity) {
  if (capacity > SIZE_MAX - kSlack) {
    throw std::bad_array_new_length();  // as operator new does for such a size
  }
  void* memory = ::operator new(capacity + kSlack, kAlignment);
  return {static_cast<std::byte*>(memory),
          [](std::byte* bytes) { ::operator delete(bytes, kAlignment); }};
}

}  // namespace

BufferPtr Buffer::Slice(const BufferPtr& parent, size_t offset, size_t size) {
  assert(offset <= parent->size() && size <= parent->size() - offset);
  return std::make_shared<const Buffer>(parent->bytes().subspan(offset, size), parent);
}

MutableBuffer::MutableBuffer(size_t size)
    : data_(Allocate(size)), size_(size), capacity_(size) {}

void MutableBuffer::Resize(size_t size) {
  if (size > capacity_ || data_ == nullptr) {
    // Doubling keeps the cost of appending byte by byte linear.
    size_t capacity = std::max(size, capacity_ > SIZE_MAX / 4 ? size : capacity_ * 2);
    std::shared_ptr<std::byte> grown = Allocate(capacity);
    if (size_ > 0) {
      std::memcpy(grown.get(), data_.get(), size_);
    }
    data_ = std::move(grown);
    capacity_ = capacity;
  }
  size_ = size;
}

BufferPtr MutableBuffer::Finish() && {
  std::span<const std::byte> bytes(data_.get(), size_);
  auto buffer = std::make_shared<const Buffer>(bytes, std::move(data_));
  data_.reset();
  size_ = 0;
  capacity_ = 0;
  return buffer;
}

}  // namespace lancer
