#include "dataset/conflict_matrix.h"

namespace lancer::dataset {
namespace {

using enum Verdict;

// Row: being committed. Column: committed since. Order: that of OperationKind.
constexpr std::array<std::array<Verdict, kOperationKinds>, kOperationKinds> kMatrix = {{
    // create, append, overwrite, restore, barrier
    {kAbort, kAbort, kAbort, kAbort, kAbort},  // create: a dataset is there already
    {kAbort, kOk, kAbort, kAbort, kOk},        // append
    {kAbort, kRedoUnlessForced, kRedoUnlessForced, kRedoUnlessForced, kOk},  // overwrite
    {kAbort, kRedoUnlessForced, kRedoUnlessForced, kRedoUnlessForced, kOk},  // restore
    {kOk, kOk, kOk, kOk, kOk},                                               // barrier
}};

}  // namespace

Verdict JudgeConflict(OperationKind committing, OperationKind committed) {
  return kMatrix[static_cast<size_t>(committing)][static_cast<size_t>(committed)];
}

}  // namespace lancer::dataset
