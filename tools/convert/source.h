// Source: a stream of batches read from inputs in one of the formats of formats.h.
//
// Ownership: a Source owns its open files. Thread rule: one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lancer/array.h"
#include "lancer/cancel.h"
#include "lancer/ids.h"

namespace lancer::tools {

struct SourceOptions {
  std::string format;  // a name of formats.h; empty: by suffix or content
  std::vector<std::string>
      columns;  // top-level fields to give, in this order; empty: all
  CancelToken cancel;
  int64_t batch_rows = 64 << 10;   // no batch has more rows
  int64_t batch_bytes = 16 << 20;  // a batch ends at the first row that reaches this
  // Of Lancer datasets: a version, or the newest at or before a time (microseconds since
  // 1970); neither: the newest. Other inputs are refused then.
  std::optional<VersionNumber> version;
  std::optional<int64_t> time_us;
  // Reads the newest sound version of a Lancer dataset whose newest is damaged.
  bool allow_rollback = false;
};

// The columns of `whole` that are named, in that order. `input` is for messages.
// Errors: InvalidArgument for a name given twice, or one that several columns of `whole`
// have, since it cannot choose between them; NotFound.
Result<Schema> SelectColumns(const Schema& whole, const std::vector<std::string>& names,
                             std::string_view input);

class Source : public BatchReader {
 public:
  // Rows of the whole input, when that is known before it is read.
  virtual std::optional<uint64_t> total_rows() const { return std::nullopt; }
  Result<std::optional<Batch>> Next() final;

 private:
  // As Next, and not called again after an error.
  virtual Result<std::optional<Batch>> ReadBatch() = 0;

  Status status_;  // of the first error
};

// Opens one or more inputs of the same format as one stream, in the order given. An
// input is a file, a pattern with * ? or [, a folder of files (hive partitions
// `key=value` become columns), a Lancer dataset or file, or "-" for standard input.
// Errors: NotFound for an input or pattern without a file; InvalidArgument when the
// format cannot be told, or inputs have different columns; Unsupported for a format that
// this build cannot read; whatever the format finds.
Result<std::unique_ptr<Source>> OpenSource(const std::vector<std::string>& inputs,
                                           const SourceOptions& options);

}  // namespace lancer::tools
