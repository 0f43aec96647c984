// RowKey: a row's value as bytes, so that equal values have equal bytes and unequal ones
// do not.
//
// Ownership: appends to the caller's string. Thread rule: no shared state.
#pragma once

#include <cstdint>
#include <string>

#include "lancer/array.h"

namespace lancer {

// Appends the key of row `row`; works for every layout. Keys of arrays of one type can be
// compared; they say nothing of order.
void AppendRowKey(const Array& array, int64_t row, std::string* key);

}  // namespace lancer
