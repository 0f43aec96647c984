#include "tests/support/arrays/arrays.h"

#include <algorithm>
#include <cassert>

#include "types/array_layout.h"
#include "types/bitmap.h"

namespace lancer::test {
namespace {

template <typename T>
std::vector<bool> ValidOf(const Values<T>& values) {
  std::vector<bool> valid;
  for (const std::optional<T>& value : values) {
    valid.push_back(value.has_value());
  }
  return valid;
}

int64_t NullsIn(const std::vector<bool>& valid) {
  return std::ranges::count(valid, false);
}

BufferPtr OffsetsBuffer(const std::vector<int64_t>& offsets, int64_t width) {
  if (width == 8) {
    return Buffer::Own(offsets);
  }
  std::vector<int32_t> narrow;
  for (int64_t offset : offsets) {
    narrow.push_back(static_cast<int32_t>(offset));
  }
  return Buffer::Own(std::move(narrow));
}

}  // namespace

BufferPtr MakeValidity(const std::vector<bool>& valid) {
  if (NullsIn(valid) == 0) {
    return nullptr;
  }
  auto length = static_cast<int64_t>(valid.size());
  MutableBuffer bits(BitmapBytes(length));
  std::memset(bits.data(), 0, bits.size());
  for (int64_t i = 0; i < length; ++i) {
    if (valid[static_cast<size_t>(i)]) {
      SetBit(bits.data(), i);
    }
  }
  return std::move(bits).Finish();
}

ArrayPtr MakeInt8Array(const Values<int8_t>& values) {
  return MakeFixedArray<int8_t>(DataType::Make(TypeKind::kInt8), values);
}
ArrayPtr MakeInt16Array(const Values<int16_t>& values) {
  return MakeFixedArray<int16_t>(DataType::Make(TypeKind::kInt16), values);
}
ArrayPtr MakeInt32Array(const Values<int32_t>& values) {
  return MakeFixedArray<int32_t>(DataType::Make(TypeKind::kInt32), values);
}
ArrayPtr MakeInt64Array(const Values<int64_t>& values) {
  return MakeFixedArray<int64_t>(DataType::Make(TypeKind::kInt64), values);
}
ArrayPtr MakeUInt64Array(const Values<uint64_t>& values) {
  return MakeFixedArray<uint64_t>(DataType::Make(TypeKind::kUInt64), values);
}
ArrayPtr MakeFloat32Array(const Values<float>& values) {
  return MakeFixedArray<float>(DataType::Make(TypeKind::kFloat32), values);
}
ArrayPtr MakeFloat64Array(const Values<double>& values) {
  return MakeFixedArray<double>(DataType::Make(TypeKind::kFloat64), values);
}

ArrayPtr MakeBoolArray(const Values<bool>& values) {
  auto length = static_cast<int64_t>(values.size());
  MutableBuffer bits(BitmapBytes(length));
  std::memset(bits.data(), 0, bits.size());
  for (int64_t i = 0; i < length; ++i) {
    if (values[static_cast<size_t>(i)].value_or(false)) {
      SetBit(bits.data(), i);
    }
  }
  std::vector<bool> valid = ValidOf(values);
  return Array::Make({.type = DataType::Make(TypeKind::kBool),
                      .length = length,
                      .null_count = NullsIn(valid),
                      .buffers = {MakeValidity(valid), std::move(bits).Finish()}});
}

ArrayPtr MakeNullArray(int64_t length) {
  return Array::Nulls(DataType::Make(TypeKind::kNull), length);
}

ArrayPtr MakeStringArray(const Values<std::string>& values, TypePtr type) {
  if (type == nullptr) {
    type = DataType::Make(TypeKind::kString);
  }
  std::vector<int64_t> offsets = {0};
  std::vector<char> bytes;
  for (const std::optional<std::string>& value : values) {
    if (value) {
      bytes.insert(bytes.end(), value->begin(), value->end());
    }
    offsets.push_back(static_cast<int64_t>(bytes.size()));
  }
  std::vector<bool> valid = ValidOf(values);
  BufferPtr offset_buffer = OffsetsBuffer(offsets, OffsetWidth(*type));
  return Array::Make({.type = std::move(type),
                      .length = static_cast<int64_t>(values.size()),
                      .null_count = NullsIn(valid),
                      .buffers = {MakeValidity(valid), std::move(offset_buffer),
                                  Buffer::Own(std::move(bytes))}});
}

ArrayPtr MakeBinaryArray(const Values<std::string>& values) {
  return MakeStringArray(values, DataType::Make(TypeKind::kBinary));
}

ArrayPtr MakeFixedSizeBinaryArray(int32_t byte_width, const Values<std::string>& values) {
  std::string bytes;
  for (const std::optional<std::string>& value : values) {
    std::string slot = value.value_or(std::string(static_cast<size_t>(byte_width), '\0'));
    assert(slot.size() == static_cast<size_t>(byte_width));
    bytes += slot;
  }
  std::vector<bool> valid = ValidOf(values);
  return Array::Make(
      {.type = DataType::FixedSizeBinary(byte_width),
       .length = static_cast<int64_t>(values.size()),
       .null_count = NullsIn(valid),
       .buffers = {MakeValidity(valid),
                   Buffer::Own(std::vector<char>(bytes.begin(), bytes.end()))}});
}

ArrayPtr MakeListArray(TypePtr type, const Values<int64_t>& lengths, ArrayPtr items) {
  std::vector<int64_t> offsets = {0};
  for (const std::optional<int64_t>& length : lengths) {
    offsets.push_back(offsets.back() + length.value_or(0));
  }
  std::vector<bool> valid = ValidOf(lengths);
  BufferPtr offset_buffer = OffsetsBuffer(offsets, OffsetWidth(*type));
  return Array::Make({.type = std::move(type),
                      .length = static_cast<int64_t>(lengths.size()),
                      .null_count = NullsIn(valid),
                      .buffers = {MakeValidity(valid), std::move(offset_buffer)},
                      .children = {std::move(items)}});
}

ArrayPtr MakeListArray(const Values<int64_t>& lengths, ArrayPtr items) {
  TypePtr type = DataType::List(Nullable("item", items->type()));
  return MakeListArray(std::move(type), lengths, std::move(items));
}

ArrayPtr MakeFixedSizeListArray(TypePtr type, int64_t length, ArrayPtr items,
                                const std::vector<bool>& valid) {
  return Array::Make({.type = std::move(type),
                      .length = length,
                      .null_count = NullsIn(valid),
                      .buffers = {MakeValidity(valid)},
                      .children = {std::move(items)}});
}

ArrayPtr MakeStructArray(TypePtr type, int64_t length, std::vector<ArrayPtr> children,
                         const std::vector<bool>& valid) {
  return Array::Make({.type = std::move(type),
                      .length = length,
                      .null_count = NullsIn(valid),
                      .buffers = {MakeValidity(valid)},
                      .children = std::move(children)});
}

Field Nullable(std::string name, TypePtr type) {
  return {.name = std::move(name), .type = std::move(type)};
}

Field Required(std::string name, TypePtr type) {
  return {.name = std::move(name), .type = std::move(type), .nullable = false};
}

Batch MakeBatch(std::vector<Field> fields, std::vector<ArrayPtr> columns) {
  int64_t length = columns.at(0)->length();
  return {std::make_shared<const Schema>(std::move(fields)), length, std::move(columns)};
}

Result<std::optional<Batch>> VectorReader::Next() {
  if (next_ == batches_.size()) {
    return std::nullopt;
  }
  return batches_[next_++];
}

}  // namespace lancer::test
