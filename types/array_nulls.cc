// Arrays whose every slot holds zeros: what a column reads as before it was written.
#include <cstring>

#include "lancer/array.h"
#include "types/array_layout.h"
#include "types/bitmap.h"

namespace lancer {
namespace {

BufferPtr Zeros(size_t size) {
  MutableBuffer buffer(size);
  std::memset(buffer.data(), 0, size);
  return std::move(buffer).Finish();
}

ArrayPtr Filled(const TypePtr& type, int64_t length, bool valid);

// Below a null row a child that may not be null holds zeros, so that readers which look
// at children alone see no null there.
ArrayPtr FilledChild(const Field& field, int64_t length) {
  return Filled(field.type, length, !field.nullable);
}

ArrayPtr Filled(const TypePtr& type, int64_t length, bool valid) {
  Array::Data data{.type = type, .length = length, .null_count = valid ? 0 : length};
  ArrayLayout layout = LayoutOf(*type);
  if (layout == ArrayLayout::kNull) {
    data.null_count = length;
    return Array::Make(std::move(data));
  }
  auto rows = static_cast<size_t>(length);
  data.buffers.push_back(valid ? nullptr : Zeros(BitmapBytes(length)));
  const DataType& declared = LayoutType(*type);
  switch (layout) {
    case ArrayLayout::kBits:
      data.buffers.push_back(Zeros(BitmapBytes(length)));
      break;
    case ArrayLayout::kFixed:
      data.buffers.push_back(Zeros(rows * static_cast<size_t>(type->byte_width())));
      break;
    case ArrayLayout::kBinary:
      data.buffers.push_back(Zeros((rows + 1) * static_cast<size_t>(OffsetWidth(*type))));
      data.buffers.push_back(Zeros(0));
      break;
    case ArrayLayout::kList:
      data.buffers.push_back(Zeros((rows + 1) * static_cast<size_t>(OffsetWidth(*type))));
      data.children.push_back(FilledChild(declared.child(0), 0));
      break;
    case ArrayLayout::kFixedList:
      data.children.push_back(
          FilledChild(declared.child(0), length * declared.parameters().list_size));
      break;
    default:
      for (const Field& child : declared.children()) {
        data.children.push_back(FilledChild(child, length));
      }
  }
  return Array::Make(std::move(data));
}

}  // namespace

ArrayPtr Array::Nulls(TypePtr type, int64_t length) {
  return Filled(type, length, /*valid=*/false);
}

}  // namespace lancer
