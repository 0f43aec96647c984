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
  for (const Status& fault : found.faults) {
    report["faults"].push_back(std::string(fault.message()));
  }
  LANCER_RETURN_IF_ERROR(AddLeftovers(table, &report));
  return report;
}

std::string FormatVerify(const Json& report) {
  std::string text;
  for (const Json& fault : report["faults"]) {
    text += ErrorLine("damaged", fault.get<std::string>()) + "\n";
  }
  const std::string outcome = report["sound"].get<bool>()
                                  ? "sound"
                                  : FormatCountOf(report["faults"].size(), "fault");
  text += fmt::format("{}: {}, {} in {} read and checked\n", outcome,
                      FormatCountOf(report["files"].get<uint64_t>(), "file"),
                      FormatSize(report["bytes"].get<uint64_t>()),
                      FormatCountOf(report["units"].get<uint64_t>(), "check unit"));
  const std::string leftovers = FormatLeftovers(report);
  return leftovers.empty() ? text : text + "leftovers: " + leftovers + "\n";
}

}  // namespace lancer::tools
