// Foreign arrays become ours: every struct is checked before it is read, buffers are kept
// where they are as long as their layout is ours.
//
// The C Data interface does not carry buffer sizes, so sizes follow from lengths and
// offsets; everything that can be checked without them is.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "lancer/arrow_bridge.h"
#include "types/array_layout.h"
#include "types/arrow_array_convert.h"
#include "types/bitmap.h"
#include "types/coded_rows.h"
#include "types/gather.h"

namespace lancer {
namespace {

// Holds a foreign array until the last buffer that points into it is gone.
struct ArrayKeeper {
  explicit ArrayKeeper(ArrowArray* taken) : array(*taken) { taken->release = nullptr; }
  ArrayKeeper(const ArrayKeeper&) = delete;
  ArrayKeeper& operator=(const ArrayKeeper&) = delete;
  ~ArrayKeeper() {
    if (array.release != nullptr) {
      array.release(&array);
    }
  }
  ArrowArray array;
};

int64_t ExpectedBuffers(TypeKind kind) {
  using enum TypeKind;
  switch (kind) {
    case kNull:
    case kRunEndEncoded:
      return 0;
    case kFixedSizeList:
    case kStruct:
      return 1;
    case kString:
    case kLargeString:
    case kBinary:
    case kLargeBinary:
    case kListView:
    case kLargeListView:
      return 3;
    default:
      return 2;
  }
}

// Null arrays and runs have no buffers, but pyarrow hands them out with the validity that
// other types have, null, when an extension type is around them.
bool HasOnlyNullValidity(const ArrowArray& array) {
  return array.n_buffers == 1 && array.buffers != nullptr && array.buffers[0] == nullptr;
}

bool IsView(TypeKind kind) {
  return kind == TypeKind::kStringView || kind == TypeKind::kBinaryView;
}

// Not by std::bit_cast: clang 14's static analyzer crashes on arithmetic with what that
// makes of a pointer.
bool IsAligned(const void* bytes, size_t alignment) {
  uintptr_t address;
  std::memcpy(&address, &bytes, sizeof(address));
  return address % alignment == 0;
}

Status Malformed(const std::string& what) {
  return Status::InvalidArgument("malformed ArrowArray: " + what);
}

Status CheckChildren(const DataType& type, const ArrowArray& array) {
  bool dictionary = type.kind() == TypeKind::kDictionary;
  if (dictionary != (array.dictionary != nullptr)) {
    return Malformed(dictionary ? "the dictionary is missing" : "unexpected dictionary");
  }
  auto children = dictionary ? 0 : static_cast<int64_t>(type.children().size());
  if (array.n_children != children || (children > 0 && array.children == nullptr)) {
    return Malformed("expected " + std::to_string(children) + " children, found " +
                     std::to_string(array.n_children));
  }
  return Status::Ok();
}

// What must hold before any member of the struct is used.
Status CheckArrowArray(const DataType& type, const ArrowArray* array) {
  if (array == nullptr || array->release == nullptr) {
    return Malformed(array == nullptr ? "it is null" : "it was released");
  }
  if (array->length < 0 || array->offset < 0 ||
      array->offset > INT64_MAX - 1 - array->length) {
    return Malformed("length " + std::to_string(array->length) + " at offset " +
                     std::to_string(array->offset));
  }
  if (array->null_count < -1 || array->null_count > array->length) {
    return Malformed("null count " + std::to_string(array->null_count) + " of " +
                     std::to_string(array->length) + " rows");
  }
  int64_t buffers = ExpectedBuffers(type.kind());
  bool enough = IsView(type.kind()) ? array->n_buffers >= 3
                                    : array->n_buffers == buffers ||
                                          (buffers == 0 && HasOnlyNullValidity(*array));
  if (!enough || (array->n_buffers > 0 && array->buffers == nullptr)) {
    return Malformed("expected " + std::to_string(buffers) + " buffers, found " +
                     std::to_string(array->n_buffers));
  }
  return CheckChildren(type, *array);
}

class ArrayImporter {
 public:
  ArrayImporter(std::shared_ptr<const void> owner, FieldPath path)
      : owner_(std::move(owner)), path_(std::move(path)) {}

  // Rows [first, first + count) of the array, as our array. A negative count means all
  // rows from `first` on.
  Result<ArrayPtr> Import(const TypePtr& type, const ArrowArray* array, int64_t first,
                          int64_t count) {
    LANCER_RETURN_IF_ERROR(Here(CheckArrowArray(*type, array)));
    if (count < 0) {
      count = array->length - first;
    }
    if (first > array->length || count > array->length - first) {
      return Here(Malformed("its parent needs " + std::to_string(first + count) +
                            " rows, found " + std::to_string(array->length)));
    }
    if (count == 0) {
      return Concatenate(type, {});  // buffers may be null now, whatever the offset
    }
    return ImportRows(type, {array, array->offset + first, count});
  }

 private:
  Status Here(const Status& status) const {
    return status.ok() ? status : status.WithContext("field " + FormatFieldPath(path_));
  }

  Result<ArrayPtr> ImportRows(const TypePtr& type, const ArrowRows& rows) {
    using enum TypeKind;
    switch (type->kind()) {
      case kStringView:
      case kBinaryView: {
        Result<ArrayPtr> converted = ConvertViews(type, rows);
        return converted.has_value() ? converted
                                     : Result<ArrayPtr>(Here(converted.error()));
      }
      case kListView:
      case kLargeListView:
        return ImportListViews(type, rows);
      case kDictionary:
        return ImportEncoded(type, ReadDictionaryIndexes(type, rows),
                             rows.array->dictionary);
      case kRunEndEncoded:
        LANCER_RETURN_IF_ERROR(
            Here(CheckArrowArray(*type->child(0).type, rows.array->children[0])));
        LANCER_RETURN_IF_ERROR(
            Here(CheckArrowArray(*type->child(1).type, rows.array->children[1])));
        return ImportEncoded(type, ReadRuns(type, rows), rows.array->children[1]);
      default:
        return ImportPlain(type, rows);
    }
  }

  Result<ArrayPtr> ImportEncoded(const TypePtr& type,
                                 const Result<std::vector<int64_t>>& numbers,
                                 const ArrowArray* values) {
    if (!numbers.has_value()) {
      return Here(numbers.error());
    }
    LANCER_ASSIGN_OR_RETURN(ArrayPtr decoded,
                            Import(type->children().back().type, values, 0, -1));
    if (MayBeCoded(*type) && decoded->length() > decoded->null_count()) {
      return decoded->null_count() == 0 ? Coded(type, *numbers, decoded)
                                        : WithoutNullEntries(type, *numbers, *decoded);
    }
    Result<ArrayPtr> gathered = Gather(*decoded, *numbers);
    if (!gathered.has_value()) {
      return Here(gathered.error());
    }
    return (*gathered)->WithType(type);
  }

  // Rows that refer to null entries become null rows; the other entries keep their order.
  Result<ArrayPtr> WithoutNullEntries(const TypePtr& type, std::vector<int64_t> numbers,
                                      const Array& values) const {
    std::vector<int64_t> kept;
    std::vector<int64_t> places(static_cast<size_t>(values.length()), kNullRow);
    for (int64_t i = 0; i < values.length(); ++i) {
      if (values.IsValid(i)) {
        places[static_cast<size_t>(i)] = static_cast<int64_t>(kept.size());
        kept.push_back(i);
      }
    }
    for (int64_t& number : numbers) {
      number = number == kNullRow ? kNullRow : places[static_cast<size_t>(number)];
    }
    const Result<ArrayPtr> entries = Gather(values, kept);
    return entries.has_value() ? Coded(type, numbers, *entries)
                               : Result<ArrayPtr>(Here(entries.error()));
  }

  // Rows that stay codes of a dictionary's values.
  Result<ArrayPtr> Coded(const TypePtr& type, const std::vector<int64_t>& numbers,
                         const ArrayPtr& values) const {
    MutableBuffer codes(numbers.size() * sizeof(uint32_t));
    MutableBuffer bits(BitmapBytes(static_cast<int64_t>(numbers.size())));
    std::memset(bits.data(), 0, bits.size());
    int64_t null_count = 0;
    uint32_t last = 0;
    for (size_t i = 0; i < numbers.size(); ++i) {
      if (numbers[i] == kNullRow) {
        ++null_count;
      } else {
        SetBit(bits.data(), static_cast<int64_t>(i));
        last = static_cast<uint32_t>(numbers[i]);
      }
      codes.as<uint32_t>()[i] = last;
    }
    Result<ArrayPtr> coded = MakeCodedArray(
        type, null_count, null_count == 0 ? nullptr : std::move(bits).Finish(),
        std::move(codes).Finish(), values);
    return coded.has_value() ? coded : Result<ArrayPtr>(Here(coded.error()));
  }

  Result<ArrayPtr> ImportListViews(const TypePtr& type, const ArrowRows& rows) {
    LANCER_RETURN_IF_ERROR(
        Here(CheckArrowArray(*type->child(0).type, rows.array->children[0])));
    Result<ListViews> views = ReadListViews(type, rows);
    if (!views.has_value()) {
      return Here(views.error());
    }
    LANCER_ASSIGN_OR_RETURN(ArrayPtr items,
                            ImportChild(type->child(0), rows, 0, 0, views->item_end));
    Result<ArrayPtr> converted = ConvertListViews(type, *std::move(views), items);
    return converted.has_value() ? converted : Result<ArrayPtr>(Here(converted.error()));
  }

  Result<ArrayPtr> ImportChild(const Field& field, const ArrowRows& parent, size_t i,
                               int64_t first, int64_t count) {
    path_.push_back(field.name);
    LANCER_ASSIGN_OR_RETURN(ArrayPtr child,
                            Import(field.type, parent.array->children[i], first, count));
    path_.pop_back();
    return child;
  }

  // A type of our own layout, though its children may need conversion. Then exactly the
  // rows asked for are converted, and the array begins at offset 0; else everything stays
  // in place and the array keeps the foreign offset.
  Result<ArrayPtr> ImportPlain(const TypePtr& type, const ArrowRows& rows) {
    bool moved = &type->storage() != type.get();
    Array::Data data{
        .type = type, .length = rows.count, .offset = moved ? 0 : rows.start};
    ArrayLayout layout = LayoutOf(*type);
    if (layout == ArrayLayout::kNull) {
      data.offset = 0;
      return Array::Make(std::move(data));
    }
    LANCER_RETURN_IF_ERROR(Here(AddValidity(rows, moved, &data)));
    switch (layout) {
      case ArrayLayout::kBits:
        data.buffers.push_back(
            Wrap(rows.array->buffers[1], BitmapBytes(rows.start + rows.count), 1));
        break;
      case ArrayLayout::kFixed:
        LANCER_RETURN_IF_ERROR(Here(AddFixed(*type, rows, &data)));
        break;
      case ArrayLayout::kBinary:
        LANCER_RETURN_IF_ERROR(Here(AddBinary(*type, rows, &data)));
        break;
      case ArrayLayout::kList:
        LANCER_RETURN_IF_ERROR(AddList(*type, rows, moved, &data));
        break;
      case ArrayLayout::kFixedList:
        LANCER_RETURN_IF_ERROR(
            AddChildren(*type, rows, moved, type->parameters().list_size, &data));
        break;
      default:
        LANCER_RETURN_IF_ERROR(AddChildren(*type, rows, moved, 1, &data));
    }
    if (data.buffers.size() > 1 && data.buffers[1] == nullptr) {
      return Here(Malformed("buffer 1 is null"));
    }
    return Array::Make(std::move(data));
  }

  // Foreign bytes as a buffer; copied when they do not begin at a multiple of
  // `alignment`, since our readers load whole values. Null for null.
  BufferPtr Wrap(const void* bytes, size_t size, size_t alignment) const {
    if (bytes == nullptr) {
      return nullptr;
    }
    std::span<const std::byte> span(static_cast<const std::byte*>(bytes), size);
    if (IsAligned(bytes, alignment)) {
      return std::make_shared<const Buffer>(span, owner_);
    }
    MutableBuffer copy(size);
    std::memcpy(copy.data(), span.data(), size);
    return std::move(copy).Finish();
  }

  Status AddValidity(const ArrowRows& rows, bool moved, Array::Data* data) const {
    LANCER_ASSIGN_OR_RETURN(BufferPtr copy, moved || rows.array->buffers[0] == nullptr
                                                ? ConvertValidity(rows)
                                                : Result<BufferPtr>(BufferPtr()));
    if (!moved && rows.array->null_count != 0) {
      copy = Wrap(rows.array->buffers[0], BitmapBytes(rows.start + rows.count), 1);
    }
    bool whole = rows.count == rows.array->length;
    data->null_count = copy == nullptr ? 0 : whole ? rows.array->null_count : -1;
    data->buffers.push_back(std::move(copy));
    return Status::Ok();
  }

  Status AddFixed(const DataType& type, const ArrowRows& rows, Array::Data* data) const {
    auto width = static_cast<size_t>(type.byte_width());
    int64_t end = rows.start + rows.count;
    if (!FitsInBytes(end, type.byte_width())) {
      return Malformed(std::to_string(end) + " rows do not fit in memory");
    }
    if (width == 0) {
      data->buffers.push_back(MutableBuffer(0).Finish());
      return Status::Ok();
    }
    size_t alignment = type.kind() == TypeKind::kFixedSizeBinary ? 1
                       : width > 8                               ? 8
                                                                 : width;
    data->buffers.push_back(
        Wrap(rows.array->buffers[1], static_cast<size_t>(end) * width, alignment));
    return Status::Ok();
  }

  // Pushes the offsets; they ascend from 0 or more up to `*last`.
  Status AddOffsets(const DataType& type, const ArrowRows& rows, int64_t* last,
                    Array::Data* data) const {
    int64_t width = OffsetWidth(type);
    int64_t end = rows.start + rows.count;
    if (rows.array->buffers[1] == nullptr || !FitsInBytes(end + 1, width)) {
      return Malformed("the offsets are missing");
    }
    auto size = static_cast<size_t>((end + 1) * width);
    BufferPtr offsets = Wrap(rows.array->buffers[1], size, static_cast<size_t>(width));
    int64_t previous = 0;
    for (int64_t i = rows.start; i <= end; ++i) {
      int64_t offset = LoadOffset(*offsets, width, i);
      if (offset < previous) {
        return Malformed("offsets fall from " + std::to_string(previous) + " to " +
                         std::to_string(offset) + " at row " +
                         std::to_string(std::max<int64_t>(0, i - rows.start - 1)));
      }
      previous = offset;
    }
    *last = previous;
    data->buffers.push_back(std::move(offsets));
    return Status::Ok();
  }

  Status AddBinary(const DataType& type, const ArrowRows& rows, Array::Data* data) const {
    int64_t size = 0;
    LANCER_RETURN_IF_ERROR(AddOffsets(type, rows, &size, data));
    BufferPtr bytes = size == 0
                          ? MutableBuffer(0).Finish()
                          : Wrap(rows.array->buffers[2], static_cast<size_t>(size), 1);
    if (bytes == nullptr) {
      return Malformed("the bytes are missing");
    }
    data->buffers.push_back(std::move(bytes));
    return Status::Ok();
  }

  Status AddList(const DataType& type, const ArrowRows& rows, bool moved,
                 Array::Data* data) {
    int64_t last = 0;
    LANCER_RETURN_IF_ERROR(Here(AddOffsets(type, rows, &last, data)));
    int64_t first = 0;
    if (moved) {
      first = LoadOffset(*data->buffers[1], OffsetWidth(type), rows.start);
      data->buffers[1] = Rebased(*data->buffers[1], OffsetWidth(type), rows);
    }
    LANCER_ASSIGN_OR_RETURN(ArrayPtr child,
                            ImportChild(type.child(0), rows, 0, first, last - first));
    data->children.push_back(std::move(child));
    return Status::Ok();
  }

  // The rows' offsets less the first, at row 0.
  static BufferPtr Rebased(const Buffer& offsets, int64_t width, const ArrowRows& rows) {
    MutableBuffer rebased(static_cast<size_t>((rows.count + 1) * width));
    int64_t first = LoadOffset(offsets, width, rows.start);
    for (int64_t i = 0; i <= rows.count; ++i) {
      int64_t offset = LoadOffset(offsets, width, rows.start + i) - first;
      if (width == 8) {
        rebased.as<int64_t>()[i] = offset;
      } else {
        rebased.as<int32_t>()[i] = static_cast<int32_t>(offset);
      }
    }
    return std::move(rebased).Finish();
  }

  // Children with `scale` rows per row.
  Status AddChildren(const DataType& type, const ArrowRows& rows, bool moved,
                     int64_t scale, Array::Data* data) {
    int64_t end = rows.start + rows.count;
    if (!FitsInBytes(end, scale)) {
      return Here(Malformed(std::to_string(end) + " rows of " + std::to_string(scale) +
                            " items"));
    }
    int64_t first = moved ? rows.start * scale : 0;
    for (size_t i = 0; i < type.children().size(); ++i) {
      LANCER_ASSIGN_OR_RETURN(ArrayPtr child, ImportChild(type.child(i), rows, i, first,
                                                          end * scale - first));
      data->children.push_back(std::move(child));
    }
    return Status::Ok();
  }

  std::shared_ptr<const void> owner_;
  FieldPath path_;
};

Status CheckNoNulls(const ArrowArray& array) {
  if (array.null_count == 0 || array.buffers[0] == nullptr || array.length == 0) {
    return Status::Ok();
  }
  int64_t valid = CountBits(static_cast<const std::byte*>(array.buffers[0]), array.offset,
                            array.length);
  return valid == array.length
             ? Status::Ok()
             : Status::InvalidArgument("malformed ArrowArray: a batch with null rows");
}

}  // namespace

Result<ArrayPtr> ImportArray(const Field& field, ArrowArray* array) {
  if (array == nullptr || array->release == nullptr) {
    return Malformed(array == nullptr ? "it is null" : "it was released");
  }
  auto keeper = std::make_shared<const ArrayKeeper>(array);
  return ArrayImporter(keeper, {field.name}).Import(field.type, &keeper->array, 0, -1);
}

Result<Batch> ImportBatch(std::shared_ptr<const Schema> schema, ArrowArray* array) {
  if (array == nullptr || array->release == nullptr) {
    return Malformed(array == nullptr ? "it is null" : "it was released");
  }
  auto keeper = std::make_shared<const ArrayKeeper>(array);
  const ArrowArray& table = keeper->array;
  LANCER_RETURN_IF_ERROR(CheckArrowArray(*DataType::Struct(schema->fields()), &table));
  LANCER_RETURN_IF_ERROR(CheckNoNulls(table));
  Batch batch{std::move(schema), table.length, {}};
  for (size_t i = 0; i < batch.schema->field_count(); ++i) {
    const Field& field = batch.schema->field(i);
    LANCER_ASSIGN_OR_RETURN(ArrayPtr column, ArrayImporter(keeper, {field.name})
                                                 .Import(field.type, table.children[i],
                                                         table.offset, table.length));
    batch.columns.push_back(std::move(column));
  }
  return batch;
}

}  // namespace lancer
