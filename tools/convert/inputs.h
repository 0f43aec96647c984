// Inputs: from what the command line names to the files that are read.
//
// Thread rule: functions without state.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lancer/result.h"

namespace lancer::tools {

// One file, Lancer dataset, or "-".
struct InputPart {
  std::string path;
  // key=value of the folders between the folder that was named and this file; a value of
  // __HIVE_DEFAULT_PARTITION__ is given as it is.
  std::vector<std::pair<std::string, std::string>> partitions;
};

inline constexpr std::string_view kHiveNull = "__HIVE_DEFAULT_PARTITION__";

// Files, patterns (* ? [) and folders, each in order of name. In folders, names that
// begin with '.' or '_' and files of unknown kinds are left out. Errors: NotFound for a
// name or pattern without a file; InvalidArgument for a folder without data files, and
// for the original Lance format, saying what to do.
Result<std::vector<InputPart>> ExpandInputs(const std::vector<std::string>& inputs);

}  // namespace lancer::tools
