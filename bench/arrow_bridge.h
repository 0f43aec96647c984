// Between Arrow C++, which the peers speak, and Lancer's batches: through the Arrow C
// Stream interface, without copies.
//
// Ownership: what is returned shares the memory it came from. Thread rule: functions
// without state.
#pragma once

#include <arrow/result.h>
#include <arrow/status.h>
#include <arrow/table.h>

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "lancer/array.h"

namespace lancer::bench {

Status FromArrow(const arrow::Status& status);
template <typename T>
Result<T> FromArrow(arrow::Result<T> result) {
  if (!result.ok()) {
    return FromArrow(result.status());
  }
  return std::move(result).ValueUnsafe();
}

// Runs `body`, which calls parts of Parquet that throw.
template <typename Body>
auto CatchParquet(Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::exception& error) {
    return Status::IoError(error.what());
  }
}

// The table as a stream for Lancer's writers.
Result<std::unique_ptr<BatchReader>> AsBatches(const std::shared_ptr<arrow::Table>& table,
                                               int64_t batch_rows = 65536);
// Lancer's stream as a table of Arrow's, to check results with its comparisons.
Result<std::shared_ptr<arrow::Table>> AsTable(std::unique_ptr<BatchReader> batches);
// Bytes of the table's Arrow buffers.
double ArrowBytes(const arrow::Table& table);
// The table's named columns, in that order. All of them for an empty list.
Result<std::shared_ptr<arrow::Table>> Select(const std::shared_ptr<arrow::Table>& table,
                                             const std::vector<std::string>& columns);

}  // namespace lancer::bench
