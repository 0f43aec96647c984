// Seeded stand-ins of the same shape as the real tables, for machines without them.
//
// Ownership: tables are shared and immutable. Thread rule: functions without state.
#pragma once

#include <arrow/buffer.h>
#include <arrow/table.h>

#include <memory>

namespace lancer::bench {

// The columns that the benchmarks ask for by name; the same bytes on every machine.
std::shared_ptr<arrow::Table> SyntheticLineitem(int64_t rows);
std::shared_ptr<arrow::Table> SyntheticPackages(int64_t rows);
std::shared_ptr<arrow::Table> SyntheticVectors(int64_t rows, int dimension);

// A table with one column "value" of fixed-size lists over `values` (float32).
std::shared_ptr<arrow::Table> VectorTable(std::shared_ptr<arrow::Buffer> values,
                                          int64_t rows, int dimension);

}  // namespace lancer::bench
