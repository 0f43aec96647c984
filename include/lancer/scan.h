// What to read: options shared by scans and takes of files and datasets.
//
// Ownership: values; a RangeFilter shares nothing. Thread rule: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lancer/array.h"
#include "lancer/cancel.h"
#include "lancer/context.h"
#include "lancer/progress.h"

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

struct ScanOptions {
  // Top-level columns to read, in this order; absent: all.
  std::optional<std::vector<std::string>> columns = {};
  uint64_t offset = 0;                    // rows to skip
  uint64_t limit = UINT64_MAX;            // rows to return at most
  std::optional<RangeFilter> range = {};  // absent: all rows
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
