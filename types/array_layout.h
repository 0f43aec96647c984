// The buffers an Array of a type has in memory, in a few words.
//
// Ownership: looks at the caller's types. Thread rule: safe for concurrent calls.
#pragma once

#include <cstdint>

#include "lancer/array.h"
#include "lancer/type.h"

namespace lancer {

enum class ArrayLayout : uint8_t {
  kNull,       // nothing
  kBits,       // validity, bits
  kFixed,      // validity, byte_width() bytes a value
  kBinary,     // validity, offsets, bytes
  kList,       // validity, offsets; one child (map too)
  kFixedList,  // validity; one child
  kStruct,     // validity; children
};

// The layout of an array of the (declared or storage) type.
ArrayLayout LayoutOf(const DataType& type);
// Buffers an array of this layout has.
size_t BufferCount(ArrayLayout layout);
// Bytes per offset of a kBinary or kList layout: 4 or 8.
int64_t OffsetWidth(const DataType& type);

// The declared type without the dictionary and run-end encodings around it: its children
// are the declared types of an array's children.
const TypePtr& LayoutType(const TypePtr& type);
const DataType& LayoutType(const DataType& type);

// True when arrays of the two types have the same buffers with the same meaning, children
// included; names, nullability and metadata do not matter.
bool SameLayout(const DataType& a, const DataType& b);

// True when a value of `width` bytes at `index` begins below 2^63 bytes for every index
// up to `count`, so that count * width does not overflow.
constexpr bool FitsInBytes(int64_t count, int64_t width) {
  return width == 0 || count <= INT64_MAX / width;
}

// Row i's number in an offsets buffer of either width. REQUIRES: the buffer reaches it.
int64_t LoadOffset(const Buffer& offsets, int64_t width, int64_t i);

}  // namespace lancer
