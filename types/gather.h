// Gather: rows of an array by number, in any order, any number of times.
//
// Ownership: the result owns copies. Thread rule: safe for concurrent calls.
#pragma once

#include <cstdint>
#include <span>

#include "lancer/array.h"

namespace lancer {

// A row number that stands for null.
constexpr int64_t kNullRow = -1;

// The rows of `array` at `rows`, as an array of the same type with offset 0.
// REQUIRES: each row is kNullRow or in [0, array.length()).
// Errors: ResourceExhausted when 32-bit offsets do not suffice, or when nested lists
// would hold more than 2^31 items.
Result<ArrayPtr> Gather(const Array& array, std::span<const int64_t> rows);

}  // namespace lancer
