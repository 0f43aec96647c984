// Checks every byte that a version reaches.
//
// Thread rule: safe for concurrent calls.
#pragma once

#include "dataset/snapshot.h"
#include "lancer/scan.h"

namespace lancer::dataset {

// FORMAT, the log with the version's manifest as it stands now, the schema's file, the
// files of tree nodes and every data file. A damaged part ends up in the report; only I/O
// errors and cancelling fail the call.
Result<VerifyReport> VerifyVersion(const Store& store, const Snapshot& snapshot,
                                   const VerifyOptions& options);

}  // namespace lancer::dataset
