// CodedRows: rows of a dictionary type as codes, that is, which of some distinct values
// each row has. An array that holds them makes its values when they are first asked for.
//
// Ownership: shares codes and values; owns what was decoded. Thread rule: safe for
// concurrent const calls.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "lancer/array.h"

namespace lancer {

class CodedRows {
 public:
  // `codes`: a uint32 per row, null rows included. `values`: flat, at least one, none of
  // them null. Errors: Corruption for a code without a value; ResourceExhausted when the
  // rows' values would not fit the type's offsets.
  static Result<std::shared_ptr<const CodedRows>> Make(BufferPtr codes, ArrayPtr values);

  const BufferPtr& codes() const { return codes_; }
  const ArrayPtr& values() const { return values_; }
  int64_t row_count() const {
    return static_cast<int64_t>(codes_->size() / sizeof(uint32_t));
  }
  uint32_t code(int64_t row) const;
  // Bytes of the values of rows [first, first + n), offsets included.
  int64_t ByteSize(int64_t first, int64_t n) const;

  // Buffer 1 or 2 of an array of all rows' values, made at the first call.
  const BufferPtr& DecodedBuffer(size_t i) const;

 private:
  CodedRows(BufferPtr codes, ArrayPtr values)
      : codes_(std::move(codes)), values_(std::move(values)) {}

  BufferPtr codes_;
  ArrayPtr values_;
  mutable std::once_flag decoded_once_;
  mutable ArrayPtr decoded_;
};

// Can an array of the declared type hold codes? True for a dictionary type of flat values
// that is not inside another dictionary or run-end type.
bool MayBeCoded(const DataType& type);

// An array of a type for which MayBeCoded holds. Errors: as CodedRows::Make.
Result<ArrayPtr> MakeCodedArray(TypePtr type, int64_t null_count, BufferPtr validity,
                                BufferPtr codes, ArrayPtr values);

}  // namespace lancer
