// Status codes as errno numbers, which is what an Arrow C stream reports.
//
// Ownership: values. Thread rule: no shared state.
#pragma once

#include "lancer/status.h"

namespace lancer {

// Never 0 for a status that is not OK.
int ErrnoOf(StatusCode code);
// The code that fits an errno number best; IoError for most.
StatusCode CodeOfErrno(int number);

}  // namespace lancer
