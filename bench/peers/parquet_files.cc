#include "bench/peers/parquet_files.h"

#include <arrow/io/file.h>
#include <parquet/arrow/writer.h>

#include "bench/arrow_bridge.h"

namespace lancer::bench {

const char* ParquetVariantText(ParquetVariant variant) {
  switch (variant) {
    case ParquetVariant::kZstd:
      return "zstd level 3, else defaults of Arrow C++";
    case ParquetVariant::kSmall:
      return "snappy, 64 Ki-row groups, 8 KiB pages, no dictionary, kept open";
    default:
      return "snappy, else defaults of Arrow C++, kept open";
  }
}

Status WriteParquet(const std::shared_ptr<arrow::Table>& table, ParquetVariant variant,
                    const std::shared_ptr<arrow::io::OutputStream>& out) {
  parquet::WriterProperties::Builder builder;
  builder.compression(parquet::Compression::SNAPPY);
  int64_t group_rows = parquet::DEFAULT_MAX_ROW_GROUP_LENGTH;
  if (variant == ParquetVariant::kZstd) {
    builder.compression(parquet::Compression::ZSTD)->compression_level(3);
  } else if (variant == ParquetVariant::kSmall) {
    group_rows = 64 * 1024;
    // A page can only end after a batch of values, so the batches must be small as well.
    builder.data_pagesize(8 * 1024)
        ->write_batch_size(64)
        ->disable_dictionary()
        ->enable_write_page_index();
  }
  auto arrow_properties =
      parquet::ArrowWriterProperties::Builder().store_schema()->build();
  return CatchParquet([&] {
    return FromArrow(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), out,
                                                group_rows, builder.build(),
                                                arrow_properties));
  });
}

Status WriteParquetFile(const std::shared_ptr<arrow::Table>& table,
                        ParquetVariant variant, const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(auto out, FromArrow(arrow::io::FileOutputStream::Open(path)));
  LANCER_RETURN_IF_ERROR(WriteParquet(table, variant, out));
  return FromArrow(out->Close());
}

}  // namespace lancer::bench
