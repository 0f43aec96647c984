// What both programs do in the same way: exit codes, error lines, JSON, interruption.
//
// Thread rule: functions are called from the main thread.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "lancer/cancel.h"
#include "lancer/status.h"

namespace lancer::tools {

// Scripts rely on these.
enum ExitCode : int {
  kExitDone = 0,
  kExitFailed = 1,  // the data or the operation: one line on standard error
  kExitUsage = 2,
};

// Keys stay in the order in which they are added.
using Json = nlohmann::ordered_json;

// "lance-convert: a.parquet: ...", always one line of UTF-8: line ends become "\n" in
// letters, and so do bytes that are no text.
std::string ErrorLine(std::string_view program, std::string_view message);
// The message of an error. Where it does not say what to do, which messages say behind
// "; ", but its code does, that is added.
std::string WithRemedy(const Status& error);
// Prints the error line on standard error and returns `code`.
int Fail(std::string_view program, std::string_view message, ExitCode code);

// A value of a report that is printed as `text`, which is JSON, letter by letter: parsed,
// numbers of many digits would become other numbers.
Json VerbatimJson(std::string_view text);
// The text of a value that VerbatimJson made.
// REQUIRES: json.is_binary().
std::string VerbatimText(const Json& json);
// The text of a report, indented, with a line end. Texts that are not UTF-8 get
// replacement characters.
std::string FormatJson(const Json& json);

// A token that the first interrupt or termination signal cancels; the second one ends the
// process. Also keeps a closed pipe and a limit of file sizes from
// killing it. Call once.
CancelToken CancelOnInterrupt();

}  // namespace lancer::tools
