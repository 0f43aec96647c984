// Statistics pruning: which rows a range of values can be in, by page and block bounds.
//
// Ownership: values. Thread rule: pure functions of an open file.
#pragma once

#include <cstdint>
#include <vector>

#include "format/open_data_file.h"
#include "lancer/counters.h"
#include "lancer/scan.h"

namespace lancer::format {

struct RowRange {
  uint64_t first = 0;
  uint64_t end = 0;  // one behind the last
};

// The parts of `rows`, ascending and not touching, that may hold a row with
// filter.lower <= value <= filter.upper. Without stored bounds a part stays.
// Errors: InvalidArgument when the filter does not fit the column; Corruption.
Result<std::vector<RowRange>> PruneRows(const OpenDataFile& file,
                                        const ColumnReader& column,
                                        const RangeFilter& filter, RowRange rows,
                                        Counters* counters);

}  // namespace lancer::format
