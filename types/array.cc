#include "lancer/array.h"

#include <cassert>

#include "types/array_layout.h"
#include "types/bitmap.h"
#include "types/coded_rows.h"

namespace lancer {
namespace {

// First and behind-last item or byte that the rows of a variable array refer to.
struct Extent {
  int64_t first;
  int64_t last;
};
Extent ValuesExtent(const Array& array) {
  return {array.value_offset(0), array.value_offset(array.length())};
}

}  // namespace

int64_t Array::null_count() const {
  if (LayoutOf(*data_.type) == ArrayLayout::kNull) {
    return data_.length;
  }
  if (data_.null_count >= 0) {
    return data_.null_count;
  }
  const std::byte* bits = validity();
  return bits == nullptr ? 0 : data_.length - CountBits(bits, data_.offset, data_.length);
}

bool Array::IsValid(int64_t i) const {
  assert(i >= 0 && i < data_.length);
  if (data_.buffers.empty()) {
    return false;  // only the null layout has no buffers
  }
  const std::byte* bits = validity();
  return bits == nullptr || GetBit(bits, data_.offset + i);
}

const std::byte* Array::validity() const {
  if (data_.null_count == 0 || data_.buffers.empty() || data_.buffers[0] == nullptr) {
    return nullptr;
  }
  return data_.buffers[0]->data();
}

int64_t Array::value_offset(int64_t i) const {
  const Buffer& offsets = *buffer(1);
  if (offsets.size() == 0) {
    return 0;  // an array without rows may leave the first offset out
  }
  return LoadOffset(offsets, OffsetWidth(*data_.type), data_.offset + i);
}

std::span<const std::byte> Array::value_bytes(int64_t i) const {
  if (!IsValid(i)) {
    return {};
  }
  if (data_.coded != nullptr) {
    return data_.coded->values()->value_bytes(data_.coded->code(data_.offset + i));
  }
  if (LayoutOf(*data_.type) == ArrayLayout::kBinary) {
    int64_t begin = value_offset(i);
    int64_t end = value_offset(i + 1);
    return data_.buffers[2]->bytes().subspan(static_cast<size_t>(begin),
                                             static_cast<size_t>(end - begin));
  }
  auto width = static_cast<size_t>(data_.type->byte_width());
  return data_.buffers[1]->bytes().subspan(static_cast<size_t>(data_.offset + i) * width,
                                           width);
}

size_t Array::buffer_count() const {
  return data_.coded == nullptr ? data_.buffers.size()
                                : BufferCount(LayoutOf(*data_.type));
}

const BufferPtr& Array::DecodedBuffer(size_t i) const {
  return data_.coded->DecodedBuffer(i);
}

ArrayPtr Array::Slice(int64_t offset, int64_t length) const {
  assert(offset >= 0 && length >= 0 && offset <= data_.length &&
         length <= data_.length - offset);
  Data slice = data_;
  slice.offset += offset;
  slice.length = length;
  if (data_.null_count > 0 && length != data_.length) {
    slice.null_count = data_.null_count == data_.length ? length : -1;
  }
  return Make(std::move(slice));
}

ArrayPtr Array::WithType(TypePtr type) const {
  assert(SameLayout(*data_.type, *type));
  Data changed = data_;
  const DataType& layout = LayoutType(*type);
  for (size_t i = 0; i < changed.children.size(); ++i) {
    const TypePtr& child = layout.child(i).type;
    if (changed.children[i]->type() != child) {
      changed.children[i] = changed.children[i]->WithType(child);
    }
  }
  changed.type = std::move(type);
  return Make(std::move(changed));
}

int64_t Array::byte_size() const {
  int64_t size = 0;
  if (!data_.buffers.empty() && data_.buffers[0] != nullptr) {
    size += static_cast<int64_t>(BitmapBytes(data_.length));
  }
  if (data_.coded != nullptr) {
    return size + data_.coded->ByteSize(data_.offset, data_.length);
  }
  switch (LayoutOf(*data_.type)) {
    case ArrayLayout::kNull:
      break;
    case ArrayLayout::kBits:
      size += static_cast<int64_t>(BitmapBytes(data_.length));
      break;
    case ArrayLayout::kFixed:
      size += data_.length * data_.type->byte_width();
      break;
    case ArrayLayout::kBinary: {
      auto [first, last] = ValuesExtent(*this);
      size += (data_.length + 1) * OffsetWidth(*data_.type) + last - first;
      break;
    }
    case ArrayLayout::kList: {
      auto [first, last] = ValuesExtent(*this);
      size += (data_.length + 1) * OffsetWidth(*data_.type) +
              data_.children[0]->Slice(first, last - first)->byte_size();
      break;
    }
    case ArrayLayout::kFixedList: {
      int64_t items = data_.type->storage().parameters().list_size;
      size += data_.children[0]
                  ->Slice(data_.offset * items, data_.length * items)
                  ->byte_size();
      break;
    }
    case ArrayLayout::kStruct:
      for (const ArrayPtr& child : data_.children) {
        size += child->Slice(data_.offset, data_.length)->byte_size();
      }
      break;
  }
  return size;
}

}  // namespace lancer
