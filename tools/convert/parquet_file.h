// ParquetFile: one open Parquet file, with the traps of its reader taken care of.
//
// Ownership: owns the file. Thread rule: one thread at a time.
#pragma once

#include <parquet/arrow/reader.h>

#include <memory>
#include <string>
#include <vector>

#include "lancer/schema.h"
#include "tools/convert/arrow_faults.h"
#include "tools/convert/input_file.h"
#include "tools/convert/source.h"

namespace lancer::tools {

class ParquetFile {
 public:
  // Opens without reading data. With `raw` the Arrow schema that writers keep in the file
  // is left aside, so that types are those of Parquet alone. Of the options counts which
  // columns are wanted: the others have no type in schema().
  static Result<std::unique_ptr<ParquetFile>> Open(const std::string& path, bool raw,
                                                   const SourceOptions& options);

  const std::string& name() const { return file_->name(); }
  ArrowFaults& faults() { return faults_; }
  parquet::arrow::FileReader& reader() { return *reader_; }
  const parquet::FileMetaData& metadata() const { return *metadata_; }
  // The columns as Arrow gives them.
  const Schema& schema() const { return schema_; }
  // Leaf columns of the top-level fields `fields`.
  std::vector<int> LeavesOf(const std::vector<size_t>& fields) const;
  // Bytes that Arrow holds while it reads these leaves side by side: of each a page as
  // stored and as decompressed, and its dictionary.
  int64_t OpenBytes(int row_group, const std::vector<int>& leaves) const;
  // Bytes that a row of these leaves takes in memory, as the metadata lets one guess.
  int64_t RowBytes(int row_group, const std::vector<int>& leaves) const;

 private:
  explicit ParquetFile(std::unique_ptr<InputFile> file)
      : file_(std::move(file)), faults_(file_->name(), "Parquet file") {}
  Status CheckEnds() const;
  Status OpenReader(bool raw, const std::vector<std::string>& columns);
  std::unique_ptr<InputFile> file_;
  ArrowFaults faults_;
  std::shared_ptr<parquet::FileMetaData> metadata_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  Schema schema_;
};

}  // namespace lancer::tools
