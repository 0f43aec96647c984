// Tables that are measured: real data where it is given, generated data otherwise.
//
//   lineitem    TPC-H scale 1, from tpchgen-cli (kept in the work folder)
//   orders      TPC-H scale 1 likewise; absent without tpchgen-cli
//   packages    <data>/packages.parquet, else a seeded table of the same shape
//   embeddings  <data>/package_embeddings_f32.npy, else seeded vectors
//   photos      the files of <data>/photos, one binary value each; absent otherwise
// A generated stand-in has "synthetic" in its name. Ownership: tables are shared and
// immutable. Thread rule: functions without state.
#pragma once

#include <arrow/table.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lancer/result.h"

namespace lancer::bench {

struct NamedTable {
  std::string name;
  std::shared_ptr<arrow::Table> table;  // one chunk per column
};

struct TableOptions {
  std::string work_folder;
  std::string data_folder;  // empty: none is given
  std::string generator;    // path of tpchgen-cli; empty: none
  bool quick = false;       // lineitem's first 600,000 rows
};

Result<NamedTable> LoadLineitem(const TableOptions& options);
Result<std::optional<NamedTable>> LoadOrders(const TableOptions& options);
Result<NamedTable> LoadPackages(const TableOptions& options);
Result<NamedTable> LoadEmbeddings(const TableOptions& options);
// The same vectors rounded to float16.
Result<NamedTable> AsHalfFloats(const NamedTable& vectors);
// Nothing where the folder is absent or empty.
Result<std::optional<NamedTable>> LoadPhotos(const TableOptions& options);

// One column as a table of its own, nulls of strings made empty, so that peers without
// nulls can hold it. The name becomes "table.column".
Result<NamedTable> OneColumn(const NamedTable& table, const std::string& column);

}  // namespace lancer::bench
