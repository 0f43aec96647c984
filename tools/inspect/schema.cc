// lance-inspect PATH schema
#include <fmt/format.h>

#include "tools/inspect/command.h"

namespace lancer::tools {
namespace {

Json MetadataJson(const Metadata& metadata) {
  Json json = Json::object();
  for (const auto& [key, value] : metadata) {
    json[key] = value;
  }
  return json;
}

Json FieldJson(const Field& field) {  // NOLINT(misc-no-recursion)
  Json json;
  json["name"] = field.name;
  json["type"] = field.type->ToString();
  json["nullable"] = field.nullable;
  json["id"] = field.id.assigned() ? Json(field.id.value) : Json(nullptr);
  json["metadata"] = MetadataJson(field.metadata);
  json["children"] = Json::array();
  for (const Field& child : field.type->children()) {
    json["children"].push_back(FieldJson(child));
  }
  return json;
}

void AppendField(const Json& field, size_t depth,  // NOLINT(misc-no-recursion)
                 std::string* text) {
  const std::vector<std::string> path = {field["name"].get<std::string>()};
  const bool has_id = !field["id"].is_null();
  *text += fmt::format(
      "{:>4}  {}{}: {}{}\n", has_id ? std::to_string(field["id"].get<int32_t>()) : "-",
      std::string(2 * depth, ' '), FormatFieldPath(path),
      field["type"].get<std::string>(), field["nullable"].get<bool>() ? "" : " not null");
  for (const auto& [key, value] : field["metadata"].items()) {
    std::string shown = value.dump(-1, ' ', true, Json::error_handler_t::replace);
    if (shown.size() > 60) {
      shown = shown.substr(0, 57) + "...";
    }
    *text += fmt::format("{:>4}  {}@{} = {}\n", "", std::string(2 * depth + 2, ' '), key,
                         shown);
  }
  for (const Json& child : field["children"]) {
    AppendField(child, depth + 1, text);
  }
}

}  // namespace

Result<Json> RunSchema(const OpenedTable& table, const InspectOptions& options) {
  Schema schema = *table.schema();
  if (!options.columns.empty()) {
    LANCER_ASSIGN_OR_RETURN(schema, schema.Select(options.columns));
  }
  Json report;
  report["fields"] = Json::array();
  for (const Field& field : schema.fields()) {
    report["fields"].push_back(FieldJson(field));
  }
  report["metadata"] = MetadataJson(schema.metadata());
  return report;
}

std::string FormatSchema(const Json& report) {
  std::string text = "  id  column: type\n";
  for (const Json& field : report["fields"]) {
    AppendField(field, 0, &text);
  }
  for (const auto& [key, value] : report["metadata"].items()) {
    text += fmt::format("      @{} = {}\n", key,
                        value.dump(-1, ' ', true, Json::error_handler_t::replace));
  }
  return text;
}

}  // namespace lancer::tools
