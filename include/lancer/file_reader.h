// FileReader: reads one `.lancer` file: whole, in part, or any rows in any order.
//
// Opening costs one read; column metadata and page indexes are loaded when first used and
// kept within the context's metadata cache budget.
// Ownership: shares file and context; batches keep what they refer to alive (columns of a
// mapped file may point into the map). Thread rule: safe for concurrent const calls.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lancer/array.h"
#include "lancer/context.h"
#include "lancer/export.h"
#include "lancer/file_system.h"
#include "lancer/scan.h"

namespace lancer {

struct ReaderOptions {
  MapMode map = MapMode::kAuto;  // whether the file's bytes are mapped or read
};

// What `lance-inspect` shows of a page.
struct PageInfo {
  uint64_t first_row = 0, rows = 0;
  uint64_t offset = 0, size_bytes = 0, index_bytes = 0;
  std::string layout;    // "uniform", "blocks", "variable"
  std::string encoding;  // "dict(ffor)"; list lengths first, separated by "; "
  uint64_t block_count = 0, block_rows = 0;  // blocks only; 0 rows: uneven
  std::optional<uint64_t> null_count, nan_count, distinct_count;
  std::string min, max;  // formatted; empty when absent; "..." behind a cut bound
};

struct ColumnInfo {
  FieldPath path;       // of the leaf
  std::string type;     // declared type of the leaf's field
  std::string role;     // "values", "structure", "row_ids"
  std::string profile;  // that its encodings were chosen for; empty: not known
  uint64_t metadata_bytes = 0, dictionary_bytes = 0, codec_dictionary_bytes = 0;
  uint64_t symbol_table_bytes = 0;
  uint64_t statistics_bytes = 0;
  uint64_t dictionary_entries = 0;
  std::vector<PageInfo> pages;
};

// An encoding tree that was weighed for a page.
struct WeighedEncoding {
  std::string encoding;        // "dict(ffor)", "ffor:one_width", "zstd:3(shuffle:bits)"
  double bytes_per_value = 0;  // stored, as estimated
  double cost = 0;             // bytes_per_value times what reading it costs
  bool sampled = false;        // measured on a sample; else by formula
};

// Why the values of a page are encoded as they are.
struct PageExplanation {
  uint64_t first_row = 0, rows = 0;
  std::string stored;          // the encoding in the file, as PageInfo::encoding
  std::string chosen;          // what this build chooses for the same rows
  std::string reason;          // of that choice, a sentence
  double bytes_per_value = 0;  // that the page took
  std::vector<WeighedEncoding> weighed;  // least cost first; few or none when the reason
                                         // made weighing needless
};

struct ColumnExplanation {
  FieldPath path;       // of the leaf
  std::string profile;  // that the choice was made for
  std::vector<PageExplanation> pages;
};

// Where the bytes of a file lie, in ascending order; every byte is in one part.
struct FilePart {
  uint64_t offset = 0, size_bytes = 0;
  std::string name;    // "magic", "page", "page index", "column metadata", "footer", ...
  std::string column;  // formatted leaf path, for parts of one column
};

class LANCER_EXPORT FileReader {
 public:
  // Errors: NotFound; Corruption; Unsupported; InvalidArgument for a file of the original
  // Lance format or of another kind.
  static Result<std::shared_ptr<const FileReader>> Open(
      const std::string& path, ReaderOptions options = {},
      ContextPtr context = DefaultContext());
  ~FileReader();

  const std::string& path() const;
  // Loaded when first asked for, then kept: opening a file does not depend on the number
  // of its columns. Errors: Corruption.
  Result<std::shared_ptr<const Schema>> schema() const;
  uint64_t row_count() const;
  uint64_t size_bytes() const;

  // Rows in file order. The reader is shared and stays open while the scan lives.
  Result<std::unique_ptr<BatchReader>> Scan(const ScanOptions& options = {}) const;
  // The rows asked for, in that order, repeats allowed, as one batch. Fetches all byte
  // ranges as one batch of reads. Runs on the caller's thread. A row is its plain ordinal
  // in this file: a file has no other numbers for rows, and a dataset's positions and
  // ids, which mean something else, are types of their own that do not fit here. Errors:
  // InvalidArgument naming the first row that is out of range, or a column that is asked
  // for twice; NotFound naming the column; ResourceExhausted when the rows do not fit
  // options.memory_budget_bytes; Corruption.
  Result<Batch> Take(std::span<const uint64_t> rows,
                     const TakeOptions& options = {}) const;
  // Reads and checks every byte, decodes every page, compares sibling leaves and stored
  // statistics. A damaged part ends up in the report; only I/O errors fail the call.
  Result<VerifyReport> Verify(const VerifyOptions& options = {}) const;

  // What the file holds, for people: the leaves of some top-level columns, or of all, and
  // all parts. Loads the metadata of these leaves. Errors: Corruption; Unsupported for a
  // column whose encoding this build does not know; NotFound naming a column.
  Result<std::vector<ColumnInfo>> DescribeColumns(
      const std::optional<std::vector<std::string>>& columns = {}) const;
  Result<std::vector<FilePart>> DescribeParts() const;
  // Encodes the pages of some top-level columns, or of all, once more, and tells what was
  // weighed: which candidates a page had and why one won. Takes as long as writing these
  // columns, on the caller's thread; memory for one page at a time. Errors: those of
  // DescribeColumns; ResourceExhausted for a page of more than 1 GiB.
  Result<std::vector<ColumnExplanation>> ExplainEncodings(
      const std::optional<std::vector<std::string>>& columns = {}) const;
  // Format version, writer, features, as "key: value" pairs for summaries.
  Metadata Describe() const;

 private:
  struct Impl;
  friend struct FileReaderAccess;  // format/open_file.h
  explicit FileReader(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;  // shared with scans
};

}  // namespace lancer
