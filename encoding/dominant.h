// The value that most of a run's values are, if any is.
//
// Ownership: looks at the caller's values. Thread rule: pure functions.
#pragma once

#include <cstdint>

#include "encoding/values.h"

namespace lancer::encoding {

struct Dominant {
  uint64_t place = 0;  // of one such value
  double share = 0;    // of a sample of the values
};

// Looks at 256 values, evenly spread, or at all where they are fewer: finds what is most
// of them, else any value. REQUIRES: at least one value.
Dominant FindDominant(const Values& values);

}  // namespace lancer::encoding
