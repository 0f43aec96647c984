// Equality by value: runs of valid rows are compared at once, rows that are null in both
// arrays are skipped whatever lies beneath them.
#include "types/array_equals.h"

#include <cstring>

#include "types/array_layout.h"
#include "types/bitmap.h"

namespace lancer {
namespace {

bool EqualBits(const Array& a, int64_t a_row, const Array& b, int64_t b_row,
               int64_t count) {
  const std::byte* left = a.buffer(1)->data();
  const std::byte* right = b.buffer(1)->data();
  for (int64_t i = 0; i < count; ++i) {
    if (GetBit(left, a.offset() + a_row + i) != GetBit(right, b.offset() + b_row + i)) {
      return false;
    }
  }
  return true;
}

bool EqualMemory(const Buffer& a, int64_t a_byte, const Buffer& b, int64_t b_byte,
                 int64_t size) {
  return size == 0 || std::memcmp(a.data() + a_byte, b.data() + b_byte,
                                  static_cast<size_t>(size)) == 0;
}

bool EqualFixed(const Array& a, int64_t a_row, const Array& b, int64_t b_row,
                int64_t count) {
  int64_t width = a.type()->byte_width();
  return EqualMemory(*a.buffer(1), (a.offset() + a_row) * width, *b.buffer(1),
                     (b.offset() + b_row) * width, count * width);
}

bool EqualLengths(const Array& a, int64_t a_row, const Array& b, int64_t b_row,
                  int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    if (a.value_offset(a_row + i + 1) - a.value_offset(a_row + i) !=
        b.value_offset(b_row + i + 1) - b.value_offset(b_row + i)) {
      return false;
    }
  }
  return true;
}

// REQUIRES: all rows are valid, and so contiguous.
bool EqualVariable(const Array& a, int64_t a_row, const Array& b, int64_t b_row,
                   int64_t count) {
  if (!EqualLengths(a, a_row, b, b_row, count)) {
    return false;
  }
  int64_t a_first = a.value_offset(a_row);
  int64_t b_first = b.value_offset(b_row);
  int64_t size = a.value_offset(a_row + count) - a_first;
  return LayoutOf(*a.type()) == ArrayLayout::kBinary
             ? EqualMemory(*a.buffer(2), a_first, *b.buffer(2), b_first, size)
             : EqualRows(*a.child(0), a_first, *b.child(0), b_first, size);
}

bool EqualValid(const Array& a, int64_t a_row, const Array& b, int64_t b_row,
                int64_t count) {
  switch (LayoutOf(*a.type())) {
    case ArrayLayout::kNull:
      return true;
    case ArrayLayout::kBits:
      return EqualBits(a, a_row, b, b_row, count);
    case ArrayLayout::kFixed:
      return EqualFixed(a, a_row, b, b_row, count);
    case ArrayLayout::kBinary:
    case ArrayLayout::kList:
      return EqualVariable(a, a_row, b, b_row, count);
    case ArrayLayout::kFixedList: {
      int64_t size = a.type()->storage().parameters().list_size;
      return EqualRows(*a.child(0), (a.offset() + a_row) * size, *b.child(0),
                       (b.offset() + b_row) * size, count * size);
    }
    default:
      for (size_t i = 0; i < a.child_count(); ++i) {
        if (!EqualRows(*a.child(i), a.offset() + a_row, *b.child(i), b.offset() + b_row,
                       count)) {
          return false;
        }
      }
      return true;
  }
}

}  // namespace

bool EqualRows(const Array& a, int64_t a_row, const Array& b, int64_t b_row,
               int64_t count) {
  if (a.buffer_count() == 0 || (a.validity() == nullptr && b.validity() == nullptr)) {
    return EqualValid(a, a_row, b, b_row, count);
  }
  for (int64_t i = 0; i < count;) {
    bool valid = a.IsValid(a_row + i);
    int64_t end = i;
    while (end < count && a.IsValid(a_row + end) == valid) {
      if (b.IsValid(b_row + end) != valid) {
        return false;
      }
      ++end;
    }
    if (valid && !EqualValid(a, a_row + i, b, b_row + i, end - i)) {
      return false;
    }
    i = end;
  }
  return true;
}

bool Array::Equals(const Array& other) const {
  if (length() != other.length() || !type()->Equals(*other.type())) {
    return false;
  }
  return this == &other || EqualRows(*this, 0, other, 0, length());
}

}  // namespace lancer
