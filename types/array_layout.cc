#include "types/array_layout.h"

namespace lancer {

ArrayLayout LayoutOf(const DataType& type) {
  using enum TypeKind;
  const DataType& storage = type.storage();
  switch (storage.kind()) {
    case kNull:
      return ArrayLayout::kNull;
    case kBool:
      return ArrayLayout::kBits;
    case kString:
    case kBinary:
    case kLargeString:
    case kLargeBinary:
      return ArrayLayout::kBinary;
    case kList:
    case kLargeList:
    case kMap:
      return ArrayLayout::kList;
    case kFixedSizeList:
      return ArrayLayout::kFixedList;
    case kStruct:
      return ArrayLayout::kStruct;
    default:
      return ArrayLayout::kFixed;
  }
}

size_t BufferCount(ArrayLayout layout) {
  switch (layout) {
    case ArrayLayout::kNull:
      return 0;
    case ArrayLayout::kFixedList:
    case ArrayLayout::kStruct:
      return 1;
    case ArrayLayout::kBinary:
      return 3;
    default:
      return 2;
  }
}

int64_t OffsetWidth(const DataType& type) {
  using enum TypeKind;
  TypeKind kind = type.storage().kind();
  bool large = kind == kLargeString || kind == kLargeBinary || kind == kLargeList;
  return large ? 8 : 4;
}

const TypePtr& LayoutType(const TypePtr& type) {
  const TypePtr* inner = &type;
  while ((*inner)->kind() == TypeKind::kDictionary ||
         (*inner)->kind() == TypeKind::kRunEndEncoded) {
    inner = &(*inner)->children().back().type;
  }
  return *inner;
}

const DataType& LayoutType(const DataType& type) {
  const DataType* inner = &type;
  while (inner->kind() == TypeKind::kDictionary ||
         inner->kind() == TypeKind::kRunEndEncoded) {
    inner = inner->children().back().type.get();
  }
  return *inner;
}

bool SameLayout(const DataType& a, const DataType& b) {
  const DataType& left = a.storage();
  const DataType& right = b.storage();
  if (&left == &right) {
    return true;
  }
  if (left.kind() != right.kind() || left.byte_width() != right.byte_width() ||
      left.parameters().list_size != right.parameters().list_size ||
      left.children().size() != right.children().size()) {
    return false;
  }
  for (size_t i = 0; i < left.children().size(); ++i) {
    if (!SameLayout(*left.child(i).type, *right.child(i).type)) {
      return false;
    }
  }
  return true;
}

int64_t LoadOffset(const Buffer& offsets, int64_t width, int64_t i) {
  const void* data = offsets.data();
  return width == 8 ? static_cast<const int64_t*>(data)[i]
                    : static_cast<const int32_t*>(data)[i];
}

}  // namespace lancer
