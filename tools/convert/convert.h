// One conversion from start to end: inputs, chosen and renamed columns, output.
//
// Thread rule: one thread at a time.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tools/convert/sink.h"
#include "tools/convert/source.h"

namespace lancer::tools {

struct ConvertOptions {
  std::vector<std::string> inputs;
  std::string output;
  std::string from, to;              // formats; empty: by name or content
  std::vector<std::string> columns;  // by their names in the input; empty: all
  std::vector<std::pair<std::string, std::string>> renames;  // old to new name
  OutputMode mode = OutputMode::kCreate;
  Profile profile = Profile::kRandom;
  bool single_file = false;
  std::optional<VersionNumber> version;  // of inputs, as SourceOptions
  std::optional<int64_t> time_us;
  bool allow_rollback = false;
  CancelToken cancel;
  // Called for each batch with the rows read so far.
  std::function<void(uint64_t rows, std::optional<uint64_t> total)> progress;
};

struct ConvertReport {
  uint64_t rows = 0;
  uint64_t columns = 0;
  SinkReport sink;
};

// Errors: as OpenSource and WriteOutput; NotFound for a column that is not there.
Result<ConvertReport> Convert(const ConvertOptions& options);

}  // namespace lancer::tools
