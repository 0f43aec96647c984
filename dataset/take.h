// Rows of a version by position or by id, in the order asked.
//
// Ownership: batches keep what they refer to alive. Thread rule: safe for concurrent
// calls; runs on the caller's thread.
#pragma once

#include <span>
#include <vector>

#include "dataset/snapshot.h"
#include "lancer/array.h"
#include "lancer/scan.h"

namespace lancer::dataset {

// Errors: InvalidArgument naming the first position that is out of range.
Result<Batch> TakePositions(const Store& store, const Snapshot& snapshot,
                            std::span<const RowPosition> rows,
                            const TakeOptions& options);
// Errors: NotFound naming the first id that the version lacks.
Result<Batch> TakeRowIds(const Store& store, const Snapshot& snapshot,
                         std::span<const RowId> ids, const TakeOptions& options);
Result<std::vector<RowId>> RowIdsAt(const Store& store, const Snapshot& snapshot,
                                    std::span<const RowPosition> rows);

}  // namespace lancer::dataset
