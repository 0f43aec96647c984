// Column ranges: neighbouring rows of one column, read as an array.
//
// Ownership: refers to the column and the bytes while called; a mapped array keeps the
// file. Thread rule: pure functions, safe for concurrent calls.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "format/open_data_file.h"
#include "format/page.h"
#include "format/statistics_pruning.h"
#include "types/memory_budget.h"

namespace lancer::format {

// Adds the byte ranges that ReadColumnRange needs.
Status PlanColumnRange(const ColumnReader& column, RowRange rows,
                       std::vector<ByteRange>* ranges);
// Rows [rows.first, rows.end) of one column as an array; all ranges of bytes are at hand.
// What is decoded is taken from `budget` and not given back. Errors: Corruption;
// ResourceExhausted when the budget does not suffice.
Result<ArrayPtr> ReadColumnRange(const ColumnReader& column, RowRange rows,
                                 const FetchedBytes& bytes,
                                 const PageReadOptions& options, MemoryBudget* budget);
// The same for some columns at once, on up to `threads` threads; fetches what it needs.
// Fixed-width values of one page without nulls are used where a mapped file holds them.
Result<std::vector<ArrayPtr>> ReadColumnRanges(const OpenDataFile& file,
                                               const ColumnSet& columns, RowRange rows,
                                               Verify verify, int threads,
                                               MemoryBudget* budget);
// Calls read(i) for each of `count` columns, on up to `threads` threads.
Status ForEachColumn(const OpenDataFile& file, size_t count, int threads,
                     const std::function<Status(size_t)>& read);
// Decoded bytes per row, guessed from what is stored: enough to size batches by.
double BytesPerRow(const ColumnReader& column);

}  // namespace lancer::format
