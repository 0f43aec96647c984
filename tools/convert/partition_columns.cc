#include "tools/convert/partition_columns.h"

#include <algorithm>
#include <limits>

#include "tools/convert/column_builder.h"
#include "tools/convert/text_check.h"

namespace lancer::tools {
namespace {

TypeKind KindOf(std::span<const std::string> values) {
  bool narrow = true;
  for (const std::string& value : values) {
    if (value == kHiveNull) {
      continue;
    }
    const std::optional<int64_t> number = ParseInt64(value);
    if (!number) {
      return TypeKind::kString;
    }
    narrow = narrow && *number >= std::numeric_limits<int32_t>::min() &&
             *number <= std::numeric_limits<int32_t>::max();
  }
  return narrow ? TypeKind::kInt32 : TypeKind::kInt64;
}

}  // namespace

PartitionColumns::PartitionColumns(std::span<const InputPart> parts) {
  for (const InputPart& part : parts) {
    for (const auto& [key, value] : part.partitions) {
      if (!Has(key)) {
        fields_.push_back({});
        fields_.back().name = key;
        values_.emplace_back(parts.size(), std::string(kHiveNull));
      }
    }
  }
  for (size_t i = 0; i < fields_.size(); ++i) {
    for (size_t p = 0; p < parts.size(); ++p) {
      for (const auto& [key, value] : parts[p].partitions) {
        if (key == fields_[i].name) {
          values_[i][p] = value;
        }
      }
    }
    fields_[i].type = DataType::Make(KindOf(values_[i]));
  }
}

bool PartitionColumns::Has(std::string_view name) const {
  return std::any_of(fields_.begin(), fields_.end(),
                     [&](const Field& field) { return field.name == name; });
}

ArrayPtr PartitionColumns::Values(size_t part, size_t column, int64_t length) const {
  const TypePtr& type = fields_[column].type;
  const std::string& value = values_[column][part];
  if (value == kHiveNull) {
    return Array::Nulls(type, length);
  }
  if (type->kind() == TypeKind::kInt32) {
    const auto number = static_cast<int32_t>(*ParseInt64(value));
    std::vector<int32_t> numbers(static_cast<size_t>(length), number);
    return Array::Make({.type = type,
                        .length = length,
                        .offset = 0,
                        .null_count = 0,
                        .buffers = {nullptr, Buffer::Own(std::move(numbers))},
                        .children = {}});
  }
  ColumnBuilder builder(type);
  for (int64_t i = 0; i < length; ++i) {
    if (type->kind() == TypeKind::kInt64) {
      builder.AppendInteger(static_cast<uint64_t>(*ParseInt64(value)));
    } else {
      builder.AppendString(value);
    }
  }
  return *builder.Finish();
}

}  // namespace lancer::tools
