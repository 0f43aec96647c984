// FileWriter: writes one immutable `.lancer` file from batches.
//
// Memory stays within a budget however long the input is. The same batches and options
// give the same bytes with any number of threads. Nothing has a visible name before
// Finish. Ownership: keeps the context alive. Thread rule: one thread at a time; encodes
// on the context's executor.
#pragma once

#include <memory>
#include <string>

#include "lancer/array.h"
#include "lancer/cancel.h"
#include "lancer/context.h"
#include "lancer/export.h"
#include "lancer/profile.h"
#include "lancer/progress.h"

namespace lancer {

struct WriterOptions {
  Profile profile = Profile::kRandom;  // what the file is written for
  // Memory for rows that wait, for pages in the making and for encoding them. A budget
  // that is too small for the number of columns is ResourceExhausted.
  uint64_t memory_budget_bytes = 256ull << 20;
  int threads = 0;  // encoding threads; 0: all of the executor
  // The writing application, kept in the file behind the library's own name and version:
  // "lancer 0.1.0 (my-tool 2)". At most 255 bytes.
  std::string written_by = {};
  CancelToken cancel = {};         // asked between pages; default: never cancelled
  ProgressCallback progress = {};  // told of rows and bytes written; default: none
  // Draws layouts and encodings among all that can hold the rows, the same ones for the
  // same rows: files to test readers with.
  bool random_encodings = false;
  uint64_t page_bytes = 8ull << 20;  // raw bytes per page to aim for (lowered when the
                                     // budget is small for the number of columns,
                                     // raised for long tensors in small profiles)
  uint64_t page_rows = 1ull << 20;  // rows per page to aim for; reached in steps of 4,096
};

struct FileSummary {
  uint64_t rows = 0;
  uint64_t size_bytes = 0;
  Digest digest;  // as references to this file state it
};

class LANCER_EXPORT FileWriter {
 public:
  // Begins a file in the folder of `path`; nothing has that name before Finish. Errors:
  // InvalidArgument or Unsupported for a schema that cannot be stored, naming the field's
  // path; AlreadyExists when `path` exists; NotFound when its folder does not; IoError.
  static Result<std::unique_ptr<FileWriter>> Create(
      const std::string& path, Schema schema, WriterOptions options = {},
      ContextPtr context = DefaultContext());
  // As above, into a staged file that the caller publishes. Does I/O from the first
  // Write.
  static Result<std::unique_ptr<FileWriter>> Create(std::unique_ptr<StagedFile> file,
                                                    Schema schema, WriterOptions options,
                                                    ContextPtr context);
  ~FileWriter();  // without Finish: leaves nothing

  // Appends rows. Collects them in memory and writes pages when they are full. Errors:
  // InvalidArgument when the batch's types do not equal the schema's, or for a null in a
  // field that is not nullable, naming the path; Cancelled; ResourceExhausted; IoError.
  // After an error only destruction is left: all later calls give it again.
  Status Write(const Batch& batch);
  // Writes the end of the file, makes it durable and gives it its name. For a staged
  // file: syncs it; publishing is the caller's. Call once. Errors: those of Write;
  // AlreadyExists when `path` came to exist meanwhile; Unknown when the name may exist or
  // not: look before writing again.
  Result<FileSummary> Finish();
  // After Finish of a staged file: the file, to be published.
  std::unique_ptr<StagedFile> TakeStagedFile();

  // With the field ids that the file states.
  const Schema& schema() const;
  uint64_t rows_written() const;
  uint64_t bytes_written() const;

 private:
  struct Impl;
  explicit FileWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lancer
