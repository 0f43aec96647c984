// Describe: what people want to see of a file: columns, pages, and where each byte
// belongs.
//
// Ownership: values. Thread rule: pure functions of an open file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "format/open_data_file.h"
#include "lancer/file_reader.h"

namespace lancer::format {

// Of the top-level columns `names`, or of all.
Result<std::vector<ColumnInfo>> DescribeColumns(
    const OpenDataFile& file, const std::optional<std::vector<std::string>>& names);
// "dict(ffor)"; list lengths first, separated by "; ".
std::string EncodingText(const TreeSet& trees);
// All parts in ascending order; bytes between them are parts named "padding".
Result<std::vector<FilePart>> DescribeParts(const OpenDataFile& file);

}  // namespace lancer::format
