#include "format/scan_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "format/fetch.h"
#include "format/plain_column.h"

namespace lancer::format {
namespace {

// Larger batches leave the caches, and the allocator gives their memory back to the
// system each time.
constexpr uint64_t kMaxBatchBytes = 8 << 20;

// Calls `visit(page, first row in the page, rows)` for each page that `rows` touches.
Status ForEachPage(
    const LeafReader& leaf, RowRange rows,
    const std::function<Status(const PageReader&, uint64_t, uint64_t)>& visit) {
  uint64_t row = rows.first;
  for (size_t i = row < rows.end ? leaf.meta().PageOf(row) : 0; row < rows.end; ++i) {
    const PageMeta& page = leaf.meta().pages[i];
    uint64_t end = std::min(rows.end, page.first_row + page.rows);
    LANCER_ASSIGN_OR_RETURN(PageHandle handle, leaf.Page(i));
    LANCER_RETURN_IF_ERROR(visit(*handle, row - page.first_row, end - row));
    row = end;
  }
  return Status::Ok();
}

// Decoded bytes of one page, guessed from what is stored. A double, as counts and sizes
// of a file may be any.
double BytesOfPage(const LeafReader& leaf, const PageMeta& page) {
  const ColumnMeta& meta = leaf.meta();
  const auto values = static_cast<double>(page.values);
  switch (meta.type.kind) {
    case encoding::PhysicalKind::kBits:
      return values / 8;
    case encoding::PhysicalKind::kFixed:
      return values * meta.type.width;
    case encoding::PhysicalKind::kBytes:
      break;
  }
  double payload = static_cast<double>(page.size) * 3;
  switch (meta.tree_sets[page.trees].back().nodes.front().id) {
    case encoding::EncodingId::kConstant:  // of layout U: the value is in the page index
      payload = std::max(payload, values * static_cast<double>(page.index.size));
      break;
    case encoding::EncodingId::kDict:
      payload = values * static_cast<double>(leaf.mean_entry_bytes());
      break;
    default:
      break;
  }
  return payload + values * sizeof(uint64_t);
}

// Decoded bytes per row: enough to size batches by. ReadFitting mends wrong guesses.
double BytesPerRow(const ColumnReader& column) {
  double bytes = 0;
  for (const auto& leaf : column.leaves) {
    for (const PageMeta& page : leaf->meta().pages) {
      bytes += BytesOfPage(*leaf, page);
    }
  }
  const uint64_t rows = column.leaves.empty() ? 0 : column.leaves[0]->meta().rows;
  return bytes / static_cast<double>(std::max<uint64_t>(rows, 1));
}

}  // namespace

Status PlanColumnRange(const ColumnReader& column, RowRange rows,
                       std::vector<ByteRange>* ranges) {
  for (const auto& leaf : column.leaves) {
    LANCER_RETURN_IF_ERROR(
        ForEachPage(*leaf, rows, [&](const PageReader& page, uint64_t first, uint64_t n) {
          page.PlanRange(first, n, ranges);
          return Status::Ok();
        }));
  }
  return Status::Ok();
}

namespace {

// Fixed-width values of one page without nulls, used where they lie in the mapped file.
// Nothing when the rows are not of that kind.
Result<ArrayPtr> MapColumnRange(const ColumnReader& column, RowRange rows,
                                const std::shared_ptr<const ReadableFile>& file,
                                const PageReadOptions& options) {
  if (!MayBePlain(column) || rows.first >= rows.end) {
    return ArrayPtr();
  }
  const LeafReader& leaf = *column.leaves[0];
  size_t index = leaf.meta().PageOf(rows.first);
  const PageMeta& page = leaf.meta().pages[index];
  if (rows.end > page.first_row + page.rows) {
    return ArrayPtr();
  }
  LANCER_ASSIGN_OR_RETURN(PageHandle handle, leaf.Page(index));
  ByteRange values = handle->PlainValues();
  if (values.size == 0) {
    return ArrayPtr();
  }
  uint64_t first = rows.first - page.first_row;
  uint64_t count = rows.end - rows.first;
  FetchedBytes mapped(file->mapped());
  LANCER_RETURN_IF_ERROR(handle->VerifyUnits(mapped, first, count, options));
  uint64_t stride = leaf.shape().row_stride();
  auto bytes = mapped.Find(values.offset + first * stride, count * stride);
  return MakePlainColumn(column, count, std::make_shared<const Buffer>(bytes, file));
}

}  // namespace

Result<ArrayPtr> ReadColumnRange(const ColumnReader& column, RowRange rows,
                                 const FetchedBytes& bytes,
                                 const PageReadOptions& options, MemoryBudget* budget) {
  std::vector<LeafBuffer> buffers;
  buffers.reserve(column.leaves.size());
  std::vector<LeafBuffer*> parts;
  for (const auto& leaf : column.leaves) {
    buffers.push_back(MakeLeafBuffer(leaf->shape()));
    LeafBuffer* buffer = &buffers.back();
    buffer->LimitTo(budget->available());
    LANCER_RETURN_IF_ERROR(
        ForEachPage(*leaf, rows, [&](const PageReader& page, uint64_t first, uint64_t n) {
          return page.ReadRange(bytes, first, n, options, buffer);
        }));
    LANCER_RETURN_IF_ERROR(budget->Reserve(buffer->memory_bytes(), leaf->where()));
    parts.push_back(buffer);
  }
  return Assemble(column.field, parts);
}

Result<std::unique_ptr<BatchReader>> ScanReader::Make(
    std::shared_ptr<const OpenDataFile> file, const ScanOptions& options) {
  std::unique_ptr<ScanReader> scan(new ScanReader(std::move(file), options));
  LANCER_RETURN_IF_ERROR(scan->Plan());
  return std::unique_ptr<BatchReader>(std::move(scan));
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
  return Status::Ok();
}

uint64_t ScanReader::RowsPerBatch() const {
  double row_bytes = 1;
  for (const ColumnReader* column : columns_.columns()) {
    row_bytes += BytesPerRow(*column);
  }
  uint64_t most = std::min(options_.memory_budget_bytes / 4, kMaxBatchBytes);
  auto affordable = static_cast<uint64_t>(static_cast<double>(most) / row_bytes);
  return std::clamp<uint64_t>(affordable, 1, static_cast<uint64_t>(options_.batch_rows));
}

Result<Batch> ScanReader::ReadFitting(RowRange* rows) {
  while (true) {
    const uint64_t count = rows->end - rows->first;
    const uint64_t most = options_.memory_budget_bytes;
    MemoryBudget budget(count > 1 ? most : std::max(most, options_.row_budget_bytes));
    Result<Batch> batch = ReadBatch(*rows, &budget);
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

Result<std::optional<Batch>> ScanReader::Next() {
  LANCER_RETURN_IF_ERROR(failed_);
  if (next_range_ == ranges_.size()) {
    return std::nullopt;
  }
  failed_ = options_.cancel.Check();
  LANCER_RETURN_IF_ERROR(failed_);
  RowRange& range = ranges_[next_range_];
  RowRange rows{range.first, std::min(range.end, range.first + batch_rows_)};
  ReadAhead({rows.first, std::min(range.end, rows.end + batch_rows_)});
  Result<Batch> batch = ReadFitting(&rows);
  if (!batch) {
    failed_ = batch.error();
    return failed_;
  }
  range.first = rows.end;
  next_range_ += range.first == range.end ? 1 : 0;
  return *std::move(batch);
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

Result<Batch> ScanReader::ReadBatch(RowRange rows, MemoryBudget* budget) const {
  const ReadableFile& file = file_->container().file();
  std::vector<ByteRange> ranges;
  if (file.mapped().empty()) {
    for (const ColumnReader* column : columns_.columns()) {
      LANCER_RETURN_IF_ERROR(PlanColumnRange(*column, rows, &ranges));
    }
  }
  LANCER_ASSIGN_OR_RETURN(FetchedRanges fetched,
                          FetchedRanges::Fetch(file, std::move(ranges)));
  PageReadOptions options{.verify = options_.verify,
                          .counters = file_->context().counters.get()};
  Batch batch{schema_, static_cast<int64_t>(rows.end - rows.first),
              std::vector<ArrayPtr>(columns_.size())};
  auto read = [&](size_t i) -> Status {
    if (!file.mapped().empty()) {
      LANCER_ASSIGN_OR_RETURN(
          batch.columns[i],
          MapColumnRange(columns_[i], rows, file_->container().shared_file(), options));
      if (batch.columns[i] != nullptr) {
        return Status::Ok();
      }
    }
    LANCER_ASSIGN_OR_RETURN(
        batch.columns[i],
        ReadColumnRange(columns_[i], rows, fetched.bytes(), options, budget));
    return Status::Ok();
  };
  if (options_.threads != 1 && columns_.size() > 1) {
    LANCER_RETURN_IF_ERROR(
        file_->context().executor->ParallelFor(columns_.size(), options_.threads, read));
    return batch;
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    LANCER_RETURN_IF_ERROR(read(i));
  }
  return batch;
}

}  // namespace lancer::format
