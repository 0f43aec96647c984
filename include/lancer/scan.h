// What to read: options shared by scans and takes of files and datasets.
//
// Ownership: values; a filter owns its function. Thread rule: plain values.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lancer/array.h"
#include "lancer/cancel.h"
#include "lancer/context.h"
#include "lancer/progress.h"
#include "lancer/result.h"

namespace lancer {

// How often a check unit's checksum is computed.
enum class Verify : uint8_t {
  kOnce = 0,    // when a unit is first used by an open file (default)
  kAlways = 1,  // each time it is used
  kNever = 2,   // damaged bytes may be returned
};

// Rows of one column between two values, both included. Pages and blocks that cannot hold
// such a row are skipped; rows of the others are returned unfiltered (a filter language
// comes with versions). One-row arrays of the column's type; null: no bound.
struct RangeFilter {
  std::string column;
  ArrayPtr lower, upper;
};

// Rows that a caller selects by some columns before the others are read ("late
// materialisation").
//
// The scan reads `columns` of a run of rows and calls `select` with them. Of the other
// columns it then decodes the selected rows only: pages and blocks that hold none are not
// read, and counted as skipped.
struct RowFilter {
  // Top-level columns that `select` sees, in this order. They need not be among those
  // that the scan returns, and may be none.
  std::vector<std::string> columns;
  // Which rows of `batch` to return: their ordinals in it, strictly ascending. The rows
  // of a batch lie side by side; `first_row` is the number of the first one in the file,
  // or its position in the dataset. Called by BatchReader::Next on the caller's thread,
  // one call at a time, in the order of rows, with each row at most once; rows that
  // RangeFilter rules out are never shown. The batch may be kept. An error ends the scan
  // and is returned as it is; rows that are out of range or not ascending are
  // InvalidArgument.
  std::function<Result<std::vector<uint32_t>>(const Batch& batch, uint64_t first_row)>
      select;
};

struct ScanOptions {
  // Top-level columns to read, in this order; absent: all.
  std::optional<std::vector<std::string>> columns = {};
  // Rows to skip, and to return at most. With a filter they count the rows that it
  // selects, else those of the table, with or without a range.
  uint64_t offset = 0;
  uint64_t limit = UINT64_MAX;
  std::optional<RangeFilter> range = {};  // absent: all rows
  std::optional<RowFilter> filter = {};   // absent: all rows
  int64_t batch_rows = 65536;             // at most so many rows per batch
  // Most decoded bytes of one batch; batches get fewer rows where values are long.
  uint64_t memory_budget_bytes = 256ull << 20;
  // Most decoded bytes of a row that takes more than that by itself, and is then a batch
  // of its own. A row that takes still more is ResourceExhausted.
  uint64_t row_budget_bytes = 4ull << 30;
  int threads = 1;  // decoding threads; 0: all of the executor
  Verify verify = Verify::kOnce;
  CancelToken cancel = {};  // asked before each batch; default: never cancelled
};

struct TakeOptions {
  // Top-level columns to read, in this order; absent: all.
  std::optional<std::vector<std::string>> columns = {};
  // Most decoded bytes that the rows asked for may take. More is ResourceExhausted, which
  // names the need and the budget: take fewer rows or columns at once, or raise it.
  uint64_t memory_budget_bytes = 4ull << 30;
  Verify verify = Verify::kOnce;
  CancelToken cancel = {};  // asked once, before the reads; default: never cancelled
};

struct VerifyOptions {
  bool statistics = true;          // also recompute and compare stored statistics
  int threads = 0;                 // that decode; 0: all of the executor
  CancelToken cancel = {};         // asked before each page; default: never cancelled
  ProgressCallback progress = {};  // told of bytes done; default: none
};

// What a full check found. Sound when `faults` is empty.
struct VerifyReport {
  uint64_t files = 0;
  uint64_t bytes = 0;          // bytes that were read and checked
  uint64_t units = 0;          // check units
  std::vector<Status> faults;  // one per damaged part, naming file, column, page, offset
};

}  // namespace lancer
