// lance-inspect PATH versions
#include "tools/inspect/command.h"
#include "tools/terminal/sizes.h"
#include "tools/terminal/table.h"

namespace lancer::tools {

Result<Json> RunVersions(const OpenedTable& table, const InspectOptions& /*options*/) {
  if (table.dataset() == nullptr) {
    return Status::InvalidArgument(table.path() +
                                   ": is a single file, which has no versions");
  }
  LANCER_ASSIGN_OR_RETURN(std::vector<VersionInfo> versions, table.dataset()->Versions());
  Json report;
  report["versions"] = Json::array();
  for (const VersionInfo& info : versions) {
    Json json;
    json["version"] = info.version.value;
    json["parent"] = info.parent.value;
    json["time"] = FormatTime(info.time_us);
    json["operation"] = std::string(OperationName(info.operation));
    json["rows"] = info.rows;
    json["fragments"] = info.fragments;
    json["bytes"] = info.data_bytes;
    json["manifest_bytes"] = info.manifest_bytes;
    json["transaction"] = info.transaction.ToString();
    json["message"] = info.message;
    report["versions"].push_back(std::move(json));
  }
  return report;
}

std::string FormatVersions(const Json& report) {
  using enum Table::Align;
  Table table({{"version", kRight},
               {"time"},
               {"operation"},
               {"rows", kRight},
               {"fragments", kRight},
               {"size", kRight},
               {"message"}});
  for (const Json& version : report["versions"]) {
    table.AddRow({std::to_string(version["version"].get<uint64_t>()),
                  version["time"].get<std::string>(),
                  version["operation"].get<std::string>(),
                  FormatCount(version["rows"].get<uint64_t>()),
                  FormatCount(version["fragments"].get<uint64_t>()),
                  FormatSize(version["bytes"].get<uint64_t>()),
                  version["message"].get<std::string>()});
  }
  return table.Format();
}

}  // namespace lancer::tools
