#include "dataset/scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lancer::dataset {

Result<std::shared_ptr<const Schema>> SelectColumns(
    const std::shared_ptr<const Schema>& schema,
    const std::optional<std::vector<std::string>>& columns, const std::string& where) {
  if (!columns.has_value()) {
    return schema;
  }
  Result<Schema> selected = schema->Select(*columns);
  if (!selected) {
    return selected.error().WithContext(where);
  }
  return std::make_shared<const Schema>(*std::move(selected));
}

Result<std::unique_ptr<BatchReader>> DatasetScan::Make(StorePtr store,
                                                       SnapshotPtr snapshot,
                                                       const ScanOptions& options) {
  std::unique_ptr<DatasetScan> scan(
      new DatasetScan(std::move(store), std::move(snapshot), options));
  const std::shared_ptr<const Schema>& schema = scan->snapshot_->schema();
  const std::string& path = scan->store_->paths.root();
  LANCER_ASSIGN_OR_RETURN(scan->schema_, SelectColumns(schema, options.columns, path));
  if (options.range.has_value() && !schema->FindField(options.range->column)) {
    return SelectColumns(schema, std::vector{options.range->column}, path).status();
  }
  uint64_t rows = scan->snapshot_->fragments().row_count();
  if (options.filter.has_value()) {
    if (!options.filter->select) {
      return Status::InvalidArgument("a filter has no function that selects rows");
    }
    LANCER_RETURN_IF_ERROR(SelectColumns(schema, options.filter->columns, path).status());
    scan->end_ = rows;
    return std::unique_ptr<BatchReader>(std::move(scan));
  }
  scan->position_ = std::min(options.offset, rows);
  scan->end_ = scan->position_ + std::min(options.limit, rows - scan->position_);
  return std::unique_ptr<BatchReader>(std::move(scan));
}

// Begins with the rows at position_ and moves it behind them.
Status DatasetScan::OpenFragment() {
  LANCER_ASSIGN_OR_RETURN(FragmentHit hit, snapshot_->fragments().AtPosition(position_));
  LANCER_ASSIGN_OR_RETURN(FileReaderPtr reader,
                          store_->readers.Get(*hit.fragment, snapshot_->schema()));
  ScanOptions part = options_;
  if (options_.filter.has_value()) {
    selected_ = 0;
    part.filter->select = [this, first = hit.first_position](const Batch& batch,
                                                             uint64_t first_row) {
      auto rows = options_.filter->select(batch, first + first_row);
      selected_ += rows ? rows->size() : 0;
      return rows;
    };
    LANCER_ASSIGN_OR_RETURN(fragment_, reader->Scan(part));
    position_ = hit.first_position + hit.fragment->rows;
    return Status::Ok();
  }
  part.offset = position_ - hit.first_position;
  part.limit = std::min(hit.fragment->rows - part.offset, end_ - position_);
  LANCER_ASSIGN_OR_RETURN(fragment_, reader->Scan(part));
  position_ += part.limit;
  return Status::Ok();
}

// With a filter, offset and limit count what it selects: what this fragment took of them
// is not left for the next.
void DatasetScan::EndFragment() {
  fragment_.reset();
  if (options_.filter.has_value()) {
    options_.offset -= std::min(options_.offset, selected_);
    position_ = options_.limit == 0 ? end_ : position_;
  }
}

Result<std::optional<Batch>> DatasetScan::NextBatch() {
  LANCER_RETURN_IF_ERROR(options_.cancel.Check());
  while (true) {
    if (fragment_ == nullptr) {
      if (position_ == end_) {
        return std::nullopt;
      }
      LANCER_RETURN_IF_ERROR(OpenFragment());
    }
    LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, fragment_->Next());
    if (batch) {
      batch->schema = schema_;
      if (options_.filter.has_value()) {
        options_.limit -= static_cast<uint64_t>(batch->length);
      }
      return batch;
    }
    EndFragment();
  }
}

Result<std::optional<Batch>> DatasetScan::Next() {
  LANCER_RETURN_IF_ERROR(failed_);
  Result<std::optional<Batch>> batch = NextBatch();
  failed_ = batch.status();
  return batch;
}

Result<Batch> JoinBatches(BatchReader* rows, uint64_t memory_budget_bytes,
                          const std::string& where) {
  std::vector<std::vector<ArrayPtr>> parts(rows->schema()->field_count());
  Batch all{.schema = rows->schema()};
  uint64_t bytes = 0;
  while (true) {
    LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, rows->Next());
    if (!batch) {
      break;
    }
    all.length += batch->length;
    for (size_t i = 0; i < parts.size(); ++i) {
      bytes += static_cast<uint64_t>(batch->columns[i]->byte_size());
      parts[i].push_back(std::move(batch->columns[i]));
    }
    if (bytes > memory_budget_bytes) {
      return Status::ResourceExhausted(
          fmt::format("{}: {} rows take {} bytes, more than a memory budget of {}; take "
                      "fewer rows or columns at once, or raise memory_budget_bytes",
                      where, all.length, bytes, memory_budget_bytes));
    }
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    LANCER_ASSIGN_OR_RETURN(ArrayPtr column,
                            Concatenate(all.schema->field(i).type, parts[i]));
    all.columns.push_back(std::move(column));
  }
  return all;
}

}  // namespace lancer::dataset
