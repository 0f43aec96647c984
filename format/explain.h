// Explains the encodings of a file's columns: encodes their pages once more, as the
// writer did, and keeps what selection weighed.
//
// Ownership: looks at an open file. Thread rule: safe for concurrent calls.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "format/open_data_file.h"
#include "lancer/file_reader.h"

namespace lancer::format {

// FileReader::ExplainEncodings.
Result<std::vector<ColumnExplanation>> ExplainEncodings(
    const OpenDataFile& file, const std::optional<std::vector<std::string>>& names);

}  // namespace lancer::format
