// lance-inspect PATH layout: where the bytes of the files go.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "tools/inspect/leaf_columns.h"
#include "tools/terminal/sizes.h"
#include "tools/terminal/table.h"

namespace lancer::tools {
namespace {

// What is read to reckon sizes in memory: so many rows, or fewer of large ones.
constexpr uint64_t kSampleRows = 16 << 10;
constexpr uint64_t kSampleBytes = 32 << 20;
constexpr int64_t kSampleBatchRows = 256;
constexpr uint64_t kBarWidth = 24;

struct ColumnBytes {
  std::set<std::string> encodings;
  uint64_t bytes = 0;
};

// What all files take, by column and by part.
struct TableBytes {
  std::vector<std::string> order;  // of the columns, by name
  std::map<std::string, ColumnBytes> columns;
  std::map<std::string, uint64_t> parts;
  uint64_t total = 0;
};

std::string TopName(const ColumnInfo& column) {
  return column.path.empty() ? LeafName(column)
                             : FormatFieldPath(std::span(column.path).first(1));
}

// Bytes in memory of every column, reckoned from the first rows of the table.
Result<std::map<std::string, uint64_t>> EstimateRawBytes(const OpenedTable& table,
                                                         const CancelToken& cancel) {
  ScanOptions scan;
  scan.limit = kSampleRows;
  scan.batch_rows = kSampleBatchRows;  // so that large rows end it early
  scan.memory_budget_bytes = kSampleBytes;
  scan.cancel = cancel;
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<BatchReader> reader, table.Scan(scan));
  std::vector<uint64_t> bytes(reader->schema()->field_count());
  uint64_t rows = 0;
  uint64_t total = 0;
  while (total < kSampleBytes) {
    LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, reader->Next());
    if (!batch) {
      break;
    }
    rows += static_cast<uint64_t>(batch->length);
    for (size_t i = 0; i < bytes.size(); ++i) {
      const auto size = static_cast<uint64_t>(batch->columns[i]->byte_size());
      bytes[i] += size;
      total += size;
    }
  }
  std::map<std::string, uint64_t> raw;
  for (size_t i = 0; i < bytes.size() && rows > 0; ++i) {
    const std::vector<std::string> path = {reader->schema()->field(i).name};
    const double row_bytes = static_cast<double>(bytes[i]) / static_cast<double>(rows);
    raw[FormatFieldPath(path)] =
        static_cast<uint64_t>(row_bytes * static_cast<double>(table.row_count()));
  }
  return raw;
}

std::string Join(const std::set<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) {
    joined += joined.empty() ? text : ", " + text;
  }
  return joined;
}

Status AddFile(const FileColumns& file, TableBytes* table) {
  for (const ColumnInfo& column : file.columns) {
    const auto [entry, is_new] = table->columns.try_emplace(TopName(column));
    if (is_new) {
      table->order.push_back(entry->first);
    }
    entry->second.bytes += LeafBytes(column);
    for (const PageInfo& page : column.pages) {
      entry->second.encodings.insert(page.layout + ": " + page.encoding);
    }
  }
  table->total += file.file.reader->size_bytes();
  LANCER_ASSIGN_OR_RETURN(std::vector<FilePart> parts, file.file.reader->DescribeParts());
  for (const FilePart& part : parts) {
    table->parts[part.name] += part.size_bytes;
  }
  return Status::Ok();
}

}  // namespace

Result<Json> RunLayout(const OpenedTable& table, const InspectOptions& options) {
  LANCER_ASSIGN_OR_RETURN(std::vector<FileColumns> files,
                          ReadLeafColumns(table, options));
  using RawBytes = std::map<std::string, uint64_t>;
  RawBytes raw;
  if (!options.fragment) {
    LANCER_ASSIGN_OR_RETURN(raw, EstimateRawBytes(table, options.cancel));
  }
  TableBytes bytes;
  for (const FileColumns& file : files) {
    LANCER_RETURN_IF_ERROR(AddFile(file, &bytes));
  }
  Json report;
  report["files"] = files.size();
  report["bytes"] = bytes.total;
  report["columns"] = Json::array();
  for (const std::string& name : bytes.order) {
    const ColumnBytes& column = bytes.columns[name];
    Json json;
    json["name"] = name;
    json["encodings"] = column.encodings;
    json["bytes"] = column.bytes;
    const auto entry = raw.find(name);
    json["raw_bytes_estimate"] = entry == raw.end() ? Json(nullptr) : Json(entry->second);
    report["columns"].push_back(std::move(json));
  }
  report["parts"] = Json::array();
  for (const auto& [name, size] : bytes.parts) {
    report["parts"].push_back({{"name", name}, {"bytes", size}});
  }
  return report;
}

std::string FormatLayout(const Json& report) {
  using enum Table::Align;
  const uint64_t total = report["bytes"].get<uint64_t>();
  const auto bar = [&](uint64_t bytes) {
    const uint64_t filled = total == 0 ? 0 : (bytes * kBarWidth + total / 2) / total;
    return fmt::format("|{}{}|", std::string(filled, '#'),
                       std::string(kBarWidth - std::min(filled, kBarWidth), ' '));
  };
  Table columns({{"column"},
                 {"where the bytes go"},
                 {"share", kRight},
                 {"size", kRight},
                 {"ratio", kRight},
                 {"layout: encoding"}});
  for (const Json& column : report["columns"]) {
    const uint64_t bytes = column["bytes"].get<uint64_t>();
    const Json& raw = column["raw_bytes_estimate"];
    const std::string ratio =
        raw.is_null() || bytes == 0
            ? "-"
            : fmt::format("{:.1f}x", static_cast<double>(raw.get<uint64_t>()) /
                                         static_cast<double>(bytes));
    columns.AddRow({column["name"].get<std::string>(), bar(bytes),
                    FormatShare(bytes, total), FormatSize(bytes), ratio,
                    Join(column["encodings"].get<std::set<std::string>>())});
  }
  Table parts({{"part of the file"},
               {"where the bytes go"},
               {"share", kRight},
               {"size", kRight}});
  for (const Json& part : report["parts"]) {
    const uint64_t bytes = part["bytes"].get<uint64_t>();
    parts.AddRow({part["name"].get<std::string>(), bar(bytes), FormatShare(bytes, total),
                  FormatSize(bytes)});
  }
  return fmt::format("{} in {}\n\n{}\n{}", FormatSize(total),
                     FormatCountOf(report["files"].get<uint64_t>(), "file"),
                     columns.Format(48), parts.Format());
}

}  // namespace lancer::tools
