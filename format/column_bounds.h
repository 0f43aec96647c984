// Column bounds: smallest and largest value of each leaf column, by the stored
// statistics.
//
// Ownership: values. Thread rule: pure functions of an open file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "encoding/statistics.h"
#include "format/open_data_file.h"

namespace lancer::format {

struct ColumnBounds {
  LeafShape shape;
  // Only type, count, null_count, nan_count, min and max are set. A bound is absent when
  // any page with values has none. encoding::MergeBounds joins those of several files.
  encoding::Statistics statistics;
};

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
