// Gather: rows of an array picked by index, in any order, with repeats.
//
// Ownership: the result owns its memory. Thread rule: pure function.
#pragma once

#include <cstdint>
#include <span>

#include "lancer/array.h"

namespace lancer {

// Row i of the result is row `rows[i]` of `array`. REQUIRES: every index is below the
// array's length. Errors: ResourceExhausted when 32-bit offsets do not suffice.
Result<ArrayPtr> Gather(const ArrayPtr& array, std::span<const uint32_t> rows);

}  // namespace lancer
