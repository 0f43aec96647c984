// PartitionColumns: the columns that folder names `key=value` stand for.
//
// A column is int32 when every value is such a number, else int64, else string; the
// default partition is null. Thread rule: safe for concurrent const calls.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "lancer/array.h"
#include "tools/convert/inputs.h"

namespace lancer::tools {

class PartitionColumns {
 public:
  explicit PartitionColumns(std::span<const InputPart> parts);

  const std::vector<Field>& fields() const { return fields_; }
  bool Has(std::string_view name) const;
  // `length` rows of column `column` as they stand for part `part`.
  ArrayPtr Values(size_t part, size_t column, int64_t length) const;

 private:
  std::vector<Field> fields_;
  std::vector<std::vector<std::string>> values_;  // [column][part]
};

}  // namespace lancer::tools
