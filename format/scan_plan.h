// ScanReader: rows of an open file in order, batch after batch.
//
// With several threads a few batches ahead are decoded at once, a thread each, and
// returned in order; where there is one batch only, its columns are.
// Ownership: shares the open file. Thread rule: one thread at a time; decodes on the
// context's executor when asked to.
#pragma once

#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "format/open_data_file.h"
#include "format/page.h"
#include "format/statistics_pruning.h"

namespace lancer::format {

class ScanReader : public BatchReader {
 public:
  // Plans which rows to read; no data is read yet. Looks past options.filter.
  static Result<std::unique_ptr<ScanReader>> Make(
      std::shared_ptr<const OpenDataFile> file, const ScanOptions& options);

  const std::shared_ptr<const Schema>& schema() const override { return schema_; }
  Result<std::optional<Batch>> Next() override;
  // Which rows of the file the last batch holds.
  RowRange last_rows() const { return last_rows_; }

 private:
  struct Piece {
    RowRange rows;
    Batch batch;
  };
  ScanReader(std::shared_ptr<const OpenDataFile> file, const ScanOptions& options)
      : file_(std::move(file)), options_(options) {}
  Status Plan();
  uint64_t RowsPerBatch() const;
  // Rows of the next batches, at most `count`; they are taken off ranges_ by Advance.
  std::vector<RowRange> NextPieces(size_t count) const;
  void Advance(RowRange read);
  // Fills ready_ with at least one batch. REQUIRES: rows are left.
  Status ReadNext();
  // Reads pieces at once and keeps those before the first that fails, or none.
  Status ReadTogether(std::span<const RowRange> pieces);
  // Reads `rows`, or the first of them when all would not fit the memory budget; `rows`
  // becomes what was read.
  Result<Batch> ReadFitting(RowRange* rows);
  // Announces rows of a mapped file ahead of their use.
  void ReadAhead(RowRange rows);
  // With the columns on several threads, if asked to.
  Result<Batch> ReadBatch(RowRange rows, int threads, MemoryBudget* budget) const;

  std::shared_ptr<const OpenDataFile> file_;
  ScanOptions options_;
  std::shared_ptr<const Schema> schema_;
  ColumnSet columns_;
  int threads_ = 1;
  std::vector<RowRange> ranges_;  // what is left to read
  size_t next_range_ = 0;
  std::deque<Piece> ready_;  // read, not returned yet
  bool read_alone_ = false;  // a batch read with others did not fit, or failed
  RowRange last_rows_;
  uint64_t planned_rows_ = 0;  // per batch, by what is stored
  uint64_t batch_rows_ = 0;    // fewer where rows turn out to be long
  uint64_t announced_ = 0;     // rows below it were announced
  Status failed_;
};

}  // namespace lancer::format
