// The commands of lance-inspect: one row per command in a table, one file per command.
//
// A command gathers a report as JSON (keys in snake_case, listed in README.md) and
// formats that report for people, so that both say the same. Lifetime: the table is
// static. Thread rule: safe for concurrent calls.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lancer/cancel.h"
#include "lancer/progress.h"
#include "lancer/result.h"
#include "tools/open/table.h"
#include "tools/terminal/program.h"

namespace lancer::tools {

struct InspectOptions {
  std::vector<std::string> columns;  // top-level columns; empty: all
  std::optional<uint32_t> fragment;  // only this one, where files are looked into
  bool explain = false;              // pages: why each is encoded as it is
  uint64_t count = 10;               // head
  std::vector<uint64_t> rows;        // take: positions, or row ids with `by_id`
  bool by_id = false;
  CancelToken cancel;
  ProgressCallback progress;  // verify, in bytes
};

// What a command takes behind its name.
enum CommandOption : unsigned {
  kTakesNothing = 0,
  kTakesColumns = 1,   // --columns
  kTakesFragment = 2,  // --fragment
  kTakesCount = 4,     // --count
  kTakesRows = 8,      // row numbers, --ids
  kTakesExplain = 16,  // --explain
};

struct Command {
  std::string_view name;
  std::string_view summary;  // one line for --help
  std::string_view example;  // arguments behind the path
  Result<Json> (*run)(const OpenedTable& table, const InspectOptions& options);
  std::string (*format)(const Json& report);
  unsigned options;  // CommandOption, added up
};

std::span<const Command> Commands();
// Null when no command has the name.
const Command* FindCommand(std::string_view name);

// The functions in the table.
Result<Json> RunSummary(const OpenedTable& table, const InspectOptions& options);
std::string FormatSummary(const Json& report);
// Adds `leftovers` to the report of a dataset; null when its log does not tell.
Status AddLeftovers(const OpenedTable& table, Json* report);
// One line of text for them; nothing when there are none.
std::string FormatLeftovers(const Json& report);
Result<Json> RunSchema(const OpenedTable& table, const InspectOptions& options);
std::string FormatSchema(const Json& report);
Result<Json> RunPages(const OpenedTable& table, const InspectOptions& options);
std::string FormatPages(const Json& report);
// pages --explain
Result<Json> ExplainPages(const OpenedTable& table, const InspectOptions& options);
std::string FormatExplanation(const Json& report);
Result<Json> RunStats(const OpenedTable& table, const InspectOptions& options);
std::string FormatStats(const Json& report);
Result<Json> RunVersions(const OpenedTable& table, const InspectOptions& options);
std::string FormatVersions(const Json& report);
Result<Json> RunFiles(const OpenedTable& table, const InspectOptions& options);
std::string FormatFiles(const Json& report);
Result<Json> RunHead(const OpenedTable& table, const InspectOptions& options);
Result<Json> RunTake(const OpenedTable& table, const InspectOptions& options);
// Of head and take.
std::string FormatRows(const Json& report);
// `sound` is false when a fault was found.
Result<Json> RunVerify(const OpenedTable& table, const InspectOptions& options);
std::string FormatVerify(const Json& report);
Result<Json> RunLayout(const OpenedTable& table, const InspectOptions& options);
std::string FormatLayout(const Json& report);

}  // namespace lancer::tools
