#include "lancer/tensor_slice.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "format/fetch.h"
#include "format/open_file.h"
#include "format/plain_column.h"
#include "types/tensor_shape.h"

namespace lancer {
namespace {

using format::ByteRange;

// What a slice is in values of the column's list.
struct ValueRange {
  uint64_t first = 0;
  uint64_t count = 0;
};

Status BadSlice(const FileReader& reader, const Field& field, const std::string& what) {
  return Status::InvalidArgument(fmt::format("{}: column {}: {}", reader.path(),
                                             FormatFieldPath(std::vector{field.name}),
                                             what));
}

Result<ValueRange> RangeOf(const FileReader& reader, const Field& field,
                           const TensorSlice& slice) {
  if (field.type->kind() != TypeKind::kFixedSizeList) {
    return BadSlice(reader, field,
                    "slices are of fixed-size lists, not of " + field.type->ToString());
  }
  if (slice.row >= reader.row_count()) {
    return BadSlice(
        reader, field,
        fmt::format("row {} of a file of {} rows", slice.row, reader.row_count()));
  }
  const auto size = static_cast<uint64_t>(field.type->parameters().list_size);
  uint64_t axis = size;
  LANCER_ASSIGN_OR_RETURN(const std::optional<TensorShape> shape, TensorShapeOf(field));
  if (shape.has_value() && !shape->sides.empty()) {
    axis = shape->sides.front();
  }
  if (slice.first > axis || slice.count > axis - slice.first) {
    return BadSlice(reader, field,
                    fmt::format("items [{}, {} + {}) of an axis of {}", slice.first,
                                slice.first, slice.count, axis));
  }
  const uint64_t step = axis == 0 ? 0 : size / axis;
  return ValueRange{slice.first * step, slice.count * step};
}

TypePtr ListOf(const Field& field, uint64_t values) {
  return DataType::FixedSizeList(field.type->child(0), static_cast<int32_t>(values));
}

// One row of `values`.
ArrayPtr RowOf(const Field& field, const ValueRange& range, ArrayPtr values) {
  return Array::Make({.type = ListOf(field, range.count),
                      .length = 1,
                      .null_count = 0,
                      .buffers = {nullptr},
                      .children = {std::move(values)}});
}

// The page that holds a row, and the row's ordinal in it.
struct PagePlace {
  size_t page = 0;
  uint32_t row = 0;
};

PagePlace Place(const format::LeafReader& leaf, uint64_t row) {
  const auto& pages = leaf.meta().pages;
  const auto behind = std::ranges::upper_bound(
      pages, row, {}, [](const format::PageMeta& page) { return page.first_row; });
  const auto page = static_cast<size_t>(behind - pages.begin()) - 1;
  return {page, static_cast<uint32_t>(row - pages[page].first_row)};
}

// The slice's own bytes, where values are stored in place; nothing where they are not.
Result<ArrayPtr> ReadInPlace(const format::OpenDataFile& file,
                             const format::ColumnReader& column, uint64_t row,
                             const ValueRange& range, const TakeOptions& options) {
  if (!format::MayBePlain(column) || range.count == 0) {
    return ArrayPtr();
  }
  const format::LeafReader& leaf = *column.leaves[0];
  const format::LeafShape& shape = leaf.shape();
  const PagePlace place = Place(leaf, row);
  LANCER_ASSIGN_OR_RETURN(const format::PageHandle page, leaf.Page(place.page));
  const ByteRange values = page->PlainValues();
  if (values.size == 0) {
    return ArrayPtr();
  }
  const uint64_t width = shape.type.width;
  const ByteRange wanted{
      values.offset + place.row * shape.row_stride() + range.first * width,
      range.count * width};
  std::vector<ByteRange> ranges;
  page->PlanRows(std::span(&place.row, 1), options.verify, &ranges);
  const bool due = !ranges.empty();
  if (!due) {
    ranges.push_back(wanted);
  }
  LANCER_ASSIGN_OR_RETURN(
      const format::FetchedRanges fetched,
      format::FetchedRanges::Fetch(file.container().file(), std::move(ranges)));
  Counters* counters = file.context().counters.get();
  if (due) {
    LANCER_RETURN_IF_ERROR(page->VerifyUnits(
        fetched.bytes(), place.row, 1, {.verify = options.verify, .counters = counters}));
  }
  const std::span<const std::byte> found =
      fetched.bytes().Find(wanted.offset, wanted.size);
  if (found.size() != wanted.size) {
    return Status::Internal(leaf.where() + ": the bytes of a slice were not fetched");
  }
  if (counters != nullptr) {
    Counters::Add(counters->bytes_used, wanted.size);
  }
  return RowOf(column.field, range,
               Array::Make({.type = shape.declared,
                            .length = static_cast<int64_t>(range.count),
                            .null_count = 0,
                            .buffers = {nullptr, Buffer::Own(std::vector<std::byte>(
                                                     found.begin(), found.end()))},
                            .children = {}}));
}

}  // namespace

Result<ArrayPtr> TakeTensorSlice(const FileReader& reader, const std::string& column,
                                 const TensorSlice& slice, const TakeOptions& options) {
  LANCER_RETURN_IF_ERROR(options.cancel.Check());
  const format::OpenDataFile& file = FileReaderAccess::File(reader);
  TakeOptions one = options;
  one.columns = {{column}};
  LANCER_ASSIGN_OR_RETURN(const format::ColumnSet columns, file.Columns(one.columns));
  const Field& field = columns[0].field;
  LANCER_ASSIGN_OR_RETURN(const ValueRange range, RangeOf(reader, field, slice));
  LANCER_ASSIGN_OR_RETURN(ArrayPtr in_place,
                          ReadInPlace(file, columns[0], slice.row, range, options));
  if (in_place != nullptr) {
    return in_place;
  }
  LANCER_ASSIGN_OR_RETURN(const Batch taken, reader.Take(std::span(&slice.row, 1), one));
  const Array& tensor = *taken.columns[0];
  if (!tensor.IsValid(0)) {
    return Array::Nulls(ListOf(field, range.count), 1);
  }
  const int64_t first = tensor.offset() * field.type->parameters().list_size;
  return RowOf(field, range,
               tensor.child(0)->Slice(first + static_cast<int64_t>(range.first),
                                      static_cast<int64_t>(range.count)));
}

}  // namespace lancer
