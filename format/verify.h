// Verify: reads and checks every byte of a data file.
//
// Ownership: values. Thread rule: runs pages on the context's executor.
#pragma once

#include "format/open_data_file.h"
#include "lancer/scan.h"

namespace lancer::format {

// Checks the frame, every check unit of every page, that every page decodes, that stored
// statistics are those of the values, that sibling leaves agree, and that padding is
// zero. Damage goes into the report; only I/O errors and cancellation fail the call.
Result<VerifyReport> VerifyFile(const OpenDataFile& file, const VerifyOptions& options);

}  // namespace lancer::format
