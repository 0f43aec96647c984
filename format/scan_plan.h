// ScanReader: rows of an open file in order, batch after batch.
//
// Ownership: shares the open file. Thread rule: one thread at a time; decodes columns on
// the context's executor when asked to.
#pragma once

#include <memory>
#include <vector>

#include "format/open_data_file.h"
#include "format/page.h"
#include "format/statistics_pruning.h"

namespace lancer::format {

class ScanReader : public BatchReader {
 public:
  // Plans which rows to read; no data is read yet.
  static Result<std::unique_ptr<BatchReader>> Make(
      std::shared_ptr<const OpenDataFile> file, const ScanOptions& options);

  const std::shared_ptr<const Schema>& schema() const override { return schema_; }
  Result<std::optional<Batch>> Next() override;

 private:
  ScanReader(std::shared_ptr<const OpenDataFile> file, const ScanOptions& options)
      : file_(std::move(file)), options_(options) {}
  Status Plan();
  uint64_t RowsPerBatch() const;
  // Reads `rows`, or the first of them when all would not fit the memory budget; `rows`
  // becomes what was read.
  Result<Batch> ReadFitting(RowRange* rows);
  // Announces rows of a mapped file ahead of their use.
  void ReadAhead(RowRange rows);
  Result<Batch> ReadBatch(RowRange rows, MemoryBudget* budget) const;

  std::shared_ptr<const OpenDataFile> file_;
  ScanOptions options_;
  std::shared_ptr<const Schema> schema_;
  ColumnSet columns_;
  std::vector<RowRange> ranges_;  // what is left to read
  size_t next_range_ = 0;
  uint64_t planned_rows_ = 0;  // per batch, by what is stored
  uint64_t batch_rows_ = 0;    // fewer where rows turn out to be long
  uint64_t announced_ = 0;     // rows below it were announced
  Status failed_;
};

// Rows [rows.first, rows.end) of one column as an array; all ranges of bytes are at hand.
// What is decoded is taken from `budget` and not given back. Errors: Corruption;
// ResourceExhausted when the budget does not suffice.
Result<ArrayPtr> ReadColumnRange(const ColumnReader& column, RowRange rows,
                                 const FetchedBytes& bytes,
                                 const PageReadOptions& options, MemoryBudget* budget);
// Adds the byte ranges that ReadColumnRange needs.
Status PlanColumnRange(const ColumnReader& column, RowRange rows,
                       std::vector<ByteRange>* ranges);

}  // namespace lancer::format
