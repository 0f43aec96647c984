// lance-inspect PATH stats: page statistics gathered per leaf column.
#include <map>

#include "format/column_bounds.h"
#include "format/open_file.h"
#include "tools/inspect/leaf_columns.h"
#include "tools/terminal/sizes.h"
#include "tools/terminal/table.h"

namespace lancer::tools {
namespace {

struct LeafStatistics {
  std::string name, type;
  uint64_t pages = 0, rows = 0, bytes = 0, nulls = 0, nans = 0;
  bool nulls_known = true;
  format::ColumnBounds bounds;
};

void AddColumn(const ColumnInfo& column, format::ColumnBounds bounds,
               LeafStatistics* leaf) {
  leaf->bytes += LeafBytes(column);
  for (const PageInfo& page : column.pages) {
    ++leaf->pages;
    leaf->rows += page.rows;
    leaf->nulls += page.null_count.value_or(0);
    leaf->nulls_known = leaf->nulls_known && page.null_count.has_value();
    leaf->nans += page.nan_count.value_or(0);
  }
  if (leaf->bounds.statistics.count == 0) {
    leaf->bounds = std::move(bounds);
  } else {
    format::JoinBounds(&leaf->bounds, bounds);
  }
}

Json DistinctJson(const std::optional<format::DistinctRange>& distinct) {
  return distinct ? Json{{"at_least", distinct->at_least}, {"at_most", distinct->at_most}}
                  : Json(nullptr);
}

// "12", or "12 to 30" where parts may share values.
std::string DistinctText(const Json& distinct) {
  if (distinct.is_null()) {
    return "-";
  }
  const auto least = distinct["at_least"].get<uint64_t>();
  const auto most = distinct["at_most"].get<uint64_t>();
  return least == most ? FormatCount(least)
                       : FormatCount(least) + " to " + FormatCount(most);
}

}  // namespace

Result<Json> RunStats(const OpenedTable& table, const InspectOptions& options) {
  LANCER_ASSIGN_OR_RETURN(std::vector<FileColumns> files,
                          ReadLeafColumns(table, options));
  std::vector<std::string> order;
  std::map<std::string, LeafStatistics> leaves;
  for (const FileColumns& file : files) {
    LANCER_ASSIGN_OR_RETURN(
        std::vector<format::ColumnBounds> bounds,
        format::ReadColumnBounds(FileReaderAccess::File(*file.file.reader),
                                 WantedColumns(options)));
    size_t next = 0;
    for (const ColumnInfo& column : file.columns) {
      // Structs may repeat a name, so that it does not tell the type.
      const std::string key = LeafName(column) + '\0' + column.type;
      const auto [entry, is_new] = leaves.try_emplace(key);
      if (is_new) {
        order.push_back(key);
        entry->second.name = LeafName(column);
        entry->second.type = column.type;
      }
      AddColumn(column, std::move(bounds[next++]), &entry->second);
    }
  }
  Json report;
  report["columns"] = Json::array();
  for (const std::string& key : order) {
    const LeafStatistics& leaf = leaves[key];
    const encoding::Statistics& bounds = leaf.bounds.statistics;
    Json json;
    json["name"] = leaf.name;
    json["type"] = leaf.type;
    json["pages"] = leaf.pages;
    json["rows"] = leaf.rows;
    json["bytes"] = leaf.bytes;
    json["null_count"] = leaf.nulls_known ? Json(leaf.nulls) : Json(nullptr);
    json["nan_count"] = leaf.nans;
    json["distinct_count"] = DistinctJson(leaf.bounds.distinct);
    json["min"] = format::FormatBound(leaf.bounds.shape, bounds.min);
    json["max"] = format::FormatBound(leaf.bounds.shape, bounds.max);
    report["columns"].push_back(std::move(json));
  }
  return report;
}

std::string FormatStats(const Json& report) {
  using enum Table::Align;
  Table table({{"column"},
               {"type"},
               {"rows", kRight},
               {"nulls", kRight},
               {"distinct", kRight},
               {"size", kRight},
               {"min"},
               {"max"}});
  for (const Json& column : report["columns"]) {
    const Json& nulls = column["null_count"];
    table.AddRow({column["name"].get<std::string>(), column["type"].get<std::string>(),
                  FormatCount(column["rows"].get<uint64_t>()),
                  nulls.is_null() ? "-" : FormatCount(nulls.get<uint64_t>()),
                  DistinctText(column["distinct_count"]),
                  FormatSize(column["bytes"].get<uint64_t>()),
                  column["min"].get<std::string>(), column["max"].get<std::string>()});
  }
  return table.Format(32);
}

}  // namespace lancer::tools
