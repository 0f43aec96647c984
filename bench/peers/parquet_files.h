// The Parquet files that the Parquet peers read, written by Arrow C++.
//
// Ownership: functions and values. Thread rule: functions without state.
#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/table.h>

#include <memory>
#include <string>

#include "lancer/status.h"

namespace lancer::bench {

enum class ParquetVariant {
  kDefault,  // of Arrow C++, with snappy as pyarrow has it
  kZstd,     // the same with zstd level 3
  kSmall,    // 64 Ki-row groups, 8 KiB pages, page index, no dictionary, snappy
};

const char* ParquetVariantText(ParquetVariant variant);
// Writes with one thread; does not close `out`.
Status WriteParquet(const std::shared_ptr<arrow::Table>& table, ParquetVariant variant,
                    const std::shared_ptr<arrow::io::OutputStream>& out);
Status WriteParquetFile(const std::shared_ptr<arrow::Table>& table,
                        ParquetVariant variant, const std::string& path);

}  // namespace lancer::bench
