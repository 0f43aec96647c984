// lance-inspect: looks inside Lancer datasets and files.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>

#include "tools/inspect/command.h"
#include "tools/terminal/progress_bar.h"

namespace lancer::tools {
namespace {

constexpr std::string_view kProgram = "lance-inspect";

struct CommandLine {
  std::string path;
  std::optional<uint64_t> version;
  std::string time;
  std::vector<std::string> rows;
  bool json = false;
  bool allow_rollback = false;
  InspectOptions inspect;
};

void DeclareCommand(CLI::App* app, const Command& command, CommandLine* line) {
  CLI::App* sub =
      app->add_subcommand(std::string(command.name), std::string(command.summary));
  sub->fallthrough();
  sub->footer(
      fmt::format("\nExample:\n  lance-inspect packages.lancer {}", command.example));
  InspectOptions& inspect = line->inspect;
  const auto takes = [&](unsigned option) { return (command.options & option) != 0; };
  if (takes(kTakesColumns)) {
    sub->add_option("--columns", inspect.columns, "only these top-level columns")
        ->delimiter(',')
        ->type_name("A,B");
  }
  if (takes(kTakesFragment)) {
    sub->add_option("--fragment", inspect.fragment, "only this fragment (`files` lists)");
  }
  if (takes(kTakesExplain)) {
    sub->add_flag("--explain", inspect.explain,
                  "encode the pages again and show which encodings were weighed");
  }
  if (takes(kTakesCount)) {
    sub->add_option("-n,--count", inspect.count, "rows to show (10)")
        ->check(CLI::Range(uint64_t{0}, UINT64_MAX));
  }
  if (takes(kTakesRows)) {
    sub->add_option("rows", line->rows, "row numbers, from 0")
        ->required()
        ->delimiter(',')
        ->type_name("ROW...");
    sub->add_flag("--ids", inspect.by_id, "the numbers are stable row ids");
  }
}

void Declare(CLI::App* app, CommandLine* line) {
  app->add_option("path", line->path, "dataset folder or Lancer file")
      ->required()
      ->type_name("PATH");
  app->add_option("--version", line->version, "a version of the dataset (newest)")
      ->check(CLI::Range(uint64_t{1}, UINT64_MAX));
  app->add_option("--time", line->time,
                  "the newest version at or before a time, as 2026-11-21T13:17:00Z");
  app->add_flag("--allow-rollback", line->allow_rollback,
                "the newest sound version when the newest is damaged (verify always)");
  app->add_flag("--json", line->json, "report as JSON");
  for (const Command& command : Commands()) {
    DeclareCommand(app, command, line);
  }
  app->require_subcommand(0, 1);
  app->footer(
      "\nExamples:\n"
      "  lance-inspect packages.lancer\n"
      "  lance-inspect packages.lancer take 7 1024 --json\n"
      "  lance-inspect packages.lancer verify --version 3\n\n"
      "Exit codes: 0 done (verify: sound), 1 the data or the operation failed, 2 usage.");
}

bool IsInteger(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  return !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
}

// Row numbers that no table has (negative, or beyond 64 bits) go to `no_rows`: they are
// no fault of usage.
Status ParseRows(const std::vector<std::string>& texts, std::vector<uint64_t>* rows,
                 std::vector<std::string>* no_rows) {
  for (const std::string& text : texts) {
    uint64_t row = 0;
    const char* text_end = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), text_end, row);
    if (error == std::errc() && end == text_end) {
      rows->push_back(row);
    } else if (IsInteger(text)) {
      no_rows->push_back(text);
    } else {
      return Status::InvalidArgument("take: " + text + " is no row number");
    }
  }
  return Status::Ok();
}

int Run(const Command& command, CommandLine* line) {
  OpenOptions open;
  // verify reports a damaged manifest, and goes on with what is left.
  open.allow_rollback = line->allow_rollback || command.run == RunVerify;
  std::vector<std::string> no_rows;
  Status usage = ChooseVersion(line->version, line->time, &open);
  usage = usage.ok() ? ParseRows(line->rows, &line->inspect.rows, &no_rows) : usage;
  if (!usage.ok()) {
    return Fail(kProgram, usage.message(), kExitUsage);
  }
  line->inspect.cancel = CancelOnInterrupt();
  Result<OpenedTable> table = OpenedTable::Open(line->path, open);
  if (!table.has_value()) {
    return Fail(kProgram, WithRemedy(table.error()), kExitFailed);
  }
  if (!no_rows.empty()) {
    return Fail(kProgram,
                fmt::format("{}: row {} is out of range: there are {} rows", line->path,
                            no_rows[0], table->row_count()),
                kExitFailed);
  }
  ProgressBar bar(true, ProgressBar::Unit::kBytes, DefaultContext()->clock);
  line->inspect.progress = [&](const Progress& progress) {
    bar.Update(progress.bytes_done, progress.bytes_total);
  };
  Result<Json> report = command.run(*table, line->inspect);
  bar.Clear();
  if (!report.has_value()) {
    const bool interrupted = report.error().code() == StatusCode::kCancelled;
    return Fail(kProgram,
                interrupted ? line->path + ": interrupted" : WithRemedy(report.error()),
                kExitFailed);
  }
  const std::string text = line->json ? FormatJson(*report) : command.format(*report);
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) != 0) {
    return kExitFailed;
  }
  if (!report->contains("sound") || (*report)["sound"].get<bool>()) {
    return kExitDone;
  }
  return Fail(kProgram,
              fmt::format("{}: {}", line->path,
                          (*report)["faults"].empty()
                              ? "not all of it can be checked; use a newer Lancer"
                              : "damaged; restore it from a copy"),
              kExitFailed);
}

}  // namespace
}  // namespace lancer::tools

// What is thrown for want of memory ends the program.
int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape)
  CLI::App app("Looks inside Lancer datasets and files.", "lance-inspect");
  lancer::tools::CommandLine line;
  lancer::tools::Declare(&app, &line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      return app.exit(error);
    }
    return lancer::tools::Fail(
        lancer::tools::kProgram,
        std::string(error.what()) + " (lance-inspect --help tells more)",
        lancer::tools::kExitUsage);
  }
  const auto chosen = app.get_subcommands();
  const std::string name = chosen.empty() ? "summary" : chosen[0]->get_name();
  return lancer::tools::Run(*lancer::tools::FindCommand(name), &line);
}
