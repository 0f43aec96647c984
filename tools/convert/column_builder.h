// ColumnBuilder: grows one column value by value, for readers of text formats.
//
// Holds null, bool, int64, uint64, float64, string, date32, timestamp, list and struct.
// Ownership: owns what it has been given until Finish. Thread rule: one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lancer/array.h"

namespace lancer::tools {

class ColumnBuilder {
 public:
  explicit ColumnBuilder(TypePtr type);

  const TypePtr& type() const { return type_; }
  int64_t length() const { return length_; }

  // Each appends one row. REQUIRES: the type fits the call.
  void AppendNull();
  void AppendBool(bool value);
  // Any 8-byte integer or timestamp column.
  void AppendInteger(uint64_t bits);
  void AppendDouble(double value);
  void AppendDate(int32_t days);
  void AppendString(std::string_view text);
  // A list of the items appended to child(0) since the row before; a struct whose
  // children have one row more each.
  void AppendNested();

  ColumnBuilder& child(size_t i) { return *children_[i]; }
  size_t child_count() const { return children_.size(); }

  // The rows as an array; the builder is empty afterwards.
  // Errors: ResourceExhausted when 32-bit offsets do not suffice.
  Result<ArrayPtr> Finish();

 private:
  void AppendValidity(bool valid);
  template <typename T>
  void AppendBytes(T value);

  TypePtr type_;
  int64_t length_ = 0;
  int64_t null_count_ = 0;
  std::vector<uint8_t> validity_;
  std::vector<uint8_t> values_;   // fixed width, bits of bool, or bytes of string
  std::vector<int32_t> offsets_;  // string and list
  bool overflow_ = false;
  std::vector<std::unique_ptr<ColumnBuilder>> children_;
};

}  // namespace lancer::tools
