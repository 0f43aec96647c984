// lance-inspect PATH verify
#include <fmt/format.h>

#include "tools/inspect/command.h"
#include "tools/terminal/sizes.h"

namespace lancer::tools {

Result<Json> RunVerify(const OpenedTable& table, const InspectOptions& options) {
  VerifyOptions verify;
  verify.cancel = options.cancel;
  verify.progress = options.progress;
  LANCER_ASSIGN_OR_RETURN(VerifyReport found, table.Verify(verify));
  Json report;
  report["sound"] = found.faults.empty();
  report["files"] = found.files;
  report["bytes"] = found.bytes;
  report["units"] = found.units;
  report["faults"] = Json::array();
  report["unknown"] = Json::array();
  for (const Status& fault : found.faults) {
    const bool unknown = fault.code() == StatusCode::kUnsupported;
    report[unknown ? "unknown" : "faults"].push_back(std::string(fault.message()));
  }
  LANCER_RETURN_IF_ERROR(AddLeftovers(table, &report));
  return report;
}

std::string FormatVerify(const Json& report) {
  std::string text;
  for (const Json& fault : report["faults"]) {
    text += ErrorLine("damaged", fault.get<std::string>()) + "\n";
  }
  for (const Json& part : report["unknown"]) {
    text += ErrorLine("not checked", part.get<std::string>()) + "\n";
  }
  std::string outcome = "sound";
  if (!report["faults"].empty()) {
    outcome = FormatCountOf(report["faults"].size(), "fault");
  } else if (!report["unknown"].empty()) {
    outcome = "sound as far as this build can tell";
  }
  text += fmt::format("{}: {}, {} in {} read and checked\n", outcome,
                      FormatCountOf(report["files"].get<uint64_t>(), "file"),
                      FormatSize(report["bytes"].get<uint64_t>()),
                      FormatCountOf(report["units"].get<uint64_t>(), "check unit"));
  const std::string leftovers = FormatLeftovers(report);
  return leftovers.empty() ? text : text + "leftovers: " + leftovers + "\n";
}

}  // namespace lancer::tools
