// lance-inspect PATH pages --explain
#include <fmt/format.h>

#include <cmath>

#include "tools/inspect/leaf_columns.h"
#include "tools/terminal/sizes.h"
#include "tools/terminal/table.h"

namespace lancer::tools {
namespace {

Json PageJson(const PageExplanation& page) {
  Json json;
  json["first_row"] = page.first_row;
  json["rows"] = page.rows;
  json["stored"] = page.stored;
  json["chosen"] = page.chosen;
  json["reason"] = page.reason;
  json["bytes_per_value"] = page.bytes_per_value;
  json["weighed"] = Json::array();
  for (const WeighedEncoding& one : page.weighed) {
    json["weighed"].push_back({{"encoding", one.encoding},
                               {"bytes_per_value", one.bytes_per_value},
                               {"cost", one.cost},
                               {"sampled", one.sampled}});
  }
  return json;
}

// "0.125", "12.5", "4,096": as many digits as tell two candidates apart.
std::string BytesText(double bytes) {
  return bytes >= 1000 ? FormatCount(static_cast<uint64_t>(std::llround(bytes)))
                       : fmt::format("{:.4g}", bytes);
}

std::string PageText(const std::string& column, size_t index, const Json& page,
                     const std::string& profile) {
  using enum Table::Align;
  const auto first = page["first_row"].get<uint64_t>();
  const auto rows = page["rows"].get<uint64_t>();
  std::string text =
      fmt::format("\n{}, page {}: rows {} to {}, profile {}\n  {}: {} bytes a value\n",
                  column, index, FormatCount(first), FormatCount(first + rows - 1),
                  profile, page["chosen"].get<std::string>(),
                  BytesText(page["bytes_per_value"].get<double>()));
  text += fmt::format("  why: {}\n", page["reason"].get<std::string>());
  if (page["stored"] != page["chosen"]) {
    text += fmt::format("  stored: {} (by another version or other options)\n",
                        page["stored"].get<std::string>());
  }
  if (page["weighed"].empty()) {
    return text;
  }
  Table table({{"  weighed"}, {"bytes a value", kRight}, {"cost", kRight}, {"by"}});
  for (const Json& one : page["weighed"]) {
    table.AddRow({"  " + one["encoding"].get<std::string>(),
                  BytesText(one["bytes_per_value"].get<double>()),
                  BytesText(one["cost"].get<double>()),
                  one["sampled"].get<bool>() ? "sample" : "formula"});
  }
  return text + table.Format();
}

}  // namespace

Result<Json> ExplainPages(const OpenedTable& table, const InspectOptions& options) {
  const std::optional<std::vector<std::string>> names = WantedColumns(options);
  if (names) {
    LANCER_RETURN_IF_ERROR(table.CheckColumns(*names));
  }
  LANCER_ASSIGN_OR_RETURN(std::vector<OpenedTable::File> files,
                          table.OpenFiles(options.fragment));
  Json report;
  report["explained"] = Json::array();
  for (const OpenedTable::File& file : files) {
    LANCER_RETURN_IF_ERROR(options.cancel.Check());
    LANCER_ASSIGN_OR_RETURN(std::vector<ColumnExplanation> explained,
                            file.reader->ExplainEncodings(names));
    Json columns = Json::array();
    for (const ColumnExplanation& column : explained) {
      Json json = {{"path", column.path}, {"profile", column.profile}};
      json["pages"] = Json::array();
      for (const PageExplanation& page : column.pages) {
        json["pages"].push_back(PageJson(page));
      }
      columns.push_back(std::move(json));
    }
    report["explained"].push_back(
        {{"path", file.info.path}, {"columns", std::move(columns)}});
  }
  return report;
}

std::string FormatExplanation(const Json& report) {
  std::string text;
  for (const Json& file : report["explained"]) {
    text +=
        fmt::format("{}{}\n", text.empty() ? "" : "\n", file["path"].get<std::string>());
    for (const Json& column : file["columns"]) {
      const std::string name = FormatFieldPath(column["path"].get<FieldPath>());
      size_t index = 0;
      for (const Json& page : column["pages"]) {
        text += PageText(name, index++, page, column["profile"].get<std::string>());
      }
    }
  }
  return text +
         "\nCost: bytes a value times what reading them costs in the profile; "
         "the least wins.\n";
}

}  // namespace lancer::tools
