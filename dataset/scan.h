// DatasetScan: the rows of a version in order, fragment after fragment.
//
// Memory: one fragment is read at a time, within the budget of its file's scan.
// Ownership: shares store and snapshot. Thread rule: one thread at a time.
#pragma once

#include <memory>

#include "dataset/snapshot.h"
#include "lancer/array.h"
#include "lancer/scan.h"

namespace lancer::dataset {

class DatasetScan final : public BatchReader {
 public:
  // Checks the columns; reads no data yet. Errors: NotFound naming a column.
  static Result<std::unique_ptr<BatchReader>> Make(StorePtr store, SnapshotPtr snapshot,
                                                   const ScanOptions& options);

  const std::shared_ptr<const Schema>& schema() const override { return schema_; }
  Result<std::optional<Batch>> Next() override;

 private:
  DatasetScan(StorePtr store, SnapshotPtr snapshot, const ScanOptions& options)
      : store_(std::move(store)), snapshot_(std::move(snapshot)), options_(options) {}
  Result<std::optional<Batch>> NextBatch();
  Status OpenFragment();
  void EndFragment();

  const StorePtr store_;
  const SnapshotPtr snapshot_;
  ScanOptions options_;  // with a filter, offset and limit are what is left of them
  std::shared_ptr<const Schema> schema_;
  uint64_t position_ = 0;  // first row of the next fragment's part
  uint64_t end_ = 0;       // behind the last row to return
  std::unique_ptr<BatchReader> fragment_;
  uint64_t selected_ = 0;  // rows of the fragment that the filter selected
  Status failed_;
};

// The schema of the named columns, or the whole one. `where` starts messages. Errors:
// NotFound; InvalidArgument for a column asked for twice.
Result<std::shared_ptr<const Schema>> SelectColumns(
    const std::shared_ptr<const Schema>& schema,
    const std::optional<std::vector<std::string>>& columns, const std::string& where);

// What is left of a stream, as one batch of at most `memory_budget_bytes`. Errors: the
// stream's; ResourceExhausted, starting with `where`, when the budget does not suffice,
// or when 32-bit offsets do not.
Result<Batch> JoinBatches(BatchReader* rows, uint64_t memory_budget_bytes,
                          const std::string& where);

}  // namespace lancer::dataset
