// Writing a stream of batches as one output in one of the formats of formats.h.
//
// Nothing has the output's name before the write has succeeded; until then what was there
// stays. Thread rule: one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lancer/array.h"
#include "lancer/cancel.h"
#include "lancer/profile.h"
#include "tools/convert/source.h"

namespace lancer::tools {

enum class OutputMode : uint8_t { kCreate, kAppend, kOverwrite };

struct SinkOptions {
  std::string format;  // a name of formats.h; empty: by suffix
  OutputMode mode = OutputMode::kCreate;
  Profile profile = Profile::kRandom;  // of lancer outputs
  bool single_file = false;            // of lancer outputs
  CancelToken cancel;
  std::optional<uint64_t> total_rows;  // as the source tells
  // Opens the same rows a second time, only the named columns; empty when that is not
  // possible. For formats that must know more of the data before they begin.
  std::function<Result<std::unique_ptr<BatchReader>>(const std::vector<std::string>&)>
      reopen;
};

// What Finish made.
struct SinkReport {
  std::optional<uint64_t> version;  // of a dataset
  uint64_t bytes = 0;               // of the files written
};

// Takes batches of one schema and makes one output. The formats' own writers are sinks.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual Status Write(const Batch& batch) = 0;
  // Makes the output durable and visible.
  virtual Result<SinkReport> Finish() = 0;
};

// Gives all of `rows` to `sink` and finishes it.
Result<SinkReport> Drain(BatchReader* rows, Sink* sink);

// Writes all of `rows` to `path`.
// Errors: NotFound when the folder of `path` does not exist; AlreadyExists when `path`
// exists and the mode is kCreate; Unsupported for a format that this build cannot write,
// or a mode it does not have; InvalidArgument for a schema that it cannot hold, naming
// the field; whatever `rows` gives.
Result<SinkReport> WriteOutput(const std::string& path, std::unique_ptr<BatchReader> rows,
                               const SinkOptions& options);

}  // namespace lancer::tools
