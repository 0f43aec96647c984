// Equality of rows by value.
//
// Ownership: looks at the caller's arrays. Thread rule: safe for concurrent calls.
#pragma once

#include <cstdint>

#include "lancer/array.h"

namespace lancer {

// True when rows [a_row, a_row + count) of `a` hold the same values as those of `b` from
// b_row: nulls equal nulls, floats by bits. REQUIRES: the same layout, rows inside both.
bool EqualRows(const Array& a, int64_t a_row, const Array& b, int64_t b_row,
               int64_t count);

}  // namespace lancer
