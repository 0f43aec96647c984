// How a dataset opens a data file that it refers to, and programs look into one.
//
// Thread rule: safe for concurrent calls. The reader owns what FileReader says.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "format/container.h"
#include "format/open_data_file.h"
#include "lancer/file_reader.h"

namespace lancer {

class MemoryBudget;

// The door for the library's own layers to what FileReader hides.
struct FileReaderAccess {
  // As FileReader::Open, and the file's size and digest must be as `expected` states.
  // `schema`, when given, is the file's schema as the manifest states it, so that the
  // file's own is not read; leaf identities are still compared when columns are used.
  // `budget`, when given, bounds the metadata that is kept, for several files together;
  // else the file has context->metadata_cache_bytes of its own.
  static Result<std::shared_ptr<const FileReader>> Open(
      const std::string& path, const ReaderOptions& options, const ContextPtr& context,
      const format::FileRef* expected, std::shared_ptr<const Schema> schema,
      std::shared_ptr<MemoryBudget> budget = nullptr);
  // As FileReader::Take, for one part of a larger take: `budget` counts the decoded bytes
  // of all parts, and takes the place of options.memory_budget_bytes.
  static Result<Batch> Take(const FileReader& reader, std::span<const uint64_t> rows,
                            const TakeOptions& options, MemoryBudget* budget);
  // What the reader reads. Valid as long as the reader.
  static const format::OpenDataFile& File(const FileReader& reader);
};

}  // namespace lancer
