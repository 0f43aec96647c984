// What pages, stats and layout have in common: the leaf columns of the files asked for.
//
// Ownership: values. Thread rule: functions without state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/inspect/command.h"

namespace lancer::tools {

struct FileColumns {
  OpenedTable::File file;
  std::vector<ColumnInfo> columns;  // of the top-level columns asked for
};

// Errors: NotFound for a column or fragment that is not there; Corruption; Unsupported
// for a column whose encoding this build does not know.
Result<std::vector<FileColumns>> ReadLeafColumns(const OpenedTable& table,
                                                 const InspectOptions& options);

// The top-level columns asked for; nothing: all.
std::optional<std::vector<std::string>> WantedColumns(const InspectOptions& options);

// "a.b", or "(row ids)" for a hidden leaf.
std::string LeafName(const ColumnInfo& column);
// Bytes of the leaf's pages, page indexes, metadata, statistics and dictionaries.
uint64_t LeafBytes(const ColumnInfo& column);

}  // namespace lancer::tools
