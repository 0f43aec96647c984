#include "types/arrow_array_convert.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "types/array_layout.h"
#include "types/bitmap.h"
#include "types/gather.h"

namespace lancer {
namespace {

Status Malformed(const std::string& what) {
  return Status::InvalidArgument("malformed ArrowArray: " + what);
}

std::string Row(int64_t row) { return " at row " + std::to_string(row); }

// Number `i` of a foreign buffer, wherever it is aligned.
template <typename T>
T LoadAt(const void* buffer, int64_t i) {
  T value{};
  std::memcpy(&value, static_cast<const char*>(buffer) + i * int64_t{sizeof(T)},
              sizeof(T));
  return value;
}

bool IsSet(const Buffer* validity, int64_t row) {
  return validity == nullptr || GetBit(validity->data(), row);
}

int64_t LoadInteger(TypeKind kind, const void* buffer, int64_t i) {
  using enum TypeKind;
  switch (kind) {
    case kInt8:
      return LoadAt<int8_t>(buffer, i);
    case kUInt8:
      return LoadAt<uint8_t>(buffer, i);
    case kInt16:
      return LoadAt<int16_t>(buffer, i);
    case kUInt16:
      return LoadAt<uint16_t>(buffer, i);
    case kInt32:
      return LoadAt<int32_t>(buffer, i);
    case kUInt32:
      return LoadAt<uint32_t>(buffer, i);
    default:
      // A uint64 above 2^63 becomes negative and is refused as such.
      return LoadAt<int64_t>(buffer, i);
  }
}

// One row of a view array: where its bytes are.
class ViewReader {
 public:
  explicit ViewReader(const ArrowArray& array)
      : views_(static_cast<const char*>(array.buffers[1])),
        buffers_(array.buffers + 2),
        sizes_(array.buffers[array.n_buffers - 1]),
        count_(array.n_buffers - 3) {}

  Result<std::span<const std::byte>> Bytes(int64_t row) const {
    const char* view = views_ + row * kViewSize;
    auto size = LoadAt<int32_t>(view, 0);
    if (size < 0) {
      return Malformed("view of negative size " + std::to_string(size) + Row(row));
    }
    if (size <= kInlineSize) {
      return Span(view + 4, size);
    }
    auto index = LoadAt<int32_t>(view, 2);
    auto offset = LoadAt<int32_t>(view, 3);
    if (index < 0 || index >= count_ || buffers_[index] == nullptr || sizes_ == nullptr) {
      return Malformed("view into data buffer " + std::to_string(index) + " of " +
                       std::to_string(count_) + Row(row));
    }
    auto limit = LoadAt<int64_t>(sizes_, index);
    if (offset < 0 || limit < size || offset > limit - size) {
      return Malformed("view of " + std::to_string(size) + " bytes at " +
                       std::to_string(offset) + " of " + std::to_string(limit) +
                       Row(row));
    }
    return Span(static_cast<const char*>(buffers_[index]) + offset, size);
  }

 private:
  static constexpr int64_t kViewSize = 16;
  static constexpr int32_t kInlineSize = 12;

  static std::span<const std::byte> Span(const char* bytes, int32_t size) {
    return {static_cast<const std::byte*>(static_cast<const void*>(bytes)),
            static_cast<size_t>(size)};
  }

  const char* views_;
  const void** buffers_;
  const void* sizes_;
  int64_t count_;
};

// Expanding is where a small foreign struct could ask for all memory.
Status CheckExpansion(int64_t count) {
  return count <= INT32_MAX
             ? Status::Ok()
             : Status::ResourceExhausted(
                   std::to_string(count) +
                   " rows are too many to decode at once: import slices of them");
}

}  // namespace

Result<BufferPtr> ConvertValidity(const ArrowRows& rows) {
  const ArrowArray& array = *rows.array;
  if (array.null_count == 0) {
    return BufferPtr();
  }
  if (array.buffers[0] == nullptr) {
    if (array.null_count > 0) {
      return Malformed(std::to_string(array.null_count) +
                       " nulls, but no validity buffer");
    }
    return BufferPtr();
  }
  MutableBuffer bits(BitmapBytes(rows.count));
  std::memset(bits.data(), 0, bits.size());
  CopyBits(static_cast<const std::byte*>(array.buffers[0]), rows.start, bits.data(), 0,
           rows.count);
  return std::move(bits).Finish();
}

Result<ArrayPtr> ConvertViews(const TypePtr& type, const ArrowRows& rows) {
  LANCER_ASSIGN_OR_RETURN(BufferPtr validity, ConvertValidity(rows));
  if (rows.array->buffers[1] == nullptr) {
    return Malformed("the views are missing");
  }
  ViewReader reader(*rows.array);
  MutableBuffer offsets((static_cast<size_t>(rows.count) + 1) * sizeof(int64_t));
  auto* out = offsets.as<int64_t>();
  out[0] = 0;
  for (int64_t i = 0; i < rows.count; ++i) {
    out[i + 1] = out[i];
    if (IsSet(validity.get(), i)) {
      LANCER_ASSIGN_OR_RETURN(auto bytes, reader.Bytes(rows.start + i));
      out[i + 1] += static_cast<int64_t>(bytes.size());
    }
  }
  MutableBuffer data(static_cast<size_t>(out[rows.count]));
  for (int64_t i = 0; i < rows.count; ++i) {
    if (out[i + 1] > out[i]) {
      LANCER_ASSIGN_OR_RETURN(auto bytes, reader.Bytes(rows.start + i));
      std::memcpy(data.data() + out[i], bytes.data(), bytes.size());
    }
  }
  return Array::Make({.type = type,
                      .length = rows.count,
                      .null_count = validity == nullptr ? 0 : -1,
                      .buffers = {std::move(validity), std::move(offsets).Finish(),
                                  std::move(data).Finish()}});
}

Result<ListViews> ReadListViews(const TypePtr& type, const ArrowRows& rows) {
  ListViews views;
  LANCER_ASSIGN_OR_RETURN(views.validity, ConvertValidity(rows));
  const void* offsets = rows.array->buffers[1];
  const void* sizes = rows.array->buffers[2];
  if (offsets == nullptr || sizes == nullptr) {
    return Malformed("the list views' offsets or sizes are missing");
  }
  TypeKind integer =
      type->kind() == TypeKind::kLargeListView ? TypeKind::kInt64 : TypeKind::kInt32;
  int64_t items = rows.array->children[0]->length;
  views.offsets.reserve(static_cast<size_t>(rows.count));
  views.sizes.reserve(static_cast<size_t>(rows.count));
  for (int64_t i = 0; i < rows.count; ++i) {
    int64_t offset = 0;
    int64_t size = 0;
    if (IsSet(views.validity.get(), i)) {
      offset = LoadInteger(integer, offsets, rows.start + i);
      size = LoadInteger(integer, sizes, rows.start + i);
    }
    if (offset < 0 || size < 0 || size > items || offset > items - size) {
      return Malformed("list view of " + std::to_string(size) + " items at " +
                       std::to_string(offset) + " of " + std::to_string(items) + Row(i));
    }
    views.offsets.push_back(offset);
    views.sizes.push_back(size);
    views.item_end = std::max(views.item_end, offset + size);
  }
  return views;
}

namespace {

// True when the rows' items lie one behind the other, so that the child can stay as it
// is.
bool Contiguous(const ListViews& views) {
  int64_t end = -1;
  for (size_t i = 0; i < views.offsets.size(); ++i) {
    if (views.sizes[i] == 0) {
      continue;
    }
    if (end >= 0 && views.offsets[i] != end) {
      return false;
    }
    end = views.offsets[i] + views.sizes[i];
  }
  return true;
}

template <typename Offset>
BufferPtr ListOffsets(const ListViews& views, int64_t first) {
  MutableBuffer buffer((views.sizes.size() + 1) * sizeof(Offset));
  auto* out = buffer.as<Offset>();
  int64_t end = first;
  *out++ = static_cast<Offset>(end);
  for (int64_t size : views.sizes) {
    end += size;
    *out++ = static_cast<Offset>(end);
  }
  return std::move(buffer).Finish();
}

}  // namespace

Result<ArrayPtr> ConvertListViews(const TypePtr& type, ListViews views,
                                  const ArrayPtr& items) {
  bool wide = type->kind() == TypeKind::kLargeListView;
  bool contiguous = Contiguous(views);
  int64_t total = 0;
  int64_t first = 0;
  for (size_t i = views.sizes.size(); i-- > 0;) {
    // Overlapping views can name the same items any number of times.
    if (!contiguous && views.sizes[i] > INT32_MAX - total) {
      return Status::ResourceExhausted(
          "list views name more than 2^31 items: import fewer rows at a time");
    }
    total += views.sizes[i];
    first = views.sizes[i] > 0 ? views.offsets[i] : first;
  }
  ArrayPtr child = items;
  if (!contiguous) {
    std::vector<int64_t> rows;
    rows.reserve(static_cast<size_t>(total));
    for (size_t i = 0; i < views.sizes.size(); ++i) {
      for (int64_t item = 0; item < views.sizes[i]; ++item) {
        rows.push_back(views.offsets[i] + item);
      }
    }
    LANCER_ASSIGN_OR_RETURN(child, Gather(*items, rows));
    first = 0;
  }
  BufferPtr offsets =
      wide ? ListOffsets<int64_t>(views, first) : ListOffsets<int32_t>(views, first);
  return Array::Make({.type = type,
                      .length = static_cast<int64_t>(views.sizes.size()),
                      .null_count = views.validity == nullptr ? 0 : -1,
                      .buffers = {std::move(views.validity), std::move(offsets)},
                      .children = {std::move(child)}});
}

Result<std::vector<int64_t>> ReadDictionaryIndexes(const TypePtr& type,
                                                   const ArrowRows& rows) {
  LANCER_RETURN_IF_ERROR(CheckExpansion(rows.count));
  LANCER_ASSIGN_OR_RETURN(BufferPtr validity, ConvertValidity(rows));
  const void* indexes = rows.array->buffers[1];
  if (indexes == nullptr) {
    return Malformed("the dictionary's indices are missing");
  }
  TypeKind kind = type->parameters().index_type->kind();
  int64_t values = rows.array->dictionary->length;
  std::vector<int64_t> numbers(static_cast<size_t>(rows.count), kNullRow);
  for (int64_t i = 0; i < rows.count; ++i) {
    if (!IsSet(validity.get(), i)) {
      continue;
    }
    int64_t index = LoadInteger(kind, indexes, rows.start + i);
    if (index < 0 || index >= values) {
      return Malformed("dictionary index " + std::to_string(index) + " of " +
                       std::to_string(values) + " values" + Row(i));
    }
    numbers[static_cast<size_t>(i)] = index;
  }
  return numbers;
}

Result<std::vector<int64_t>> ReadRuns(const TypePtr& type, const ArrowRows& rows) {
  LANCER_RETURN_IF_ERROR(CheckExpansion(rows.count));
  const ArrowArray& ends = *rows.array->children[0];
  if (ends.n_buffers != 2 || ends.null_count > 0 || ends.buffers == nullptr ||
      ends.buffers[1] == nullptr) {
    return Malformed("the run ends are missing or null");
  }
  int64_t values = rows.array->children[1]->length;
  TypeKind kind = type->child(0).type->kind();
  std::vector<int64_t> numbers;
  numbers.reserve(static_cast<size_t>(rows.count));
  int64_t begin = 0;
  int64_t stop = rows.start + rows.count;
  for (int64_t run = 0; run < ends.length && begin < stop; ++run) {
    int64_t end = LoadInteger(kind, ends.buffers[1], ends.offset + run);
    if (end <= begin || run >= values) {
      return Malformed(end <= begin ? "run ends do not ascend" + Row(run)
                                    : "fewer run values than run ends");
    }
    int64_t first = std::max(begin, rows.start);
    int64_t last = std::min(end, stop);
    numbers.insert(numbers.end(), static_cast<size_t>(std::max<int64_t>(0, last - first)),
                   run);
    begin = end;
  }
  if (begin < stop) {
    return Malformed("runs end at row " + std::to_string(begin) + " of " +
                     std::to_string(stop));
  }
  return numbers;
}

}  // namespace lancer
