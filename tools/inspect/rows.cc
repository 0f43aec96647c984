// lance-inspect PATH head, and lance-inspect PATH take
#include <algorithm>

#include "tools/inspect/command.h"
#include "tools/terminal/sizes.h"
#include "tools/terminal/table.h"

namespace lancer::tools {
namespace {

Json EmptyReport(const Schema& schema) {
  Json report;
  report["columns"] = Json::array();
  for (const Field& field : schema.fields()) {
    report["columns"].push_back(field.name);
  }
  report["rows"] = Json::array();
  return report;
}

// Numbers with a point or of many digits stay as they are written, alone and in lists:
// as a double, a decimal would be another one.
Json ValueOf(const std::string& text) {
  Json value = Json::parse(text, nullptr, false);
  if (value.is_discarded()) {
    return text;
  }
  return value.is_structured() || value.is_number() ? VerbatimJson(text) : value;
}

// Rows as arrays of values beside the list of names: names may be repeated in structs or
// empty, so they are no keys.
void AddRows(const Batch& batch, Json* report) {
  for (int64_t row = 0; row < batch.length; ++row) {
    Json values = Json::array();
    for (size_t i = 0; i < batch.columns.size(); ++i) {
      const std::string text = batch.columns[i]->FormatValue(row, batch.schema->field(i));
      values.push_back(ValueOf(text));
    }
    (*report)["rows"].push_back(std::move(values));
  }
}

Json RowsJson(const Batch& batch) {
  Json report = EmptyReport(*batch.schema);
  AddRows(batch, &report);
  return report;
}

TakeOptions TakeOptionsOf(const InspectOptions& options) {
  TakeOptions take;
  if (!options.columns.empty()) {
    take.columns = options.columns;
  }
  take.cancel = options.cancel;
  return take;
}

std::string CellText(const Json& value) {
  if (value.is_binary()) {
    return VerbatimText(value);
  }
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Result<Json> RunHead(const OpenedTable& table, const InspectOptions& options) {
  ScanOptions scan;
  if (!options.columns.empty()) {
    scan.columns = options.columns;
  }
  scan.limit = options.count;
  scan.cancel = options.cancel;
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<BatchReader> rows, table.Scan(scan));
  Json report = EmptyReport(*rows->schema());
  while (true) {
    LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, rows->Next());
    if (!batch) {
      return report;
    }
    AddRows(*batch, &report);
  }
}

Result<Json> RunTake(const OpenedTable& table, const InspectOptions& options) {
  if (!options.by_id) {
    LANCER_ASSIGN_OR_RETURN(Batch batch,
                            table.Take(options.rows, TakeOptionsOf(options)));
    return RowsJson(batch);
  }
  if (table.dataset() == nullptr) {
    return Status::InvalidArgument(
        table.path() + ": is a single file, whose rows have no ids; leave --ids out");
  }
  const std::vector<RowId> ids(options.rows.begin(), options.rows.end());
  LANCER_ASSIGN_OR_RETURN(Batch batch,
                          table.dataset()->TakeIds(ids, TakeOptionsOf(options)));
  return RowsJson(batch);
}

std::string FormatRows(const Json& report) {
  std::vector<Table::Column> columns;
  for (const Json& name : report["columns"]) {
    columns.push_back({FitText(name.get<std::string>(), 32), Table::Align::kLeft});
  }
  Table table(std::move(columns));
  for (const Json& row : report["rows"]) {
    std::vector<std::string> cells;
    for (const Json& value : row) {
      cells.push_back(CellText(value));
    }
    table.AddRow(std::move(cells));
  }
  const std::string text = table.Format(40);
  return report["columns"].empty()
             ? FormatCount(report["rows"].size()) + " rows without columns\n"
             : text;
}

}  // namespace lancer::tools
