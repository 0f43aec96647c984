#include <algorithm>
#include <optional>
#include <string>

#include "lancer/array.h"
#include "types/array_layout.h"
#include "types/bitmap.h"

namespace lancer {
namespace {

// Rows [begin, end) that no null ancestor hides.
struct ShownRange {
  int64_t begin;
  int64_t end;
};
using ShownRows = std::vector<ShownRange>;

// True when some field at or below `field` must not be null.
bool HasRequired(const Field& field) {
  const DataType& type = LayoutType(*field.type);
  return !field.nullable || std::ranges::any_of(type.children(), HasRequired);
}

void Append(int64_t begin, int64_t end, ShownRows* ranges) {
  if (begin == end) {
    return;
  }
  if (!ranges->empty() && ranges->back().end == begin) {
    ranges->back().end = end;
  } else {
    ranges->push_back({begin, end});
  }
}

// The valid rows of `array` inside `rows`.
ShownRows ValidRows(const Array& array, const ShownRows& rows) {
  const std::byte* bits = array.validity();
  if (bits == nullptr) {
    return rows;
  }
  ShownRows valid;
  for (const ShownRange& range : rows) {
    int64_t at = array.offset() + range.begin;
    int64_t end = array.offset() + range.end;
    while (at < end) {
      int64_t first = FindBit(bits, at, end, true);
      at = FindBit(bits, first, end, false);
      Append(first - array.offset(), at - array.offset(), &valid);
    }
  }
  return valid;
}

ShownRows ItemRows(const Array& array, const ShownRows& rows) {
  ShownRows items;
  ArrayLayout layout = LayoutOf(*array.type());
  int64_t scale = layout == ArrayLayout::kFixedList
                      ? array.type()->storage().parameters().list_size
                      : 1;
  for (const ShownRange& range : rows) {
    if (layout == ArrayLayout::kList) {
      Append(array.value_offset(range.begin), array.value_offset(range.end), &items);
    } else {
      Append((array.offset() + range.begin) * scale, (array.offset() + range.end) * scale,
             &items);
    }
  }
  return items;
}

// The first null of `rows`.
std::optional<int64_t> FindNull(const Array& array, const ShownRows& rows) {
  if (array.buffer_count() == 0) {
    return rows.empty() ? std::nullopt : std::optional(rows[0].begin);
  }
  const std::byte* bits = array.validity();
  for (const ShownRange& range : rows) {
    int64_t end = array.offset() + range.end;
    int64_t at =
        bits == nullptr ? end : FindBit(bits, array.offset() + range.begin, end, false);
    if (at != end) {
      return at - array.offset();
    }
  }
  return std::nullopt;
}

Status CheckNulls(const Field& field, const Array& array, const ShownRows& rows,
                  FieldPath* path) {
  if (!HasRequired(field)) {
    return Status::Ok();
  }
  path->push_back(field.name);
  if (std::optional<int64_t> row; !field.nullable && (row = FindNull(array, rows))) {
    const std::string place =  // inside others the number is not that of a row
        path->size() == 1 ? " in row " + std::to_string(*row) : "";
    return Status::InvalidArgument("field " + FormatFieldPath(*path) + " holds a null" +
                                   place + " but is declared not null; give it a value");
  }
  const DataType& type = LayoutType(*field.type);
  if (!type.children().empty()) {
    ShownRows items = ItemRows(array, ValidRows(array, rows));
    for (size_t i = 0; i < type.children().size(); ++i) {
      LANCER_RETURN_IF_ERROR(CheckNulls(type.child(i), *array.child(i), items, path));
    }
  }
  path->pop_back();
  return Status::Ok();
}

Status CheckColumn(const Field& field, const ArrayPtr& column, int64_t length) {
  std::string name = FormatFieldPath(std::span(&field.name, 1));
  if (column == nullptr || column->type() == nullptr) {
    return Status::InvalidArgument("field " + name + ": the array is missing");
  }
  if (!column->type()->Equals(*field.type)) {
    return Status::InvalidArgument("field " + name + ": expected type " +
                                   field.type->ToString() + ", found " +
                                   column->type()->ToString());
  }
  if (column->length() != length) {
    return Status::InvalidArgument("field " + name + ": expected " +
                                   std::to_string(length) + " rows, found " +
                                   std::to_string(column->length()));
  }
  return column->Validate(name);
}

}  // namespace

Batch Batch::Slice(int64_t offset, int64_t slice_length) const {
  Batch slice{schema, slice_length, {}};
  slice.columns.reserve(columns.size());
  for (const ArrayPtr& column : columns) {
    slice.columns.push_back(column->Slice(offset, slice_length));
  }
  return slice;
}

Status Batch::Validate(bool nullability) const {
  if (schema == nullptr || length < 0) {
    return Status::InvalidArgument(schema == nullptr ? "the batch has no schema"
                                                     : "the batch's length is negative");
  }
  if (columns.size() != schema->field_count()) {
    return Status::InvalidArgument("expected " + std::to_string(schema->field_count()) +
                                   " columns, found " + std::to_string(columns.size()));
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    LANCER_RETURN_IF_ERROR(CheckColumn(schema->field(i), columns[i], length));
    if (nullability) {
      FieldPath path;
      ShownRows rows;
      Append(0, length, &rows);
      LANCER_RETURN_IF_ERROR(CheckNulls(schema->field(i), *columns[i], rows, &path));
    }
  }
  return Status::Ok();
}

bool Batch::Equals(const Batch& other) const {
  if (length != other.length || columns.size() != other.columns.size() ||
      !schema->Equals(*other.schema)) {
    return false;
  }
  return std::ranges::equal(
      columns, other.columns,
      [](const ArrayPtr& a, const ArrayPtr& b) { return a->Equals(*b); });
}

}  // namespace lancer
