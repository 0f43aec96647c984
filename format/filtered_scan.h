// FilteredScan: rows of an open file that a filter selects, in order.
//
// The filter's columns are scanned; of the others only the selected rows are decoded, and
// only the check units that hold them are read.
// Ownership: shares the open file. Thread rule: one thread at a time; decodes on the
// context's executor when asked to.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "format/scan_plan.h"
#include "format/skipped_parts.h"

namespace lancer::format {

class FilteredScan final : public BatchReader {
 public:
  // REQUIRES: options.filter. Errors: as ScanReader::Make; InvalidArgument for a filter
  // without a function.
  static Result<std::unique_ptr<BatchReader>> Make(
      std::shared_ptr<const OpenDataFile> file, const ScanOptions& options);

  const std::shared_ptr<const Schema>& schema() const override { return schema_; }
  Result<std::optional<Batch>> Next() override;

 private:
  FilteredScan(std::shared_ptr<const OpenDataFile> file, const ScanOptions& options)
      : file_(std::move(file)), options_(options) {}
  Status Plan();
  Result<std::optional<Batch>> NextBatch();
  // Asks the filter about the next batch of its columns; false at the end.
  Result<bool> SelectMore();
  // Cuts `selected` to what options_.offset and options_.limit leave.
  void CountSelected(std::vector<uint32_t>* selected);
  // The next of the pending rows, as many as fit the memory budget.
  Result<Batch> ReadPending();
  Result<Batch> ReadRows(std::span<const uint32_t> rows, MemoryBudget* budget);
  Result<std::vector<ArrayPtr>> TakeOthers(std::span<const uint64_t> rows,
                                           MemoryBudget* budget) const;

  const std::shared_ptr<const OpenDataFile> file_;
  ScanOptions options_;
  std::shared_ptr<const Schema> schema_;
  std::unique_ptr<ScanReader> filter_scan_;  // of the filter's columns
  ColumnSet others_;
  std::vector<size_t> other_places_;  // in the schema, of others_
  // Column of the filter's batch that a column of the schema is; none for others.
  std::vector<std::optional<size_t>> filter_places_;
  SkippedParts skipped_;

  uint64_t offset_ = 0;  // selected rows still to skip
  uint64_t limit_ = 0;   // and to return
  Batch filter_batch_;
  uint64_t first_row_ = 0;          // of filter_batch_
  std::vector<uint32_t> selected_;  // rows of filter_batch_
  size_t next_selected_ = 0;        // those before were returned
  size_t most_rows_ = SIZE_MAX;     // at once: fewer where rows turned out long
  Status failed_;
};

}  // namespace lancer::format
