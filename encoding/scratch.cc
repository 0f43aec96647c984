#include "encoding/scratch.h"

#include <algorithm>
#include <array>
#include <new>

namespace lancer::encoding {
namespace {

constexpr std::align_val_t kAlignment{64};
constexpr size_t kSlack = 64;
constexpr size_t kLargestKept = size_t{512} << 10;
constexpr size_t kSmallest = size_t{16} << 10;

struct Piece {
  std::byte* data = nullptr;
  size_t capacity = 0;
};

struct Stock {
  std::array<Piece, 8> pieces;
  size_t count = 0;

  Stock() = default;
  Stock(const Stock&) = delete;
  Stock& operator=(const Stock&) = delete;
  ~Stock() {
    for (size_t i = 0; i < count; ++i) {
      ::operator delete(pieces[i].data, kAlignment);
    }
  }
};

thread_local Stock stock;

}  // namespace

Scratch::Scratch(size_t size) : size_(size) {
  for (size_t i = stock.count; i > 0; --i) {
    Piece& piece = stock.pieces[i - 1];
    if (piece.capacity >= size) {
      data_ = piece.data;
      capacity_ = piece.capacity;
      piece = stock.pieces[--stock.count];
      return;
    }
  }
  if (size > SIZE_MAX - kSlack) {
    throw std::bad_array_new_length();  // as operator new does for such a size
  }
  capacity_ = std::max(size, kSmallest);
  data_ = static_cast<std::byte*>(::operator new(capacity_ + kSlack, kAlignment));
}

Scratch::~Scratch() {
  if (capacity_ <= kLargestKept && stock.count < stock.pieces.size()) {
    stock.pieces[stock.count++] = {data_, capacity_};
    return;
  }
  ::operator delete(data_, kAlignment);
}

}  // namespace lancer::encoding
