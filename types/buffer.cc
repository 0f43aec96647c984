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

// Where empty buffers point: not null, as memcpy and consumers of Arrow data want it.
alignas(64) constinit std::array<std::byte, kSlack> nothing{};

void Free(std::byte* bytes) {
  if (bytes != nothing.data()) {
    ::operator delete(bytes, kAlignment);
  }
}

}  // namespace

BufferPtr Buffer::Slice(const BufferPtr& parent, size_t offset, size_t size) {
  assert(offset <= parent->size() && size <= parent->size() - offset);
  return std::make_shared<const Buffer>(parent->bytes().subspan(offset, size), parent);
}

MutableBuffer::MutableBuffer(size_t size)
    : data_(size == 0 ? nothing.data() : Allocate(size)), size_(size), capacity_(size) {}

MutableBuffer::MutableBuffer(MutableBuffer&& other) noexcept
    : data_(std::exchange(other.data_, nothing.data())),
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
  struct Owner {
    Owner() = default;
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;
    ~Owner() { Free(bytes); }
    std::byte* bytes = nothing.data();
  };
  std::span<const std::byte> bytes(data_, size_);
  auto owner = std::make_shared<Owner>();  // may fail: the bytes are still ours
  owner->bytes = std::exchange(data_, nothing.data());
  size_ = 0;
  capacity_ = 0;
  return std::make_shared<const Buffer>(bytes, std::move(owner));
}

}  // namespace lancer
