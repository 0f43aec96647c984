// Array and Batch: columns of data in memory, in the Arrow layout.
//
// An Array's layout is that of `type->storage()`:
//   null               no buffers
//   bool               [validity, bits]
//   fixed width        [validity, values]           byte_width() bytes per value
//   string, binary     [validity, int32 offsets, bytes]
//   large_*            [validity, int64 offsets, bytes]
//   list               [validity, int32 offsets], 1 child
//   large_list, map    [validity, int64 | int32 offsets], 1 child
//   fixed_size_list    [validity], 1 child of list_size items per row, null rows included
//   struct             [validity], children of the same length
// An array of a dictionary type may hold codes into distinct values instead of buffers 1
// and 2; these are then made when they are first asked for, and export does without them.
// A null validity buffer means that no row is null. Bits are least significant first.
// Ownership: immutable, shared buffers. Thread rule: safe for concurrent const calls.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lancer/buffer.h"
#include "lancer/export.h"
#include "lancer/schema.h"

namespace lancer {

class Array;
using ArrayPtr = std::shared_ptr<const Array>;
class CodedRows;

class LANCER_EXPORT Array {
 public:
  struct Data {
    TypePtr type = {};  // declared type
    int64_t length = 0;
    int64_t offset = 0;  // rows to skip in every buffer, and in struct and fixed-size
                         // list children
    int64_t null_count = -1;  // -1: not counted yet
    std::vector<BufferPtr> buffers = {};
    std::vector<ArrayPtr> children = {};
    std::shared_ptr<const CodedRows> coded = {};  // in place of buffers 1 and 2
  };
  // REQUIRES: the buffers and children fit the type (Validate tells).
  explicit Array(Data data) : data_(std::move(data)) {}
  static ArrayPtr Make(Data data) {
    return std::make_shared<const Array>(std::move(data));
  }
  // `length` nulls of any type (slots hold zeros). The field need not be nullable.
  static ArrayPtr Nulls(TypePtr type, int64_t length);

  const TypePtr& type() const { return data_.type; }
  int64_t length() const { return data_.length; }
  int64_t offset() const { return data_.offset; }
  // Counts on each call when it was not given.
  int64_t null_count() const;
  const BufferPtr& buffer(size_t i) const {
    return data_.coded == nullptr || i == 0 ? data_.buffers[i] : DecodedBuffer(i);
  }
  size_t buffer_count() const;
  // Null for an array that holds its values.
  const CodedRows* coded() const { return data_.coded.get(); }
  const ArrayPtr& child(size_t i) const { return data_.children[i]; }
  size_t child_count() const { return data_.children.size(); }

  // REQUIRES: 0 <= i < length(). False for every row of a null-typed array.
  bool IsValid(int64_t i) const;
  // Validity bitmap, bit 0 = bit `offset()`; null when no row is null.
  const std::byte* validity() const;
  // Values buffer as T without the offset applied. REQUIRES: buffer 1 exists.
  template <typename T>
  const T* values() const {
    return static_cast<const T*>(static_cast<const void*>(buffer(1)->data()));
  }
  // Start of row i's bytes or items, offset applied, whatever the offset width.
  // REQUIRES: a variable binary, list or map array, 0 <= i <= length().
  int64_t value_offset(int64_t i) const;
  // Row i's bytes, empty for null. REQUIRES: variable or fixed-size binary.
  std::span<const std::byte> value_bytes(int64_t i) const;

  // Rows [offset, offset + length) without a copy. REQUIRES: inside this array.
  ArrayPtr Slice(int64_t offset, int64_t length) const;
  // The same rows under another declared type with the same storage layout.
  ArrayPtr WithType(TypePtr type) const;

  // Checks buffer sizes, offsets (ascending, inside the data), child lengths, and with
  // `full` also UTF-8 of strings. Errors: InvalidArgument naming the field path `name`.
  Status Validate(std::string_view name, bool full = false) const;
  // Value by value, null slots ignored, floats by bits. Types must be equal too.
  bool Equals(const Array& other) const;
  // Bytes that the rows of this array refer to, children included.
  int64_t byte_size() const;
  // One row for people and for JSON lines: numbers, "text", [1, 2], {"a": 1}, null.
  std::string FormatValue(int64_t i) const;
  // The same for a column of `field`, whose metadata may say that it holds bfloat16.
  std::string FormatValue(int64_t i, const Field& field) const;

 private:
  const BufferPtr& DecodedBuffer(size_t i) const;

  Data data_;
};

// Concatenates arrays of one type into one with offset 0. `arrays` may be empty.
// Errors: ResourceExhausted when 32-bit offsets do not suffice.
LANCER_EXPORT Result<ArrayPtr> Concatenate(const TypePtr& type,
                                           std::span<const ArrayPtr> arrays);

// Rows of a table: one array per field of the schema, all of `length` rows.
struct LANCER_EXPORT Batch {
  std::shared_ptr<const Schema> schema;
  int64_t length = 0;
  std::vector<ArrayPtr> columns;

  Batch Slice(int64_t offset, int64_t length) const;
  // Field count, lengths, types, and each array's Validate; with `nullability` also that
  // no field that is not nullable holds a null. Errors: InvalidArgument naming the path.
  Status Validate(bool nullability = true) const;
  bool Equals(const Batch& other) const;
};

// A pull stream of batches with one schema. A batch may outlive its reader. One thread at
// a time.
class LANCER_EXPORT BatchReader {
 public:
  virtual ~BatchReader() = default;
  virtual const std::shared_ptr<const Schema>& schema() const = 0;
  // The next rows, or nothing at the end and ever after. May do I/O. After an error the
  // reader gives the same error again.
  virtual Result<std::optional<Batch>> Next() = 0;
};

}  // namespace lancer
