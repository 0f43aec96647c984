// lance-inspect PATH summary
#include <fmt/format.h>

#include <algorithm>

#include "tools/inspect/command.h"
#include "tools/terminal/sizes.h"

namespace lancer::tools {
namespace {

void AddDataset(const Dataset& dataset, Json* report) {
  const VersionInfo info = dataset.info();
  Json& json = *report;
  json["fragments"] = info.fragments;
  json["version"] = info.version.value;
  json["bytes"] = info.data_bytes;
  json["manifest_bytes"] = info.manifest_bytes;
  json["operation"] = std::string(OperationName(info.operation));
  json["time"] = FormatTime(info.time_us);
  json["message"] = info.message;
  json["uuid"] = dataset.uuid().ToString();
  json["rolled_back"] = dataset.rolled_back();
}

Status AddFile(const OpenedTable& table, Json* report) {
  LANCER_ASSIGN_OR_RETURN(std::vector<OpenedTable::File> files, table.ListFiles());
  Json& json = *report;
  json["fragments"] = 1;
  json["version"] = nullptr;
  json["bytes"] = files[0].info.size_bytes;
  for (const auto& [key, value] : files[0].reader->Describe()) {
    json["file"][key] = value;
  }
  return Status::Ok();
}

}  // namespace

Status AddLeftovers(const OpenedTable& table, Json* report) {
  if (table.dataset() == nullptr) {
    return Status::Ok();
  }
  auto found = table.dataset()->FindLeftovers();
  if (!found) {
    // Versions that cannot be read may refer to any file.
    const bool damaged = found.error().code() == StatusCode::kCorruption;
    (*report)["leftovers"] = nullptr;
    return damaged ? Status::Ok() : found.error();
  }
  (*report)["leftovers"] = {{"files", found->files}, {"bytes", found->bytes}};
  return Status::Ok();
}

std::string FormatLeftovers(const Json& report) {
  const Json leftovers = report.value("leftovers", Json());
  if (leftovers.is_null() || leftovers["files"].get<uint64_t>() == 0) {
    return "";
  }
  return fmt::format(
      "{}, {}, of writers that still write, or died (the next write removes those)",
      FormatCountOf(leftovers["files"].get<uint64_t>(), "file"),
      FormatSize(leftovers["bytes"].get<uint64_t>()));
}

Result<Json> RunSummary(const OpenedTable& table, const InspectOptions& /*options*/) {
  Json report;
  report["path"] = table.path();
  report["kind"] = table.dataset() != nullptr ? "dataset" : "file";
  report["rows"] = table.row_count();
  report["columns"] = table.schema()->field_count();
  if (table.dataset() != nullptr) {
    AddDataset(*table.dataset(), &report);
    LANCER_RETURN_IF_ERROR(AddLeftovers(table, &report));
  } else {
    LANCER_RETURN_IF_ERROR(AddFile(table, &report));
  }
  return report;
}

std::string FormatSummary(const Json& report) {
  std::string text;
  const auto line = [&](std::string_view key, std::string_view value) {
    text += fmt::format("{:<15}{}\n", key, value);
  };
  line("path", report["path"].get<std::string>());
  line("kind", report["kind"] == "dataset" ? "Lancer dataset" : "single Lancer file");
  line("rows", FormatCount(report["rows"].get<uint64_t>()));
  line("columns", FormatCount(report["columns"].get<uint64_t>()));
  line("size", FormatSize(report["bytes"].get<uint64_t>()));
  if (report["version"].is_null()) {
    const Json file = report.value("file", Json::object());
    for (const auto& [key, value] : file.items()) {
      if (key != "rows" && key != "leaf_columns") {  // said above
        std::string label = key;
        std::ranges::replace(label, '_', ' ');
        line(label, value.get<std::string>());
      }
    }
    return text;
  }
  line("fragments", FormatCount(report["fragments"].get<uint64_t>()));
  line("version", fmt::format("{} ({}, {})", report["version"].get<uint64_t>(),
                              report["operation"].get<std::string>(),
                              report["time"].get<std::string>()));
  if (report["message"] != "") {
    line("message", report["message"].get<std::string>());
  }
  if (report["rolled_back"].get<bool>()) {
    line("warning", "newer versions exist but are damaged");
  }
  if (const std::string leftovers = FormatLeftovers(report); !leftovers.empty()) {
    line("leftovers", leftovers);
  }
  return text;
}

}  // namespace lancer::tools
