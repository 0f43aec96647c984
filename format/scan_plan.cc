#include "format/scan_plan.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "format/fetch.h"

namespace lancer::format {
namespace {

// Larger batches leave the caches, and the allocator gives their memory back to the
// system each time.
constexpr uint64_t kMostBatchBytes = 8 << 20;

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
  return Status();
}

// Decoded bytes per row, guessed from what is stored: enough to size batches by.
uint64_t BytesPerRow(const ColumnReader& column) {
  uint64_t bytes = 0;
  for (const auto& leaf : column.leaves) {
    const ColumnMeta& meta = leaf->meta();
    uint64_t stored = 0;
    uint64_t values = 0;
    for (const PageMeta& page : meta.pages) {
      stored += page.size;
      values += page.values;
    }
    uint64_t decoded = meta.type.kind == encoding::PhysicalKind::kFixed
                           ? values * meta.type.width
                           : stored * 3 + values * sizeof(int64_t);
    bytes += decoded / std::max<uint64_t>(meta.rows, 1) + 1;
  }
  return bytes;
}

}  // namespace

Status PlanColumnRange(const ColumnReader& column, RowRange rows,
                       std::vector<ByteRange>* ranges) {
  for (const auto& leaf : column.leaves) {
    LANCER_RETURN_IF_ERROR(
        ForEachPage(*leaf, rows, [&](const PageReader& page, uint64_t first, uint64_t n) {
          page.PlanRange(first, n, ranges);
          return Status();
        }));
  }
  return Status();
}

namespace {

// Fixed-width values of one page without nulls, used where they lie in the mapped file.
// Nothing when the rows are not of that kind.
Result<ArrayPtr> MapColumnRange(const ColumnReader& column, RowRange rows,
                                const std::shared_ptr<const ReadableFile>& file,
                                const PageReadOptions& options) {
  const LeafReader& leaf = *column.leaves[0];
  const std::vector<Level>& levels = leaf.shape().levels;
  bool vectors = levels.size() == 1 && levels[0].kind == LevelKind::kFixedList;
  if (column.leaves.size() != 1 || !(levels.empty() || vectors) ||
      rows.first >= rows.end) {
    return ArrayPtr();
  }
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
  auto buffer = std::make_shared<const Buffer>(bytes, file);
  Array::Data data{.type = leaf.shape().declared,
                   .length = static_cast<int64_t>(count * leaf.shape().values_per_row()),
                   .null_count = 0,
                   .buffers = {nullptr, std::move(buffer)}};
  if (levels.empty()) {
    return Array::Make(std::move(data));
  }
  return Array::Make({.type = column.field.type,
                      .length = static_cast<int64_t>(count),
                      .null_count = 0,
                      .buffers = {nullptr},
                      .children = {Array::Make(std::move(data))}});
}

}  // namespace

Result<ArrayPtr> ReadColumnRange(const ColumnReader& column, RowRange rows,
                                 const FetchedBytes& bytes,
                                 const PageReadOptions& options) {
  std::vector<LeafBuffer> buffers;
  buffers.reserve(column.leaves.size());
  std::vector<LeafBuffer*> parts;
  for (const auto& leaf : column.leaves) {
    buffers.push_back(MakeLeafBuffer(leaf->shape()));
    LeafBuffer* buffer = &buffers.back();
    LANCER_RETURN_IF_ERROR(
        ForEachPage(*leaf, rows, [&](const PageReader& page, uint64_t first, uint64_t n) {
          return page.ReadRange(bytes, first, n, options, buffer);
        }));
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
  LANCER_ASSIGN_OR_RETURN(columns_, file_->Columns(options_.columns));
  LANCER_ASSIGN_OR_RETURN(schema_, file_->SchemaOf(options_.columns));
  uint64_t count = file_->container().row_count();
  RowRange rows{std::min(options_.offset, count), count};
  rows.end = rows.first + std::min(options_.limit, count - rows.first);
  if (options_.range) {
    LANCER_ASSIGN_OR_RETURN(
        std::vector<const ColumnReader*> filtered,
        file_->Columns(std::vector<std::string>{options_.range->column}));
    LANCER_ASSIGN_OR_RETURN(ranges_, PruneRows(*file_, *filtered[0], *options_.range,
                                               rows, file_->context().counters.get()));
  } else if (rows.first < rows.end) {
    ranges_.push_back(rows);
  }
  batch_rows_ = RowsPerBatch();
  return Status();
}

uint64_t ScanReader::RowsPerBatch() const {
  uint64_t row_bytes = 1;
  for (const ColumnReader* column : columns_) {
    row_bytes += BytesPerRow(*column);
  }
  uint64_t affordable =
      std::min(options_.memory_budget_bytes / 4, kMostBatchBytes) / row_bytes;
  return std::clamp<uint64_t>(affordable, 1, static_cast<uint64_t>(options_.batch_rows));
}

Result<bool> ScanReader::Next(Batch* batch) {
  LANCER_RETURN_IF_ERROR(failed_);
  if (next_range_ == ranges_.size()) {
    return false;
  }
  RowRange& range = ranges_[next_range_];
  RowRange rows{range.first, std::min(range.end, range.first + batch_rows_)};
  failed_ = options_.cancel.Check();
  if (failed_.ok()) {
    ReadAhead({rows.first, std::min(range.end, rows.end + batch_rows_)});
    failed_ = ReadBatch(rows, batch);
  }
  LANCER_RETURN_IF_ERROR(failed_);
  range.first = rows.end;
  next_range_ += range.first == range.end ? 1 : 0;
  return true;
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
  for (const ColumnReader* column : columns_) {
    if (!PlanColumnRange(*column, rows, &ranges).ok()) {
      return;
    }
  }
  for (const ByteRange& range : ranges) {
    file.WillNeed(range.offset, range.size);
  }
}

Status ScanReader::ReadBatch(RowRange rows, Batch* batch) const {
  const ReadableFile& file = file_->container().file();
  std::vector<ByteRange> ranges;
  if (file.mapped().empty()) {
    for (const ColumnReader* column : columns_) {
      LANCER_RETURN_IF_ERROR(PlanColumnRange(*column, rows, &ranges));
    }
  }
  LANCER_ASSIGN_OR_RETURN(FetchedRanges fetched,
                          FetchedRanges::Fetch(file, std::move(ranges)));
  PageReadOptions options{.verify = options_.verify,
                          .counters = file_->context().counters.get()};
  batch->schema = schema_;
  batch->length = static_cast<int64_t>(rows.end - rows.first);
  batch->columns.assign(columns_.size(), nullptr);
  auto read = [&](size_t i) -> Status {
    if (!file.mapped().empty()) {
      LANCER_ASSIGN_OR_RETURN(
          batch->columns[i],
          MapColumnRange(*columns_[i], rows, file_->container().shared_file(), options));
      if (batch->columns[i] != nullptr) {
        return Status();
      }
    }
    LANCER_ASSIGN_OR_RETURN(
        batch->columns[i], ReadColumnRange(*columns_[i], rows, fetched.bytes(), options));
    return Status();
  };
  if (options_.threads != 1 && columns_.size() > 1) {
    return file_->context().executor->ParallelFor(columns_.size(), options_.threads,
                                                  read);
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    LANCER_RETURN_IF_ERROR(read(i));
  }
  return Status();
}

}  // namespace lancer::format
