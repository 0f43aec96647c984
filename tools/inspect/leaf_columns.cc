#include "tools/inspect/leaf_columns.h"

#include <fmt/format.h>

namespace lancer::tools {

Result<std::vector<FileColumns>> ReadLeafColumns(const OpenedTable& table,
                                                 const InspectOptions& options) {
  const std::optional<std::vector<std::string>> names = WantedColumns(options);
  if (names) {
    LANCER_RETURN_IF_ERROR(table.CheckColumns(*names));
  }
  LANCER_ASSIGN_OR_RETURN(std::vector<OpenedTable::File> files,
                          table.OpenFiles(options.fragment));
  std::vector<FileColumns> read;
  for (OpenedTable::File& file : files) {
    LANCER_RETURN_IF_ERROR(options.cancel.Check());
    LANCER_ASSIGN_OR_RETURN(std::vector<ColumnInfo> columns,
                            file.reader->DescribeColumns(names));
    read.push_back({std::move(file), std::move(columns)});
  }
  return read;
}

std::optional<std::vector<std::string>> WantedColumns(const InspectOptions& options) {
  using Names = std::vector<std::string>;
  return options.columns.empty() ? std::nullopt : std::optional<Names>(options.columns);
}

std::string LeafName(const ColumnInfo& column) {
  if (column.path.empty()) {
    return "(" + column.role + ")";
  }
  std::string name = FormatFieldPath(column.path);
  return column.role == "values" ? name : fmt::format("{} ({})", name, column.role);
}

uint64_t LeafBytes(const ColumnInfo& column) {
  uint64_t bytes = column.metadata_bytes + column.dictionary_bytes +
                   column.codec_dictionary_bytes + column.symbol_table_bytes +
                   column.statistics_bytes;
  for (const PageInfo& page : column.pages) {
    bytes += page.size_bytes + page.index_bytes;
  }
  return bytes;
}

}  // namespace lancer::tools
