// The checks that make an array safe to read: every later layer indexes buffers without
// looking, because this file looked.
#include <string>

#include "lancer/array.h"
#include "types/array_layout.h"
#include "types/bitmap.h"
#include "types/utf8.h"

namespace lancer {
namespace {

std::string Number(int64_t value) { return std::to_string(value); }

class Checker {
 public:
  Checker(std::string path, bool full) : path_(std::move(path)), full_(full) {}

  // `type` is what the parent declares; the array may be typed otherwise if the layout is
  // the same.
  Status Check(const DataType& type, const Array& array) {
    if (array.type() == nullptr || !SameLayout(type, *array.type())) {
      return Fail("array of type " +
                  (array.type() == nullptr ? "nothing" : array.type()->ToString()) +
                  " where " + type.ToString() + " is declared");
    }
    LANCER_RETURN_IF_ERROR(CheckShape(array));
    LANCER_RETURN_IF_ERROR(CheckValidity(array));
    switch (LayoutOf(type)) {
      case ArrayLayout::kNull:
        return Status::Ok();
      case ArrayLayout::kBits:
        return CheckSize(array, 1, static_cast<int64_t>(BitmapBytes(End(array))));
      case ArrayLayout::kFixed:
        return CheckFixed(array);
      case ArrayLayout::kBinary:
        return CheckBinary(array);
      case ArrayLayout::kList:
        return CheckList(LayoutType(type), array);
      case ArrayLayout::kFixedList:
        return CheckFixedList(LayoutType(type), array);
      default:
        return CheckStruct(LayoutType(type), array);
    }
  }

 private:
  static int64_t End(const Array& array) { return array.offset() + array.length(); }

  Status Fail(const std::string& what) const {
    return Status::InvalidArgument("field " + path_ + ": " + what);
  }

  Status CheckShape(const Array& array) const {
    if (array.length() < 0 || array.offset() < 0 ||
        array.offset() > INT64_MAX - 1 - array.length()) {
      return Fail("length " + Number(array.length()) + " at offset " +
                  Number(array.offset()) + " is out of range");
    }
    size_t buffers = BufferCount(LayoutOf(*array.type()));
    if (array.buffer_count() != buffers) {
      return Fail("expected " + std::to_string(buffers) + " buffers, found " +
                  std::to_string(array.buffer_count()));
    }
    size_t children = LayoutType(*array.type()).children().size();
    if (array.child_count() != children) {
      return Fail("expected " + std::to_string(children) + " children, found " +
                  std::to_string(array.child_count()));
    }
    for (size_t i = 0; i < children; ++i) {
      if (array.child(i) == nullptr) {
        return Fail("child " + std::to_string(i) + " is missing");
      }
    }
    return Status::Ok();
  }

  Status CheckValidity(const Array& array) const {
    if (array.buffer_count() == 0) {
      return Status::Ok();
    }
    int64_t bytes =
        array.buffer(0) == nullptr ? 0 : static_cast<int64_t>(array.buffer(0)->size());
    auto needed = static_cast<int64_t>(BitmapBytes(End(array)));
    if (array.buffer(0) != nullptr && bytes < needed) {
      return Fail("validity of " + Number(bytes) + " bytes for " + Number(End(array)) +
                  " rows");
    }
    int64_t nulls = array.null_count();
    if (nulls > array.length() || (nulls > 0 && array.buffer(0) == nullptr)) {
      return Fail("null count " + Number(nulls) + " of " + Number(array.length()) +
                  " rows" + (array.buffer(0) == nullptr ? " without validity" : ""));
    }
    if (full_ && array.buffer(0) != nullptr) {
      int64_t counted = array.length() - CountBits(array.buffer(0)->data(),
                                                   array.offset(), array.length());
      if (counted != nulls) {
        return Fail("null count " + Number(nulls) + ", counted " + Number(counted));
      }
    }
    return Status::Ok();
  }

  Status CheckSize(const Array& array, size_t i, int64_t needed) const {
    if (array.buffer(i) == nullptr) {
      return Fail("buffer " + std::to_string(i) + " is missing");
    }
    auto size = static_cast<int64_t>(array.buffer(i)->size());
    if (size < needed) {
      return Fail("buffer " + std::to_string(i) + " of " + Number(size) + " bytes, " +
                  Number(needed) + " needed for " + Number(End(array)) + " rows");
    }
    return Status::Ok();
  }

  Status CheckFixed(const Array& array) const {
    int64_t width = array.type()->byte_width();
    if (!FitsInBytes(End(array), width)) {
      return Fail(Number(End(array)) + " rows do not fit in memory");
    }
    return CheckSize(array, 1, End(array) * width);
  }

  // Offsets ascend from 0 or more to at most `limit`.
  template <typename Offset>
  Status CheckAscending(const Array& array, int64_t limit) const {
    const Offset* offsets = array.values<Offset>() + array.offset();
    if (offsets[0] < 0) {
      return Fail("offset " + Number(offsets[0]) + " is negative");
    }
    for (int64_t i = 0; i < array.length(); ++i) {
      if (offsets[i + 1] < offsets[i]) {
        return Fail("offsets fall from " + Number(offsets[i]) + " to " +
                    Number(offsets[i + 1]) + " at row " + Number(i));
      }
    }
    if (offsets[array.length()] > limit) {
      return Fail("offset " + Number(offsets[array.length()]) + " is behind the end, " +
                  Number(limit));
    }
    return Status::Ok();
  }

  Status CheckOffsets(const Array& array, int64_t limit) const {
    if (array.buffer(1) == nullptr) {
      return Fail("the offsets are missing");
    }
    if (array.length() == 0 && array.buffer(1)->size() == 0) {
      return Status::Ok();
    }
    int64_t width = OffsetWidth(*array.type());
    if (!FitsInBytes(End(array) + 1, width)) {
      return Fail(Number(End(array)) + " rows do not fit in memory");
    }
    LANCER_RETURN_IF_ERROR(CheckSize(array, 1, (End(array) + 1) * width));
    return width == 8 ? CheckAscending<int64_t>(array, limit)
                      : CheckAscending<int32_t>(array, limit);
  }

  Status CheckBinary(const Array& array) const {
    if (array.buffer(2) == nullptr) {
      return Fail("the bytes are missing");
    }
    LANCER_RETURN_IF_ERROR(
        CheckOffsets(array, static_cast<int64_t>(array.buffer(2)->size())));
    TypeKind kind = array.type()->storage().kind();
    bool text = kind == TypeKind::kString || kind == TypeKind::kLargeString;
    return text && full_ ? CheckUtf8(array) : Status::Ok();
  }

  Status CheckUtf8(const Array& array) const {
    auto first = static_cast<size_t>(array.value_offset(0));
    auto last = static_cast<size_t>(array.value_offset(array.length()));
    if (IsAscii(array.buffer(2)->bytes().subspan(first, last - first))) {
      return Status::Ok();
    }
    for (int64_t i = 0; i < array.length(); ++i) {
      if (!IsUtf8(array.value_bytes(i))) {
        return Fail("row " + Number(i) + " is not valid UTF-8");
      }
    }
    return Status::Ok();
  }

  Status CheckChild(const DataType& type, const Array& array, size_t i) {
    const Field& field = type.child(i);
    size_t end = path_.size();
    path_ += ".";
    path_ += FormatFieldPath(std::span(&field.name, 1));
    LANCER_RETURN_IF_ERROR(Check(*field.type, *array.child(i)));
    path_.resize(end);
    return Status::Ok();
  }

  Status CheckList(const DataType& type, const Array& array) {
    LANCER_RETURN_IF_ERROR(CheckChild(type, array, 0));
    return CheckOffsets(array, array.child(0)->length());
  }

  Status CheckFixedList(const DataType& type, const Array& array) {
    LANCER_RETURN_IF_ERROR(CheckChild(type, array, 0));
    int64_t size = type.parameters().list_size;
    int64_t items = array.child(0)->length();
    if (!FitsInBytes(End(array), size) || End(array) * size > items) {
      return Fail(Number(End(array)) + " rows of " + Number(size) + " items, but " +
                  Number(items) + " items");
    }
    return Status::Ok();
  }

  Status CheckStruct(const DataType& type, const Array& array) {
    for (size_t i = 0; i < array.child_count(); ++i) {
      LANCER_RETURN_IF_ERROR(CheckChild(type, array, i));
      if (array.child(i)->length() < End(array)) {
        return Fail("child " + std::to_string(i) + " has " +
                    Number(array.child(i)->length()) + " rows, " + Number(End(array)) +
                    " needed");
      }
    }
    return Status::Ok();
  }

  std::string path_;
  bool full_;
};

}  // namespace

Status Array::Validate(std::string_view name, bool full) const {
  if (data_.type == nullptr) {
    return Status::InvalidArgument("field " + std::string(name) +
                                   ": the array has no type");
  }
  return Checker(std::string(name), full).Check(*data_.type, *this);
}

}  // namespace lancer
