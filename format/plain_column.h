// PlainColumn: columns whose stored form is their form in memory: fixed-width values, or
// vectors of them, without nulls. Their arrays are made of one buffer, without a
// LeafBuffer between.
//
// Ownership: arrays share the buffer they are given. Thread rule: pure functions.
#pragma once

#include <cstdint>

#include "format/open_data_file.h"
#include "lancer/array.h"

namespace lancer::format {

// May pages of the column be plain, going by its type alone? Of such a column every page
// whose PlainValues is not empty holds rows of `row_stride()` bytes.
bool MayBePlain(const ColumnReader& column);

// `rows` rows of a column that MayBePlain, from a buffer of rows * row_stride bytes.
Result<ArrayPtr> MakePlainColumn(const ColumnReader& column, uint64_t rows,
                                 BufferPtr values);

}  // namespace lancer::format
