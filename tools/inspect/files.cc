// lance-inspect PATH files
#include "tools/inspect/command.h"
#include "tools/terminal/sizes.h"
#include "tools/terminal/table.h"

namespace lancer::tools {

Result<Json> RunFiles(const OpenedTable& table, const InspectOptions& /*options*/) {
  LANCER_ASSIGN_OR_RETURN(std::vector<OpenedTable::File> files, table.ListFiles());
  Json report;
  report["files"] = Json::array();
  for (const OpenedTable::File& file : files) {
    Json json;
    json["fragment"] = file.info.id.value;
    json["path"] = file.info.path;
    json["rows"] = file.info.rows;
    json["bytes"] = file.info.size_bytes;
    const bool is_dataset = table.dataset() != nullptr;
    json["first_row_id"] =
        is_dataset ? Json(file.info.first_row_id.value) : Json(nullptr);
    json["digest"] = is_dataset ? Json(file.info.digest.ToString()) : Json(nullptr);
    report["files"].push_back(std::move(json));
  }
  return report;
}

std::string FormatFiles(const Json& report) {
  using enum Table::Align;
  Table table({{"fragment", kRight},
               {"rows", kRight},
               {"size", kRight},
               {"first row id", kRight},
               {"path"},
               {"digest"}});
  for (const Json& file : report["files"]) {
    const Json& row_id = file["first_row_id"];
    const Json& digest = file["digest"];
    table.AddRow({std::to_string(file["fragment"].get<uint64_t>()),
                  FormatCount(file["rows"].get<uint64_t>()),
                  FormatSize(file["bytes"].get<uint64_t>()),
                  row_id.is_null() ? "-" : std::to_string(row_id.get<uint64_t>()),
                  file["path"].get<std::string>(),
                  digest.is_null() ? "-" : digest.get<std::string>()});
  }
  return table.Format(120);
}

}  // namespace lancer::tools
