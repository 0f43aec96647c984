#include "types/arrow_array_encode.h"

#include <cstring>
#include <optional>
#include <string>
#include <unordered_map>

#include "types/array_equals.h"
#include "types/array_layout.h"
#include "types/bitmap.h"
#include "types/coded_rows.h"
#include "types/gather.h"
#include "types/row_key.h"

namespace lancer {
namespace {

constexpr size_t kViewSize = 16;
constexpr int64_t kInlineSize = 12;

// A view of a value of `size` bytes that is part `index` of the data, from `offset` on.
void PutView(std::byte* view, std::span<const std::byte> bytes, size_t index,
             int64_t offset) {
  auto size = static_cast<int32_t>(bytes.size());
  std::memcpy(view, &size, sizeof(size));
  if (bytes.size() <= static_cast<size_t>(kInlineSize)) {
    if (!bytes.empty()) {
      std::memcpy(view + 4, bytes.data(), bytes.size());
    }
    return;
  }
  auto narrow_index = static_cast<int32_t>(index);
  auto narrow_offset = static_cast<int32_t>(offset);
  std::memcpy(view + 4, bytes.data(), 4);
  std::memcpy(view + 8, &narrow_index, sizeof(narrow_index));
  std::memcpy(view + 12, &narrow_offset, sizeof(narrow_offset));
}

Status TooMany(const DataType& type, int64_t found, const std::string& what,
               int64_t most) {
  return Status::ResourceExhausted(std::to_string(found) + " " + what +
                                   " do not fit type " + type.ToString() +
                                   ", which holds " + std::to_string(most));
}

// The highest number that an index or run-end type holds, cut to int64.
int64_t HighestOf(const DataType& integer) {
  int bits = integer.byte_width() * 8 - (integer.is_signed_integer() ? 1 : 0);
  return bits >= 63 ? INT64_MAX : (int64_t{1} << bits) - 1;
}

// Numbers as little-endian integers of `width` bytes.
BufferPtr Narrowed(const std::vector<int64_t>& numbers, int32_t width) {
  auto bytes = static_cast<size_t>(width);
  MutableBuffer buffer(numbers.size() * bytes);
  std::byte* out = buffer.data();
  for (int64_t number : numbers) {
    std::memcpy(out, &number, bytes);
    out += bytes;
  }
  return std::move(buffer).Finish();
}

}  // namespace

BufferPtr ValidityFromRowZero(const Array& array) {
  const std::byte* validity = array.validity();
  if (validity == nullptr) {
    return nullptr;
  }
  MutableBuffer bits(BitmapBytes(array.length()));
  std::memset(bits.data(), 0, bits.size());
  CopyBits(validity, array.offset(), bits.data(), 0, array.length());
  return std::move(bits).Finish();
}

Result<ArrowViews> MakeViews(const Array& array, int64_t max_buffer_bytes) {
  auto rows = static_cast<size_t>(array.length());
  MutableBuffer views(rows * kViewSize);
  std::memset(views.data(), 0, views.size());
  ArrowViews result;
  // The data buffer being filled: bytes [begin, end) of the array's.
  int64_t begin = 0;
  int64_t end = 0;
  auto close = [&] {
    if (end > begin) {
      result.data.push_back(Buffer::Slice(array.buffer(2), static_cast<size_t>(begin),
                                          static_cast<size_t>(end - begin)));
    }
  };
  for (int64_t i = 0; i < array.length(); ++i) {
    std::span<const std::byte> bytes = array.value_bytes(i);
    auto size = static_cast<int64_t>(bytes.size());
    int64_t first = array.value_offset(i);
    if (size > max_buffer_bytes) {
      return Status::ResourceExhausted("a value of " + std::to_string(size) +
                                       " bytes does not fit an Arrow view, which holds " +
                                       std::to_string(max_buffer_bytes));
    }
    if (size > kInlineSize && (end == begin || first + size - begin > max_buffer_bytes)) {
      close();
      begin = first;
    }
    if (size > kInlineSize) {
      end = first + size;
    }
    PutView(views.data() + static_cast<size_t>(i) * kViewSize, bytes, result.data.size(),
            first - begin);
  }
  close();
  result.views = std::move(views).Finish();
  return result;
}

ArrowListViews MakeListViews(const Array& array) {
  int64_t width = OffsetWidth(*array.type());
  ArrowListViews views;
  views.first_item = array.value_offset(0);
  views.item_count = array.value_offset(array.length()) - views.first_item;
  std::vector<int64_t> offsets;
  std::vector<int64_t> sizes;
  for (int64_t i = 0; i < array.length(); ++i) {
    int64_t begin = array.value_offset(i);
    offsets.push_back(begin - views.first_item);
    sizes.push_back(array.value_offset(i + 1) - begin);
  }
  views.offsets = Narrowed(offsets, static_cast<int32_t>(width));
  views.sizes = Narrowed(sizes, static_cast<int32_t>(width));
  return views;
}

namespace {

// The array's own codes and values, where the index type reaches all of them.
std::optional<ArrowDictionary> DictionaryOfCodes(const DataType& type,
                                                 const Array& array) {
  const CodedRows* coded = array.coded();
  const DataType& index_type = *type.parameters().index_type;
  if (coded == nullptr || coded->values()->length() - 1 > HighestOf(index_type)) {
    return std::nullopt;
  }
  ArrowDictionary result{.null_count = array.null_count(),
                         .values = coded->values()->WithType(type.child(0).type)};
  if (index_type.byte_width() == sizeof(uint32_t)) {
    result.validity = array.validity() == nullptr ? nullptr : array.buffer(0);
    result.indexes = coded->codes();
    result.offset = array.offset();
    return result;
  }
  std::vector<int64_t> indexes;
  for (int64_t i = 0; i < array.length(); ++i) {
    indexes.push_back(coded->code(array.offset() + i));
  }
  result.validity = ValidityFromRowZero(array);
  result.indexes = Narrowed(indexes, index_type.byte_width());
  return result;
}

}  // namespace

Result<ArrowDictionary> MakeDictionary(const DataType& type, const Array& array) {
  if (std::optional<ArrowDictionary> ready = DictionaryOfCodes(type, array)) {
    return *std::move(ready);
  }
  const DataType& index_type = *type.parameters().index_type;
  std::unordered_map<std::string, int64_t> numbers;
  std::vector<int64_t> first_rows;
  std::vector<int64_t> indexes(static_cast<size_t>(array.length()), 0);
  MutableBuffer bits(BitmapBytes(array.length()));
  std::memset(bits.data(), 0, bits.size());
  ArrowDictionary result;
  std::string key;
  for (int64_t i = 0; i < array.length(); ++i) {
    if (!array.IsValid(i)) {
      ++result.null_count;
      continue;
    }
    SetBit(bits.data(), i);
    key.clear();
    AppendRowKey(array, i, &key);
    auto [at, added] = numbers.emplace(key, static_cast<int64_t>(first_rows.size()));
    if (added) {
      first_rows.push_back(i);
    }
    indexes[static_cast<size_t>(i)] = at->second;
  }
  auto distinct = static_cast<int64_t>(first_rows.size());
  if (distinct - 1 > HighestOf(index_type)) {
    return TooMany(type, distinct, "distinct values", HighestOf(index_type) + 1);
  }
  result.validity = result.null_count == 0 ? nullptr : std::move(bits).Finish();
  result.indexes = Narrowed(indexes, index_type.byte_width());
  LANCER_ASSIGN_OR_RETURN(ArrayPtr values, Gather(array, first_rows));
  result.values = values->WithType(type.child(0).type);
  return result;
}

Result<ArrowRuns> MakeRuns(const DataType& type, const Array& array) {
  const TypePtr& end_type = type.child(0).type;
  if (array.length() > HighestOf(*end_type)) {
    return TooMany(type, array.length(), "rows", HighestOf(*end_type));
  }
  std::vector<int64_t> first_rows;
  std::vector<int64_t> ends;
  for (int64_t i = 0; i < array.length(); ++i) {
    if (i > 0 && EqualRows(array, i - 1, array, i, 1)) {
      ends.back() = i + 1;
    } else {
      first_rows.push_back(i);
      ends.push_back(i + 1);
    }
  }
  LANCER_ASSIGN_OR_RETURN(ArrayPtr values, Gather(array, first_rows));
  auto count = static_cast<int64_t>(ends.size());
  return ArrowRuns{
      .ends = Array::Make({.type = end_type,
                           .length = count,
                           .null_count = 0,
                           .buffers = {nullptr, Narrowed(ends, end_type->byte_width())}}),
      .values = values->WithType(type.child(1).type)};
}

}  // namespace lancer
