// OpenedTable: a version of a dataset, or a single file, behind one face.
//
// Ownership: shares what it opened; scans keep it open. Thread rule: safe for concurrent
// const calls.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lancer/dataset.h"
#include "lancer/file_reader.h"

namespace lancer::tools {

// Sets the version that the command line chose: a number, or a time in the words of
// RFC 3339 (empty: none). Errors: InvalidArgument for both, or a time that is none.
Status ChooseVersion(std::optional<uint64_t> number, const std::string& time,
                     OpenOptions* options);

class OpenedTable {
 public:
  // One data file of the table.
  struct File {
    FragmentInfo info;  // of a single file: id 0, its own path, no digest
    std::shared_ptr<const FileReader> reader;
  };

  // A folder is opened as a dataset, a file as a Lancer file.
  // Errors: NotFound; InvalidArgument for data of the original Lance format, and for a
  // version of a single file; as Dataset::Open and FileReader::Open.
  static Result<OpenedTable> Open(const std::string& uri,
                                  const OpenOptions& options = {});

  const std::string& path() const { return path_; }
  // Null for a single file.
  const std::shared_ptr<Dataset>& dataset() const { return dataset_; }
  const std::shared_ptr<const Schema>& schema() const { return schema_; }
  uint64_t row_count() const;

  // OK when the table has all of these top-level columns, none named twice.
  Status CheckColumns(const std::vector<std::string>& names) const;
  Result<std::unique_ptr<BatchReader>> Scan(const ScanOptions& options) const;
  // Errors: InvalidArgument naming the first row that is out of range.
  Result<Batch> Take(const std::vector<uint64_t>& rows, const TakeOptions& options) const;
  Result<VerifyReport> Verify(const VerifyOptions& options) const;
  // Without opening them: `reader` is null, save for a single file.
  Result<std::vector<File>> ListFiles() const;
  // The files, opened; only the fragment `only` if it is given. Errors: NotFound.
  Result<std::vector<File>> OpenFiles(std::optional<uint32_t> only) const;

 private:
  OpenedTable() = default;
  std::string path_;
  std::shared_ptr<Dataset> dataset_;
  std::shared_ptr<const FileReader> file_;
  std::shared_ptr<const Schema> schema_;
};

}  // namespace lancer::tools
