#include "lancer/buffer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

namespace lancer {
namespace {

constexpr std::align_val_t kAlignment{64};
constexpr size_t kSlack = 64;

std::byte* Allocate(size_t capacity) {
  if (capacity > SIZE_MAX - kSlack) {
    throw std::bad_array_new_length();  // as operator new does for such a size
  }
  return static_cast<std::byte*>(::operator new(capacity + kSlack, kAlignment));
}

void Free(std::byte* bytes) { ::operator delete(bytes, kAlignment); }

}  // namespace

BufferPtr Buffer::Slice(const BufferPtr& parent, size_t offset, size_t size) {
  assert(offset <= parent->size() && size <= parent->size() - offset);
  return std::make_shared<const Buffer>(parent->bytes().subspan(offset, size), parent);
}

MutableBuffer::MutableBuffer(size_t size)
    : data_(size == 0 ? nullptr : Allocate(size)), size_(size), capacity_(size) {}

MutableBuffer::MutableBuffer(MutableBuffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

MutableBuffer& MutableBuffer::operator=(MutableBuffer&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  return *this;
}

MutableBuffer::~MutableBuffer() { Free(data_); }

void MutableBuffer::Resize(size_t size) {
  if (size > capacity_) {
    // Doubling keeps the cost of appending byte by byte linear.
    size_t capacity = std::max(size, capacity_ > SIZE_MAX / 4 ? size : capacity_ * 2);
    std::byte* grown = Allocate(capacity);
    if (size_ > 0) {
      std::memcpy(grown, data_, size_);
    }
    Free(std::exchange(data_, grown));
    capacity_ = capacity;
  }
  size_ = size;
}

BufferPtr MutableBuffer::Finish() && {
  if (data_ == nullptr) {
    // Consumers of Arrow data may ask for a pointer that is not null.
    alignas(64) static constexpr std::array<std::byte, kSlack> kNothing{};
    return std::make_shared<const Buffer>(std::span(kNothing).first(0), nullptr);
  }
  struct Owner {
    explicit Owner(std::byte* taken) : bytes(taken) {}
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;
    ~Owner() { Free(bytes); }
    std::byte* bytes;
  };
  auto owner = std::make_shared<Owner>(data_);
  std::span<const std::byte> bytes(data_, size_);
  data_ = nullptr;
  size_ = 0;
  capacity_ = 0;
  return std::make_shared<const Buffer>(bytes, std::move(owner));
}

}  // namespace lancer
