#include "format/statistics_pruning.h"

#include <fmt/format.h>

#include <algorithm>

#include "format/block_statistics.h"

namespace lancer::format {
namespace {

using encoding::Bound;

// A filter's bounds as stored values of the leaf.
struct ValueRange {
  encoding::PhysicalType type;
  std::vector<std::byte> lower, upper;
  bool has_lower = false;
  bool has_upper = false;

  bool MayHold(const std::optional<Bound>& min, const std::optional<Bound>& max,
               bool all_null) const {
    if (all_null) {
      return !has_lower && !has_upper;
    }
    if (has_upper && min && encoding::CompareBounds(type, min->view(), upper) > 0) {
      return false;
    }
    return !(has_lower && max && encoding::CompareBounds(type, max->view(), lower) < 0);
  }
};

Status FilterMisfit(const RangeFilter& filter, std::string_view why) {
  return Status::InvalidArgument(fmt::format(
      "range filter on column {}: {}", FormatFieldPath(std::vector{filter.column}), why));
}

// Stored form of a one-row array's value.
Result<std::vector<std::byte>> StoredValue(const RangeFilter& filter, const Field& field,
                                           const ArrayPtr& array) {
  if (array->length() != 1 || !array->type()->Equals(*field.type)) {
    return FilterMisfit(filter,
                        "a bound must be one row of type " + field.type->ToString());
  }
  if (!array->IsValid(0)) {
    return FilterMisfit(filter, "a bound may not be null; leave it out for no bound");
  }
  const DataType& storage = field.type->storage();
  std::span<const std::byte> bytes;
  if (storage.is_variable_binary() || storage.kind() == TypeKind::kFixedSizeBinary) {
    bytes = array->value_bytes(0);
  } else {
    auto width = static_cast<size_t>(storage.byte_width());
    bytes = array->buffer(1)->bytes().subspan(
        static_cast<size_t>(array->offset()) * width, width);
  }
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

// -0 and +0 are equal to callers, though not in the stored order: a bound of 0 includes
// both.
void WidenZero(const encoding::PhysicalType& type, bool lower,
               std::vector<std::byte>* value) {
  if (!encoding::IsFloating(type.number) || value->empty()) {
    return;
  }
  std::byte& last = value->back();  // with the sign, its highest bit
  bool zero = (last & std::byte{0x7F}) == std::byte{0} &&
              std::all_of(value->begin(), value->end() - 1,
                          [](std::byte b) { return b == std::byte{0}; });
  if (zero) {
    last = lower ? std::byte{0x80} : std::byte{0};
  }
}

Result<ValueRange> StoredRange(const ColumnReader& column, const RangeFilter& filter) {
  bool flat = column.leaves.size() == 1 && !column.leaves[0]->shape().packed &&
              column.leaves[0]->shape().levels.empty() &&
              column.leaves[0]->shape().type.kind != encoding::PhysicalKind::kBits;
  if (!flat) {
    return FilterMisfit(filter,
                        "only columns of numbers, times, text and bytes have an "
                        "order; this one is " +
                            column.field.type->ToString());
  }
  ValueRange range{.type = column.leaves[0]->shape().type, .lower = {}, .upper = {}};
  if (filter.lower) {
    LANCER_ASSIGN_OR_RETURN(range.lower, StoredValue(filter, column.field, filter.lower));
    WidenZero(range.type, true, &range.lower);
    range.has_lower = true;
  }
  if (filter.upper) {
    LANCER_ASSIGN_OR_RETURN(range.upper, StoredValue(filter, column.field, filter.upper));
    WidenZero(range.type, false, &range.upper);
    range.has_upper = true;
  }
  return range;
}

void AddSkipped(Counters* counters, std::atomic<uint64_t> Counters::*counter) {
  if (counters != nullptr) {
    Counters::Add(counters->*counter, 1);
  }
}

void AddRows(RowRange part, std::vector<RowRange>* ranges) {
  if (part.first >= part.end) {
    return;
  }
  if (!ranges->empty() && ranges->back().end == part.first) {
    ranges->back().end = part.end;
  } else {
    ranges->push_back(part);
  }
}

// Rows of the file at which the blocks of a page begin, and where the last one ends.
Result<std::vector<uint64_t>> BlockStartsOf(const LeafReader& leaf, size_t page_index,
                                            size_t block_count) {
  LANCER_ASSIGN_OR_RETURN(PageHandle handle, leaf.Page(page_index));
  std::vector<uint64_t> starts = handle->BlockStarts();
  if (starts.size() != block_count + 1) {
    return Status::Corruption(
        fmt::format("{}: page {}: {} blocks, block statistics for {}", leaf.where(),
                    page_index, starts.empty() ? 0 : starts.size() - 1, block_count));
  }
  for (uint64_t& start : starts) {
    start += leaf.meta().pages[page_index].first_row;
  }
  return starts;
}

// Adds the blocks that may hold a value of the range, as far as they lie in `rows`.
void AddBlocks(const std::vector<uint64_t>& starts,
               const std::vector<BlockBounds>& bounds, const ValueRange& range,
               RowRange rows, Counters* counters, std::vector<RowRange>* ranges) {
  for (size_t block = 0; block < bounds.size(); ++block) {
    const bool all_null = bounds[block].null_count == starts[block + 1] - starts[block];
    if (!range.MayHold(bounds[block].min, bounds[block].max, all_null)) {
      AddSkipped(counters, &Counters::blocks_skipped);
      continue;
    }
    AddRows({std::max(rows.first, starts[block]), std::min(rows.end, starts[block + 1])},
            ranges);
  }
}

}  // namespace

Result<std::vector<RowRange>> PruneRows(const OpenDataFile& file,
                                        const ColumnReader& column,
                                        const RangeFilter& filter, RowRange rows,
                                        Counters* counters) {
  LANCER_ASSIGN_OR_RETURN(ValueRange range, StoredRange(column, filter));
  const LeafReader& leaf = *column.leaves[0];
  const std::vector<PageMeta>& pages = leaf.meta().pages;
  PagesOfBounds blocks(pages.size());
  if (!leaf.meta().block_statistics.empty()) {
    LANCER_ASSIGN_OR_RETURN(
        std::vector<std::byte> bytes,
        file.container().ReadChecked(leaf.meta().block_statistics,
                                     leaf.name() + ": block statistics"));
    LANCER_ASSIGN_OR_RETURN(blocks,
                            ParseBlockStatistics(bytes, pages.size(), leaf.where()));
  }
  std::vector<RowRange> ranges;
  for (size_t i = 0; i < pages.size(); ++i) {
    const PageMeta& page = pages[i];
    RowRange part{std::max(rows.first, page.first_row),
                  std::min(rows.end, page.first_row + page.rows)};
    if (part.first >= part.end) {
      continue;
    }
    const bool all_null = page.statistics.null_count == page.rows;
    if (!range.MayHold(page.statistics.min, page.statistics.max, all_null)) {
      AddSkipped(counters, &Counters::pages_skipped);
    } else if (blocks[i].empty()) {
      AddRows(part, &ranges);
    } else {
      LANCER_ASSIGN_OR_RETURN(std::vector<uint64_t> starts,
                              BlockStartsOf(leaf, i, blocks[i].size()));
      AddBlocks(starts, blocks[i], range, part, counters, &ranges);
    }
  }
  return ranges;
}

}  // namespace lancer::format
