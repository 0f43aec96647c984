// lance-convert: brings tables from other formats into Lancer, and back.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "lancer/context.h"
#include "tools/convert/convert.h"
#include "tools/convert/formats.h"
#include "tools/open/table.h"
#include "tools/terminal/program.h"
#include "tools/terminal/progress_bar.h"
#include "tools/terminal/sizes.h"

namespace lancer::tools {
namespace {

constexpr std::string_view kProgram = "lance-convert";

constexpr const char* kFooter = R"(
IN is a file, a pattern (*, ?, [), a folder of files (key=value folders become
columns), a Lancer dataset or file, or - for standard input (with --from).
OUT is a file, NAME.lancer for a dataset, or - for standard output (with --to).
Formats: parquet, arrow (IPC), arrow-stream, feather, csv, jsonl, npy, lancer.

Examples:
  lance-convert packages.parquet packages.lancer
  lance-convert 'logs/*.csv' logs.lancer --mode append
  lance-convert packages.lancer - --to jsonl --columns package,version | head
  lance-convert packages.lancer old.parquet --version 3

Exit codes: 0 done, 1 the data or the operation failed, 2 usage.)";

struct CommandLine {
  std::vector<std::string> paths;
  std::vector<std::string> renames;
  std::string mode = "create";
  std::string profile = "random";
  std::string progress = "auto";
  std::optional<uint64_t> version;
  std::string time;
  bool json = false;
  ConvertOptions convert;
};

void Declare(CLI::App* app, CommandLine* line) {
  app->add_option("paths", line->paths, "IN... OUT: inputs, and the output last")
      ->required()
      ->expected(2, 1 << 20)
      ->type_name("IN... OUT");
  app->add_option("--from", line->convert.from, "format of the inputs");
  app->add_option("--to", line->convert.to, "format of the output");
  app->add_option("--mode", line->mode,
                  "create: refuse an output that exists (default); append to a dataset; "
                  "overwrite")
      ->check(CLI::IsMember({"create", "append", "overwrite"}));
  app->add_option("--columns", line->convert.columns, "columns to convert, in this order")
      ->delimiter(',')
      ->type_name("A,B");
  app->add_option(
         "--rename", line->renames,
         "give column A the name B (may be repeated; of columns that share a name "
         "the first, then the next)")
      ->type_name("A=B")
      ->expected(1)
      ->take_all();
  app->add_option("--profile", line->profile,
                  "what a Lancer output is for: random (reads, the default), compact, "
                  "archive")
      ->check(CLI::IsMember({"random", "compact", "archive"}));
  app->add_flag("--single-file", line->convert.single_file,
                "write one Lancer file instead of a dataset");
  app->add_option("--version", line->version, "a version of a Lancer dataset (newest)")
      ->check(CLI::Range(uint64_t{1}, UINT64_MAX));
  app->add_option("--time", line->time,
                  "the newest version at or before a time, as 2026-11-21T13:17:00Z");
  app->add_flag(
      "--allow-rollback", line->convert.allow_rollback,
      "read the newest sound version of a Lancer input whose newest is damaged");
  app->add_option("--progress", line->progress, "auto: a bar on a terminal; never")
      ->check(CLI::IsMember({"auto", "never"}));
  app->add_flag("--json", line->json, "report as JSON");
}

Status Interpret(CommandLine* line) {
  ConvertOptions& convert = line->convert;
  convert.output = line->paths.back();
  convert.inputs.assign(line->paths.begin(), line->paths.end() - 1);
  if (std::count(convert.inputs.begin(), convert.inputs.end(), "-") > 1) {
    return Status::InvalidArgument("standard input (-) can be named once");
  }
  for (const std::string& rename : line->renames) {
    const size_t equals = rename.find('=');
    if (equals == rename.npos) {
      return Status::InvalidArgument("--rename " + rename + ": expected OLD=NEW");
    }
    convert.renames.emplace_back(rename.substr(0, equals), rename.substr(equals + 1));
  }
  OpenOptions chosen;
  LANCER_RETURN_IF_ERROR(ChooseVersion(line->version, line->time, &chosen));
  convert.version = chosen.version;
  convert.time_us = chosen.time_us;
  convert.mode = line->mode == "append"      ? OutputMode::kAppend
                 : line->mode == "overwrite" ? OutputMode::kOverwrite
                                             : OutputMode::kCreate;
  convert.profile = line->profile == "compact"   ? Profile::kCompact
                    : line->profile == "archive" ? Profile::kArchive
                                                 : Profile::kRandom;
  for (const std::string& format : {convert.from, convert.to}) {
    if (!format.empty()) {
      LANCER_RETURN_IF_ERROR(FindFormat(format).status());
    }
  }
  return Status::Ok();
}

void PrintReport(const CommandLine& line, const ConvertReport& report, double seconds) {
  std::FILE* out = line.convert.output == "-" ? stderr : stdout;
  if (!line.json) {
    fmt::print(
        out, "{}: {}, {}, {}{} in {:.1f} s\n", line.convert.output,
        FormatCountOf(report.rows, "row"), FormatCountOf(report.columns, "column"),
        FormatSize(report.sink.bytes),
        report.sink.version ? fmt::format(", version {}", *report.sink.version) : "",
        seconds);
    return;
  }
  Json json;
  json["inputs"] = line.convert.inputs;
  json["output"] = line.convert.output;
  json["mode"] = line.mode;
  json["rows"] = report.rows;
  json["columns"] = report.columns;
  json["bytes"] = report.sink.bytes;
  json["version"] = report.sink.version ? Json(*report.sink.version) : Json(nullptr);
  json["seconds"] = seconds;
  fmt::print(out, "{}", FormatJson(json));
}

int Run(CommandLine* line) {
  if (Status status = Interpret(line); !status.ok()) {
    return Fail(kProgram, status.message(), kExitUsage);
  }
  const std::shared_ptr<Clock> clock = DefaultContext()->clock;
  const int64_t begin = clock->MonotonicMicros();
  ProgressBar bar(line->progress == "auto", ProgressBar::Unit::kRows, clock);
  line->convert.cancel = CancelOnInterrupt();
  if (line->convert.output == "-") {
    // A reader that has enough, as `head`, ends this program without a word.
    std::signal(SIGPIPE, SIG_DFL);
  }
  line->convert.progress = [&](uint64_t rows, std::optional<uint64_t> total) {
    bar.Update(rows, total);
  };
  Result<ConvertReport> report = Convert(line->convert);
  bar.Clear();
  if (!report.has_value()) {
    const bool cancelled = line->convert.cancel.cancelled();
    return Fail(kProgram,
                cancelled ? line->convert.output + ": interrupted; nothing was changed"
                          : WithRemedy(report.error()),
                kExitFailed);
  }
  const double seconds = static_cast<double>(clock->MonotonicMicros() - begin) / 1e6;
  PrintReport(*line, *report, seconds);
  return kExitDone;
}

}  // namespace
}  // namespace lancer::tools

// What is thrown for want of memory ends the program.
int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape)
  using lancer::tools::Fail;
  CLI::App app("Converts tables between parquet, arrow, csv, jsonl, npy and Lancer.",
               "lance-convert");
  app.footer(lancer::tools::kFooter);
  lancer::tools::CommandLine line;
  lancer::tools::Declare(&app, &line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      return app.exit(error);
    }
    return Fail(lancer::tools::kProgram,
                std::string(error.what()) + " (lance-convert --help tells more)",
                lancer::tools::kExitUsage);
  }
  return lancer::tools::Run(&line);
}
