// Finds files that no version refers to: of writers that died, or are still at work.
//
// Thread rule: safe for concurrent calls.
#pragma once

#include "dataset/snapshot.h"
#include "lancer/dataset.h"

namespace lancer::dataset {

// A data file or a file of nodes is explained by a version or by its session's intent, so
// without intents there are only temporary files to count; else the versions since the
// oldest of the intents are read, to leave out what was committed. Errors: Corruption;
// IoError.
Result<LeftoverInfo> FindLeftovers(const Store& store);

}  // namespace lancer::dataset
