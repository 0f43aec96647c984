#include "format/filtered_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "format/column_range.h"
#include "format/fetch.h"
#include "format/take_plan.h"
#include "types/gather.h"

namespace lancer::format {
namespace {

Status CheckSelection(const std::string& path, std::span<const uint32_t> rows,
                      int64_t length) {
  int64_t least = 0;
  for (const uint32_t row : rows) {
    if (row < least || row >= length) {
      return Status::InvalidArgument(
          fmt::format("{}: a filter selected row {} of a batch of {} rows, expected [{}, "
                      "{}): rows are strictly ascending",
                      path, row, length, least, length));
    }
    least = int64_t{row} + 1;
  }
  return Status::Ok();
}

bool SideBySide(std::span<const uint32_t> rows) {
  return rows.back() - rows.front() == rows.size() - 1;
}

// Some rows of a column that was read whole.
Result<ArrayPtr> RowsOf(const ArrayPtr& column, std::span<const uint32_t> rows) {
  if (SideBySide(rows)) {
    return column->Slice(rows.front(), static_cast<int64_t>(rows.size()));
  }
  return Gather(*column, std::vector<int64_t>(rows.begin(), rows.end()));
}

}  // namespace

Result<std::unique_ptr<BatchReader>> FilteredScan::Make(
    std::shared_ptr<const OpenDataFile> file, const ScanOptions& options) {
  std::unique_ptr<FilteredScan> scan(new FilteredScan(std::move(file), options));
  LANCER_RETURN_IF_ERROR(scan->Plan());
  return std::unique_ptr<BatchReader>(std::move(scan));
}

Status FilteredScan::Plan() {
  const RowFilter& filter = *options_.filter;
  if (!filter.select) {
    return Status::InvalidArgument("a filter has no function that selects rows");
  }
  LANCER_ASSIGN_OR_RETURN(schema_, file_->SchemaOf(options_.columns));
  ScanOptions first = options_;
  first.columns = filter.columns;
  first.offset = 0;
  first.limit = UINT64_MAX;
  LANCER_ASSIGN_OR_RETURN(filter_scan_, ScanReader::Make(file_, first));
  std::vector<std::string> others;
  for (size_t i = 0; i < schema_->field_count(); ++i) {
    const auto found = std::ranges::find(filter.columns, schema_->field(i).name);
    if (found != filter.columns.end()) {
      filter_places_.emplace_back(found - filter.columns.begin());
    } else {
      filter_places_.emplace_back();
      other_places_.push_back(i);
      others.push_back(schema_->field(i).name);
    }
  }
  LANCER_ASSIGN_OR_RETURN(others_, file_->Columns(others));
  skipped_.Watch(others_.columns());
  offset_ = options_.offset;
  limit_ = options_.limit;
  return Status::Ok();
}

Result<std::optional<Batch>> FilteredScan::Next() {
  LANCER_RETURN_IF_ERROR(failed_);
  Result<std::optional<Batch>> batch = NextBatch();
  failed_ = batch.status();
  return batch;
}

Result<std::optional<Batch>> FilteredScan::NextBatch() {
  LANCER_RETURN_IF_ERROR(options_.cancel.Check());
  while (next_selected_ == selected_.size()) {
    bool more = limit_ > 0;
    if (more) {
      LANCER_ASSIGN_OR_RETURN(more, SelectMore());
    }
    if (!more) {
      skipped_.Finish(file_->context().counters.get());
      return std::nullopt;
    }
  }
  LANCER_ASSIGN_OR_RETURN(Batch batch, ReadPending());
  return batch;
}

Result<bool> FilteredScan::SelectMore() {
  LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, filter_scan_->Next());
  if (!batch) {
    return false;
  }
  filter_batch_ = *std::move(batch);
  first_row_ = filter_scan_->last_rows().first;
  LANCER_ASSIGN_OR_RETURN(selected_, options_.filter->select(filter_batch_, first_row_));
  LANCER_RETURN_IF_ERROR(CheckSelection(file_->path(), selected_, filter_batch_.length));
  CountSelected(&selected_);
  next_selected_ = 0;
  return true;
}

void FilteredScan::CountSelected(std::vector<uint32_t>* selected) {
  const uint64_t skip = std::min<uint64_t>(offset_, selected->size());
  selected->erase(selected->begin(), selected->begin() + static_cast<ptrdiff_t>(skip));
  offset_ -= skip;
  selected->resize(static_cast<size_t>(std::min<uint64_t>(limit_, selected->size())));
  limit_ -= selected->size();
}

Result<Batch> FilteredScan::ReadPending() {
  const auto batch_rows = static_cast<size_t>(options_.batch_rows);
  size_t n = std::min({selected_.size() - next_selected_, batch_rows, most_rows_});
  while (true) {
    const uint64_t most = options_.memory_budget_bytes;
    MemoryBudget budget(n > 1 ? most : std::max(most, options_.row_budget_bytes));
    const auto rows = std::span(selected_).subspan(next_selected_, n);
    Result<Batch> batch = ReadRows(rows, &budget);
    if (batch) {
      next_selected_ += n;
      most_rows_ = budget.used() <= most / 8 && most_rows_ <= SIZE_MAX / 2
                       ? most_rows_ * 2
                       : most_rows_;
      return batch;
    }
    if (batch.error().code() != StatusCode::kResourceExhausted) {
      return batch;
    }
    if (n == 1) {
      return Status::ResourceExhausted(fmt::format(
          "{}: row {} does not fit a memory budget of {} bytes: {}; raise "
          "row_budget_bytes or select fewer columns",
          file_->path(), first_row_ + rows[0], budget.limit(), batch.error().message()));
    }
    n /= 2;
    most_rows_ = n;
  }
}

Result<Batch> FilteredScan::ReadRows(std::span<const uint32_t> rows,
                                     MemoryBudget* budget) {
  Batch batch{schema_, static_cast<int64_t>(rows.size()),
              std::vector<ArrayPtr>(schema_->field_count())};
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    if (filter_places_[i].has_value()) {
      LANCER_ASSIGN_OR_RETURN(batch.columns[i],
                              RowsOf(filter_batch_.columns[*filter_places_[i]], rows));
    }
  }
  std::vector<uint64_t> file_rows(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    file_rows[i] = first_row_ + rows[i];
  }
  std::vector<ArrayPtr> others;
  if (SideBySide(rows)) {
    LANCER_ASSIGN_OR_RETURN(
        others,
        ReadColumnRanges(*file_, others_, {file_rows.front(), file_rows.back() + 1},
                         options_.verify, options_.threads, budget));
  } else {
    LANCER_ASSIGN_OR_RETURN(others, TakeOthers(file_rows, budget));
  }
  for (size_t i = 0; i < others.size(); ++i) {
    batch.columns[other_places_[i]] = std::move(others[i]);
  }
  LANCER_RETURN_IF_ERROR(skipped_.Read(file_rows));
  return batch;
}

Result<std::vector<ArrayPtr>> FilteredScan::TakeOthers(std::span<const uint64_t> rows,
                                                       MemoryBudget* budget) const {
  LANCER_ASSIGN_OR_RETURN(RowOrder order,
                          RowOrder::Make(rows, file_->container().row_count()));
  const ReadableFile& bytes = file_->container().file();
  // Of a mapped file only what was never touched is worth a read.
  const Verify due = bytes.mapped().empty() ? Verify::kAlways : Verify::kOnce;
  std::vector<TakePlan> plans;
  std::vector<ByteRange> ranges;
  for (size_t i = 0; i < others_.size(); ++i) {
    LANCER_ASSIGN_OR_RETURN(TakePlan plan,
                            TakePlan::Make(others_.columns().subspan(i, 1), order));
    const std::vector<ByteRange> needed = plan.Ranges(due);
    ranges.insert(ranges.end(), needed.begin(), needed.end());
    plans.push_back(std::move(plan));
  }
  LANCER_ASSIGN_OR_RETURN(FetchedRanges fetched,
                          FetchedRanges::Fetch(bytes, std::move(ranges)));
  const PageReadOptions options{.verify = options_.verify,
                                .counters = file_->context().counters.get()};
  std::vector<ArrayPtr> arrays(plans.size());
  LANCER_RETURN_IF_ERROR(
      ForEachColumn(*file_, plans.size(), options_.threads, [&](size_t i) -> Status {
        LANCER_ASSIGN_OR_RETURN(std::vector<ArrayPtr> one,
                                plans[i].Read(fetched.bytes(), options, budget));
        arrays[i] = std::move(one.front());
        return Status::Ok();
      }));
  return arrays;
}

}  // namespace lancer::format
