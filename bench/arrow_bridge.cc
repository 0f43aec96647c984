#include "bench/arrow_bridge.h"

#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>
#include <arrow/util/byte_size.h>

#include "lancer/arrow_bridge.h"

namespace lancer::bench {

Status FromArrow(const arrow::Status& status) {
  return status.ok() ? Status::Ok() : Status::IoError(status.ToString());
}

Result<std::unique_ptr<BatchReader>> AsBatches(const std::shared_ptr<arrow::Table>& table,
                                               int64_t batch_rows) {
  auto reader = std::make_shared<arrow::TableBatchReader>(table);
  reader->set_chunksize(batch_rows);
  ArrowArrayStream stream{};
  LANCER_RETURN_IF_ERROR(FromArrow(arrow::ExportRecordBatchReader(reader, &stream)));
  return ImportStream(&stream);
}

Result<std::shared_ptr<arrow::Table>> AsTable(std::unique_ptr<BatchReader> batches) {
  ArrowArrayStream stream{};
  LANCER_RETURN_IF_ERROR(ExportStream(std::move(batches), &stream));
  LANCER_ASSIGN_OR_RETURN(auto reader,
                          FromArrow(arrow::ImportRecordBatchReader(&stream)));
  return FromArrow(reader->ToTable());
}

double ArrowBytes(const arrow::Table& table) {
  const auto bytes = arrow::util::ReferencedBufferSize(table);
  return static_cast<double>(bytes.ok() ? *bytes : arrow::util::TotalBufferSize(table));
}

Result<std::shared_ptr<arrow::Table>> Select(const std::shared_ptr<arrow::Table>& table,
                                             const std::vector<std::string>& columns) {
  if (columns.empty()) {
    return table;
  }
  std::vector<int> places;
  for (const std::string& name : columns) {
    const int place = table->schema()->GetFieldIndex(name);
    if (place < 0) {
      return Status::NotFound("no column " + name);
    }
    places.push_back(place);
  }
  return FromArrow(table->SelectColumns(places));
}

}  // namespace lancer::bench
