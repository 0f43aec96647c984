#include "format/take_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "format/plain_column.h"
#include "types/gather.h"

namespace lancer::format {

Result<RowOrder> RowOrder::Make(std::span<const uint64_t> rows, uint64_t row_count) {
  RowOrder order;
  order.asked_ = rows;
  uint64_t previous = 0;
  for (uint64_t row : rows) {
    if (row >= row_count) {
      return Status::InvalidArgument(
          fmt::format("row {} is out of range: there are {} rows", row, row_count));
    }
    order.already_sorted_ &= row >= previous;
    previous = row;
  }
  if (order.already_sorted_) {
    return order;
  }
  struct Asked {
    uint64_t row;
    uint64_t index;
  };
  std::vector<Asked> by_row(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    by_row[i] = {rows[i], i};
  }
  std::ranges::sort(by_row, {}, &Asked::row);
  order.sorted_.resize(rows.size());
  order.places_.resize(rows.size());
  order.asked_index_.resize(rows.size());
  for (size_t place = 0; place < by_row.size(); ++place) {
    order.sorted_[place] = by_row[place].row;
    order.asked_index_[place] = by_row[place].index;
    order.places_[by_row[place].index] = static_cast<int64_t>(place);
  }
  return order;
}

Result<TakePlan::LeafRows> TakePlan::PlanLeaf(const LeafReader& leaf,
                                              std::span<const uint64_t> sorted) {
  LeafRows plan{.leaf = &leaf, .ordinals = {}, .pages = {}};
  plan.ordinals.resize(sorted.size());
  const std::vector<PageMeta>& pages = leaf.meta().pages;
  size_t first = 0;
  while (first < sorted.size()) {
    size_t page = leaf.meta().PageOf(sorted[first]);
    uint64_t page_begin = pages[page].first_row;
    uint64_t page_end = page_begin + pages[page].rows;
    size_t end = first;
    while (end < sorted.size() && sorted[end] < page_end) {
      plan.ordinals[end] = static_cast<uint32_t>(sorted[end] - page_begin);
      ++end;
    }
    LANCER_ASSIGN_OR_RETURN(PageHandle handle, leaf.Page(page));
    plan.pages.push_back(
        {std::move(handle), std::span(plan.ordinals).subspan(first, end - first)});
    first = end;
  }
  return plan;
}

Result<TakePlan> TakePlan::Make(std::span<const ColumnReader* const> columns,
                                const RowOrder& order) {
  TakePlan plan(columns, order);
  for (const ColumnReader* column : columns) {
    for (const auto& leaf : column->leaves) {
      LANCER_ASSIGN_OR_RETURN(LeafRows rows, PlanLeaf(*leaf, order.sorted()));
      plan.leaves_.push_back(std::move(rows));
    }
  }
  return plan;
}

std::vector<ByteRange> TakePlan::Ranges(Verify due) const {
  std::vector<ByteRange> ranges;
  for (const LeafRows& leaf : leaves_) {
    for (const PageRows& page : leaf.pages) {
      page.page->PlanRows(page.rows, due, &ranges);
    }
  }
  return ranges;
}

Result<ArrayPtr> TakePlan::PlaceColumn(const ColumnReader& column, const LeafRows& rows,
                                       const FetchedBytes& bytes,
                                       const PageReadOptions& options,
                                       MemoryBudget* budget) const {
  for (const PageRows& page : rows.pages) {
    if (page.page->PlainValues().size == 0) {
      return ArrayPtr();
    }
  }
  const size_t count = rows.ordinals.size();
  const uint64_t size = rows.leaf->shape().LeastBytes(count);
  LANCER_RETURN_IF_ERROR(budget->Reserve(size, rows.leaf->name()));
  MutableBuffer values(static_cast<size_t>(size));
  std::span<const uint64_t> places = order_->asked();
  for (const PageRows& page : rows.pages) {
    LANCER_RETURN_IF_ERROR(page.page->PlaceRows(
        bytes, page.rows, places.first(page.rows.size()), options, values.data()));
    places = places.subspan(page.rows.size());
  }
  return MakePlainColumn(column, count, std::move(values).Finish());
}

Result<ArrayPtr> TakePlan::ReadColumn(const ColumnReader& column, size_t first_leaf,
                                      const FetchedBytes& bytes,
                                      const PageReadOptions& options,
                                      MemoryBudget* budget) const {
  if (!order_->places().empty() && MayBePlain(column)) {
    LANCER_ASSIGN_OR_RETURN(ArrayPtr placed, PlaceColumn(column, leaves_[first_leaf],
                                                         bytes, options, budget));
    if (placed != nullptr) {
      return placed;
    }
  }
  std::vector<LeafBuffer> buffers(column.leaves.size());
  std::vector<LeafBuffer*> parts;
  for (size_t i = 0; i < buffers.size(); ++i) {
    const LeafRows& rows = leaves_[first_leaf + i];
    buffers[i] = MakeLeafBuffer(rows.leaf->shape());
    buffers[i].LimitTo(budget->available());
    for (const PageRows& page : rows.pages) {
      LANCER_RETURN_IF_ERROR(page.page->ReadRows(bytes, page.rows, options, &buffers[i]));
    }
    LANCER_RETURN_IF_ERROR(budget->Reserve(buffers[i].memory_bytes(), rows.leaf->name()));
    parts.push_back(&buffers[i]);
  }
  LANCER_ASSIGN_OR_RETURN(ArrayPtr array, Assemble(column.field, parts));
  return order_->places().empty() ? Result<ArrayPtr>(std::move(array))
                                  : Gather(*array, order_->places());
}

Result<std::vector<ArrayPtr>> TakePlan::Read(const FetchedBytes& bytes,
                                             const PageReadOptions& options,
                                             MemoryBudget* budget) const {
  std::vector<ArrayPtr> arrays;
  arrays.reserve(columns_.size());
  size_t leaf = 0;
  for (const ColumnReader* column : columns_) {
    LANCER_ASSIGN_OR_RETURN(ArrayPtr array,
                            ReadColumn(*column, leaf, bytes, options, budget));
    arrays.push_back(std::move(array));
    leaf += column->leaves.size();
  }
  return arrays;
}

}  // namespace lancer::format
