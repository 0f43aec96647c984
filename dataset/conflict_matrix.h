// The conflict matrix: whether an operation still holds when others were committed since
// it began. One table; operations to come add rows and columns.
//
// Thread rule: pure functions.
#pragma once

#include <array>
#include <cstddef>

#include "lancer/version.h"

namespace lancer::dataset {

// From the mildest to the strictest.
enum class Verdict : uint8_t {
  kOk,                // commutes after renumbering
  kRedoUnlessForced,  // the caller must look at the new version, or say `force`
  kAbort,             // cannot be applied any more
};

inline constexpr size_t kOperationKinds = 5;

// What becomes of `committing` when `committed` came in between.
Verdict JudgeConflict(OperationKind committing, OperationKind committed);

}  // namespace lancer::dataset
