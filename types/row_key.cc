// The key of a value, by layout:
//
//   null            | 0 |
//   bits            | 1 | 0 or 1 |
//   fixed           | 1 | the value's bytes |
//   binary          | 1 | length, 8 bytes | the value's bytes |
//   list            | 1 | item count, 8 bytes | key of each item |
//   fixed list      | 1 | key of each item |
//   struct          | 1 | key of each child |
#include "types/row_key.h"

#include <cstring>

#include "types/array_layout.h"
#include "types/bitmap.h"

namespace lancer {
namespace {

void AppendBytes(std::span<const std::byte> bytes, std::string* key) {
  size_t end = key->size();
  key->resize(end + bytes.size());
  if (!bytes.empty()) {
    std::memcpy(key->data() + end, bytes.data(), bytes.size());
  }
}

void AppendCount(int64_t count, std::string* key) {
  AppendBytes(std::as_bytes(std::span(&count, 1)), key);
}

void AppendItems(const Array& items, int64_t first, int64_t count, std::string* key) {
  for (int64_t i = 0; i < count; ++i) {
    AppendRowKey(items, first + i, key);
  }
}

}  // namespace

void AppendRowKey(const Array& array, int64_t row, std::string* key) {
  if (!array.IsValid(row)) {
    *key += '\0';
    return;
  }
  *key += '\1';
  switch (LayoutOf(*array.type())) {
    case ArrayLayout::kNull:
      break;
    case ArrayLayout::kBits:
      *key += GetBit(array.buffer(1)->data(), array.offset() + row) ? '\1' : '\0';
      break;
    case ArrayLayout::kFixed:
      AppendBytes(array.value_bytes(row), key);
      break;
    case ArrayLayout::kBinary: {
      auto bytes = array.value_bytes(row);
      AppendCount(static_cast<int64_t>(bytes.size()), key);
      AppendBytes(bytes, key);
      break;
    }
    case ArrayLayout::kList: {
      int64_t first = array.value_offset(row);
      int64_t count = array.value_offset(row + 1) - first;
      AppendCount(count, key);
      AppendItems(*array.child(0), first, count, key);
      break;
    }
    case ArrayLayout::kFixedList: {
      int64_t size = array.type()->storage().parameters().list_size;
      AppendItems(*array.child(0), (array.offset() + row) * size, size, key);
      break;
    }
    case ArrayLayout::kStruct:
      for (size_t i = 0; i < array.child_count(); ++i) {
        AppendRowKey(*array.child(i), array.offset() + row, key);
      }
      break;
  }
}

}  // namespace lancer
