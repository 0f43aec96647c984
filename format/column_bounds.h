// Column bounds: smallest and largest value of each leaf column, and how many distinct
// ones it has, by the stored statistics.
//
// Ownership: values. Thread rule: pure functions of an open file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "encoding/statistics.h"
#include "format/open_data_file.h"

namespace lancer::format {

// How many distinct values there are. Parts of a column may share values or not, so that
// their counts limit that of the whole; counts of parts with more than 65,536 are
// estimates.
struct DistinctRange {
  uint64_t at_least = 0, at_most = 0;
  friend bool operator==(const DistinctRange&, const DistinctRange&) = default;
};

struct ColumnBounds {
  LeafShape shape;
  // Only type, count, null_count, nan_count, min and max are set. A bound is absent when
  // any page with values has none.
  encoding::Statistics statistics;
  std::optional<DistinctRange> distinct = DistinctRange();  // absent: a page has no count
};

// Adds what is known of further rows of the same column.
void JoinBounds(ColumnBounds* into, const ColumnBounds& part);

// One entry per leaf of the top-level columns `names`, or of all, in the order of
// DescribeColumns. Loads column metadata, no pages. Errors: Corruption; Unsupported for a
// column whose encoding this build does not know; NotFound naming a column.
Result<std::vector<ColumnBounds>> ReadColumnBounds(
    const OpenDataFile& file, const std::optional<std::vector<std::string>>& names);

// A stored bound as the declared type shows its values, "..." behind a cut one; empty
// when there is none.
std::string FormatBound(const LeafShape& shape,
                        const std::optional<encoding::Bound>& bound);

}  // namespace lancer::format
