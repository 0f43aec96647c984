// lance-inspect PATH pages
#include <fmt/format.h>

#include "tools/inspect/leaf_columns.h"
#include "tools/terminal/sizes.h"
#include "tools/terminal/table.h"

namespace lancer::tools {
namespace {

Json Optional(const std::optional<uint64_t>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json PageJson(const PageInfo& page) {
  Json json;
  json["first_row"] = page.first_row;
  json["rows"] = page.rows;
  json["offset"] = page.offset;
  json["bytes"] = page.size_bytes;
  json["index_bytes"] = page.index_bytes;
  json["layout"] = page.layout;
  json["encoding"] = page.encoding;
  json["block_count"] = page.block_count;
  json["block_rows"] = page.block_rows;
  json["null_count"] = Optional(page.null_count);
  json["nan_count"] = Optional(page.nan_count);
  json["distinct_count"] = Optional(page.distinct_count);
  json["min"] = page.min;
  json["max"] = page.max;
  return json;
}

std::string CountText(const Json& count) {
  return count.is_null() ? "-" : FormatCount(count.get<uint64_t>());
}

}  // namespace

Result<Json> RunPages(const OpenedTable& table, const InspectOptions& options) {
  if (options.explain) {
    return ExplainPages(table, options);
  }
  LANCER_ASSIGN_OR_RETURN(std::vector<FileColumns> files,
                          ReadLeafColumns(table, options));
  Json report;
  report["files"] = Json::array();
  for (const FileColumns& file : files) {
    Json columns = Json::array();
    for (const ColumnInfo& column : file.columns) {
      Json json;
      json["path"] = column.path;
      json["type"] = column.type;
      json["role"] = column.role;
      json["name"] = LeafName(column);
      json["pages"] = Json::array();
      for (const PageInfo& page : column.pages) {
        json["pages"].push_back(PageJson(page));
      }
      columns.push_back(std::move(json));
    }
    report["files"].push_back(
        {{"path", file.file.info.path}, {"columns", std::move(columns)}});
  }
  return report;
}

std::string FormatPages(const Json& report) {
  if (report.contains("explained")) {
    return FormatExplanation(report);
  }
  using enum Table::Align;
  std::string text;
  for (const Json& file : report["files"]) {
    Table table({{"column"},
                 {"first row", kRight},
                 {"rows", kRight},
                 {"offset", kRight},
                 {"size", kRight},
                 {"layout"},
                 {"encoding"},
                 {"nulls", kRight},
                 {"min"},
                 {"max"}});
    for (const Json& column : file["columns"]) {
      for (const Json& page : column["pages"]) {
        table.AddRow({column["name"].get<std::string>(),
                      FormatCount(page["first_row"].get<uint64_t>()),
                      FormatCount(page["rows"].get<uint64_t>()),
                      std::to_string(page["offset"].get<uint64_t>()),
                      FormatSize(page["bytes"].get<uint64_t>()),
                      page["layout"].get<std::string>(),
                      page["encoding"].get<std::string>(), CountText(page["null_count"]),
                      page["min"].get<std::string>(), page["max"].get<std::string>()});
      }
    }
    text += fmt::format("{}{}\n{}", text.empty() ? "" : "\n",
                        file["path"].get<std::string>(), table.Format(28));
  }
  return text;
}

}  // namespace lancer::tools
