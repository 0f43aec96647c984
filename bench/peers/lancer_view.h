// A column of Lancer as Taken: points to the batch's memory, copies nothing.
//
// Ownership: the view keeps the column alive. Thread rule: functions without state.
#pragma once

#include "bench/peers/taken.h"
#include "lancer/array.h"

namespace lancer::bench {

// Errors: Unsupported for types that no take benchmark holds.
Status ViewOf(const ArrayPtr& column, Taken* out);

}  // namespace lancer::bench
