// Arrays spelled out in a test: values in braces, std::nullopt for null.
//
// Every function makes an array with offset 0 and a counted null count. Ownership: the
// arrays own copies. Thread rule: no shared state.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "lancer/array.h"

namespace lancer::test {

template <typename T>
using Values = std::vector<std::optional<T>>;

// A validity bitmap, or null when all are valid. Empty `valid`: all are.
BufferPtr MakeValidity(const std::vector<bool>& valid);

// Fixed-width values of any type whose width is sizeof(T). Null slots hold zeros.
template <typename T>
ArrayPtr MakeFixedArray(TypePtr type, const Values<T>& values) {
  std::vector<T> slots;
  std::vector<bool> valid;
  int64_t nulls = 0;
  for (const std::optional<T>& value : values) {
    slots.push_back(value.value_or(T{}));
    valid.push_back(value.has_value());
    nulls += value.has_value() ? 0 : 1;
  }
  auto length = static_cast<int64_t>(values.size());
  return Array::Make({.type = std::move(type),
                      .length = length,
                      .null_count = nulls,
                      .buffers = {MakeValidity(valid), Buffer::Own(std::move(slots))}});
}

ArrayPtr MakeInt8Array(const Values<int8_t>& values);
ArrayPtr MakeInt16Array(const Values<int16_t>& values);
ArrayPtr MakeInt32Array(const Values<int32_t>& values);
ArrayPtr MakeInt64Array(const Values<int64_t>& values);
ArrayPtr MakeUInt64Array(const Values<uint64_t>& values);
ArrayPtr MakeFloat32Array(const Values<float>& values);
ArrayPtr MakeFloat64Array(const Values<double>& values);
ArrayPtr MakeBoolArray(const Values<bool>& values);
ArrayPtr MakeNullArray(int64_t length);

// Strings or bytes; `type` is any type stored with offsets (default: string).
ArrayPtr MakeStringArray(const Values<std::string>& values, TypePtr type = nullptr);
ArrayPtr MakeBinaryArray(const Values<std::string>& values);
// Every value must have the same size.
ArrayPtr MakeFixedSizeBinaryArray(int32_t byte_width, const Values<std::string>& values);

// Lists that take the next lengths[i] of `items` each; nullopt is a null, empty row.
// `type`: list, large_list, their views or map.
ArrayPtr MakeListArray(TypePtr type, const Values<int64_t>& lengths, ArrayPtr items);
// A list<item> of the items' type.
ArrayPtr MakeListArray(const Values<int64_t>& lengths, ArrayPtr items);

// `items` holds list_size values per row, null rows included. Empty `valid`: all are.
ArrayPtr MakeFixedSizeListArray(TypePtr type, int64_t length, ArrayPtr items,
                                const std::vector<bool>& valid = {});
ArrayPtr MakeStructArray(TypePtr type, int64_t length, std::vector<ArrayPtr> children,
                         const std::vector<bool>& valid = {});

// A nullable field, or one that is not.
Field Nullable(std::string name, TypePtr type);
Field Required(std::string name, TypePtr type);

// A batch of arrays that fit the fields. REQUIRES: at least one column.
Batch MakeBatch(std::vector<Field> fields, std::vector<ArrayPtr> columns);

// Reads batches from memory: all of one schema.
class VectorReader : public BatchReader {
 public:
  VectorReader(std::shared_ptr<const Schema> schema, std::vector<Batch> batches)
      : schema_(std::move(schema)), batches_(std::move(batches)) {}
  const std::shared_ptr<const Schema>& schema() const override { return schema_; }
  Result<std::optional<Batch>> Next() override;

 private:
  std::shared_ptr<const Schema> schema_;
  std::vector<Batch> batches_;
  size_t next_ = 0;
};

}  // namespace lancer::test
