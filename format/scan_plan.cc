#include "format/scan_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "format/column_range.h"

namespace lancer::format {
namespace {

// Larger batches leave the caches, and the allocator gives their memory back to the
// system each time.
constexpr uint64_t kMaxBatchBytes = 8 << 20;

}  // namespace

Result<std::unique_ptr<ScanReader>> ScanReader::Make(
    std::shared_ptr<const OpenDataFile> file, const ScanOptions& options) {
  std::unique_ptr<ScanReader> scan(new ScanReader(std::move(file), options));
  LANCER_RETURN_IF_ERROR(scan->Plan());
  return scan;
}

Status ScanReader::Plan() {
  if (options_.batch_rows <= 0) {
    return Status::InvalidArgument("batch_rows must be at least 1");
  }
  LANCER_ASSIGN_OR_RETURN(schema_, file_->SchemaOf(options_.columns));
  LANCER_ASSIGN_OR_RETURN(columns_, file_->Columns(options_.columns));
  uint64_t count = file_->container().row_count();
  RowRange rows{std::min(options_.offset, count), count};
  rows.end = rows.first + std::min(options_.limit, count - rows.first);
  if (options_.range) {
    LANCER_ASSIGN_OR_RETURN(
        ColumnSet filtered,
        file_->Columns(std::vector<std::string>{options_.range->column}));
    LANCER_ASSIGN_OR_RETURN(ranges_, PruneRows(*file_, filtered[0], *options_.range, rows,
                                               file_->context().counters.get()));
  } else if (rows.first < rows.end) {
    ranges_.push_back(rows);
  }
  planned_rows_ = batch_rows_ = RowsPerBatch();
  const int most_threads = file_->context().executor->thread_count();
  threads_ =
      options_.threads <= 0 ? most_threads : std::min(options_.threads, most_threads);
  return Status::Ok();
}

uint64_t ScanReader::RowsPerBatch() const {
  double row_bytes = 1;
  for (const ColumnReader* column : columns_.columns()) {
    row_bytes += BytesPerRow(*column);
  }
  uint64_t most = std::min(options_.memory_budget_bytes / 4, kMaxBatchBytes);
  auto affordable = static_cast<uint64_t>(static_cast<double>(most) / row_bytes);
  const auto wanted = static_cast<uint64_t>(options_.batch_rows);
  // A power of two, as blocks mostly have: a block cut by two batches is decoded twice.
  return affordable >= wanted ? wanted
                              : std::bit_floor(std::max<uint64_t>(affordable, 1));
}

Result<Batch> ScanReader::ReadFitting(RowRange* rows) {
  while (true) {
    const uint64_t count = rows->end - rows->first;
    const uint64_t most = options_.memory_budget_bytes;
    MemoryBudget budget(count > 1 ? most : std::max(most, options_.row_budget_bytes));
    Result<Batch> batch = ReadBatch(*rows, threads_, &budget);
    if (batch) {
      if (budget.used() <= most / 8) {
        batch_rows_ = std::min(planned_rows_, batch_rows_ * 2);
      }
      return batch;
    }
    if (batch.error().code() != StatusCode::kResourceExhausted) {
      return batch;
    }
    if (count == 1) {
      return Status::ResourceExhausted(fmt::format(
          "{}: row {} does not fit a memory budget of {} bytes: {}; raise "
          "row_budget_bytes or select fewer columns",
          file_->path(), rows->first, budget.limit(), batch.error().message()));
    }
    batch_rows_ = count / 2;
    rows->end = rows->first + batch_rows_;
  }
}

std::vector<RowRange> ScanReader::NextPieces(size_t count) const {
  std::vector<RowRange> pieces;
  for (size_t i = next_range_; i < ranges_.size(); ++i) {
    for (uint64_t row = ranges_[i].first; row < ranges_[i].end;) {
      if (pieces.size() == count) {
        return pieces;
      }
      const uint64_t end = row + std::min(ranges_[i].end - row, batch_rows_);
      pieces.push_back({row, end});
      row = end;
    }
  }
  return pieces;
}

void ScanReader::Advance(RowRange read) {
  ranges_[next_range_].first = read.end;
  next_range_ += read.end == ranges_[next_range_].end ? 1 : 0;
}

Status ScanReader::ReadTogether(std::span<const RowRange> pieces) {
  const uint64_t most = options_.memory_budget_bytes / pieces.size();
  std::vector<std::optional<Batch>> batches(pieces.size());
  const Status status = file_->context().executor->ParallelFor(
      pieces.size(), threads_, [&](size_t i) -> Status {
        MemoryBudget budget(most);
        LANCER_ASSIGN_OR_RETURN(batches[i], ReadBatch(pieces[i], 1, &budget));
        return Status::Ok();
      });
  read_alone_ = !status.ok();
  for (size_t i = 0; i < pieces.size() && batches[i].has_value(); ++i) {
    Advance(pieces[i]);
    ready_.push_back({pieces[i], *std::move(batches[i])});
  }
  return Status::Ok();
}

Status ScanReader::ReadNext() {
  // What is read, and what is announced, stays within the budget.
  const uint64_t most = options_.memory_budget_bytes;
  const auto affordable =
      static_cast<size_t>(most / std::clamp<uint64_t>(most / 4, 1, kMaxBatchBytes));
  const size_t wanted = threads_ == 1 ? 1 : static_cast<size_t>(threads_) * 2;
  const size_t together = std::clamp<size_t>(affordable, 1, wanted);
  const std::vector<RowRange> pieces =
      NextPieces(std::clamp<size_t>(affordable, 1, together * 2));
  for (const RowRange& rows : pieces) {
    ReadAhead(rows);
  }
  const auto first = std::span(pieces).first(std::min(pieces.size(), together));
  if (first.size() > 1 && !read_alone_) {
    LANCER_RETURN_IF_ERROR(ReadTogether(first));
    if (!ready_.empty()) {
      return Status::Ok();
    }
  }
  // What failed above fails again here, or is read in smaller parts.
  read_alone_ = false;
  RowRange rows = pieces.front();
  LANCER_ASSIGN_OR_RETURN(Batch batch, ReadFitting(&rows));
  Advance(rows);
  ready_.push_back({rows, std::move(batch)});
  return Status::Ok();
}

Result<std::optional<Batch>> ScanReader::Next() {
  LANCER_RETURN_IF_ERROR(failed_);
  if (ready_.empty() && next_range_ == ranges_.size()) {
    return std::nullopt;
  }
  failed_ = options_.cancel.Check();
  if (failed_.ok() && ready_.empty()) {
    failed_ = ReadNext();
  }
  LANCER_RETURN_IF_ERROR(failed_);
  Batch batch = std::move(ready_.front().batch);
  last_rows_ = ready_.front().rows;
  ready_.pop_front();
  return batch;
}

// Damage found while planning is told by the read that needs the rows.
void ScanReader::ReadAhead(RowRange rows) {
  const ReadableFile& file = file_->container().file();
  if (file.mapped().empty() || rows.end <= announced_) {
    return;
  }
  rows.first = std::max(rows.first, announced_);
  announced_ = rows.end;
  std::vector<ByteRange> ranges;
  for (const ColumnReader* column : columns_.columns()) {
    if (!PlanColumnRange(*column, rows, &ranges).ok()) {
      return;
    }
  }
  for (const ByteRange& range : ranges) {
    file.WillNeed(range.offset, range.size);
  }
}

Result<Batch> ScanReader::ReadBatch(RowRange rows, int threads,
                                    MemoryBudget* budget) const {
  Batch batch{schema_, static_cast<int64_t>(rows.end - rows.first), {}};
  LANCER_ASSIGN_OR_RETURN(
      batch.columns,
      ReadColumnRanges(*file_, columns_, rows, options_.verify, threads, budget));
  return batch;
}

}  // namespace lancer::format
