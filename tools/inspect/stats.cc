// lance-inspect PATH stats: page statistics gathered per leaf column.
#include <charconv>
#include <map>

#include "tools/inspect/leaf_columns.h"
#include "tools/terminal/sizes.h"
#include "tools/terminal/table.h"

namespace lancer::tools {
namespace {

struct LeafStatistics {
  std::string type;
  uint64_t pages = 0, rows = 0, bytes = 0, nulls = 0, nans = 0;
  bool nulls_known = true;
  std::string min, max;
};

bool IsNumberType(std::string_view type) {
  return type.starts_with("int") || type.starts_with("uint") || type == "float" ||
         type == "double" || type == "halffloat" || type.starts_with("float") ||
         type.starts_with("decimal");
}

// Order of two formatted values of one type: by number, else by text.
bool IsLess(const std::string& left, const std::string& right, bool numbers) {
  double a = 0;
  double b = 0;
  const auto parse = [](const std::string& text, double* value) {
    const size_t begin = text.starts_with('"') ? 1 : 0;
    return std::from_chars(text.data() + begin, text.data() + text.size(), *value).ec ==
           std::errc();
  };
  if (numbers && parse(left, &a) && parse(right, &b) && a != b) {
    return a < b;
  }
  if (numbers && left.size() != right.size()) {
    // Whole numbers that are one double: the longer one is farther from zero.
    return (left.size() < right.size()) != left.starts_with('-');
  }
  return left < right;
}

void AddPage(const PageInfo& page, bool numbers, LeafStatistics* leaf) {
  ++leaf->pages;
  leaf->rows += page.rows;
  leaf->nulls += page.null_count.value_or(0);
  leaf->nulls_known = leaf->nulls_known && page.null_count.has_value();
  leaf->nans += page.nan_count.value_or(0);
  if (!page.min.empty() && (leaf->min.empty() || IsLess(page.min, leaf->min, numbers))) {
    leaf->min = page.min;
  }
  if (!page.max.empty() && (leaf->max.empty() || IsLess(leaf->max, page.max, numbers))) {
    leaf->max = page.max;
  }
}

}  // namespace

Result<Json> RunStats(const OpenedTable& table, const InspectOptions& options) {
  LANCER_ASSIGN_OR_RETURN(std::vector<FileColumns> files,
                          ReadLeafColumns(table, options));
  std::vector<std::string> order;
  std::map<std::string, LeafStatistics> leaves;
  for (const FileColumns& file : files) {
    for (const ColumnInfo& column : file.columns) {
      const std::string name = LeafName(column);
      const auto [entry, is_new] = leaves.try_emplace(name);
      if (is_new) {
        order.push_back(name);
        entry->second.type = column.type;
      }
      entry->second.bytes += LeafBytes(column);
      for (const PageInfo& page : column.pages) {
        AddPage(page, IsNumberType(column.type), &entry->second);
      }
    }
  }
  Json report;
  report["columns"] = Json::array();
  for (const std::string& name : order) {
    const LeafStatistics& leaf = leaves[name];
    Json json;
    json["name"] = name;
    json["type"] = leaf.type;
    json["pages"] = leaf.pages;
    json["rows"] = leaf.rows;
    json["bytes"] = leaf.bytes;
    json["null_count"] = leaf.nulls_known ? Json(leaf.nulls) : Json(nullptr);
    json["nan_count"] = leaf.nans;
    json["min"] = leaf.min;
    json["max"] = leaf.max;
    report["columns"].push_back(std::move(json));
  }
  return report;
}

std::string FormatStats(const Json& report) {
  using enum Table::Align;
  Table table({{"column"},
               {"type"},
               {"rows", kRight},
               {"nulls", kRight},
               {"size", kRight},
               {"min"},
               {"max"}});
  for (const Json& column : report["columns"]) {
    const Json& nulls = column["null_count"];
    table.AddRow({column["name"].get<std::string>(), column["type"].get<std::string>(),
                  FormatCount(column["rows"].get<uint64_t>()),
                  nulls.is_null() ? "-" : FormatCount(nulls.get<uint64_t>()),
                  FormatSize(column["bytes"].get<uint64_t>()),
                  column["min"].get<std::string>(), column["max"].get<std::string>()});
  }
  return table.Format(32);
}

}  // namespace lancer::tools
