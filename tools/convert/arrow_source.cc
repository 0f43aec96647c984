// Reads the Arrow IPC file format (feather included) and the stream format, told apart by
// the first bytes. Nothing in the file is trusted: every batch is checked in full before
// its offsets and indices are used.
#include <arrow/ipc/reader.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tools/convert/arrow_interop.h"
#include "tools/convert/formats.h"

namespace lancer::tools {
namespace {

class ArrowSource final : public Source {
 public:
  explicit ArrowSource(SourceOptions options) : options_(std::move(options)) {}

  Status Open(const std::string& path);
  const std::shared_ptr<const Schema>& schema() const override { return schema_; }

 private:
  Status OpenReader();
  Result<std::shared_ptr<arrow::RecordBatch>> ReadArrow();
  Result<std::optional<Batch>> ReadBatch() override;

  SourceOptions options_;
  std::unique_ptr<InputFile> input_;
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> file_;
  std::shared_ptr<arrow::RecordBatchReader> stream_;
  int next_index_ = 0;  // of the file's batches
  std::shared_ptr<const Schema> read_schema_;
  std::shared_ptr<const Schema> schema_;
  std::vector<size_t> columns_;  // of read_schema_
  Batch pending_;                // what is left of the batch read last
};

Status ArrowSource::Open(const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(input_, InputFile::Open(path, options_.cancel));
  return CatchArrow(input_->name(), [&] { return OpenReader(); });
}

Status ArrowSource::OpenReader() {
  const std::string& name = input_->name();
  if (input_->size() == 0) {
    return Status::Corruption(name + ": is empty; expected an Arrow IPC file or stream");
  }
  std::array<char, 6> start{};
  const size_t count = std::min<uint64_t>(start.size(), input_->size());
  LANCER_RETURN_IF_ERROR(
      input_->ReadAt(0, std::as_writable_bytes(std::span(start)).first(count)));
  const std::string_view magic(start.data(), count);
  if (magic.starts_with("FEA1")) {
    return Status::Unsupported(
        name + ": is of feather version 1; write it again with today's pyarrow.feather");
  }
  std::shared_ptr<arrow::Schema> schema;
  if (magic == "ARROW1") {
    LANCER_ASSIGN_OR_RETURN(
        file_,
        FromArrow(arrow::ipc::RecordBatchFileReader::Open(MakeArrowInput(input_.get())),
                  name));
    schema = file_->schema();
  } else {
    LANCER_ASSIGN_OR_RETURN(
        stream_,
        FromArrow(arrow::ipc::RecordBatchStreamReader::Open(MakeArrowInput(input_.get())),
                  name));
    schema = stream_->schema();
  }
  LANCER_ASSIGN_OR_RETURN(Schema whole, FromArrowSchema(*schema, name));
  read_schema_ = std::make_shared<const Schema>(whole);
  std::vector<std::string> names = options_.columns;
  for (size_t i = 0; i < whole.field_count() && options_.columns.empty(); ++i) {
    columns_.push_back(i);
  }
  if (!options_.columns.empty()) {
    LANCER_ASSIGN_OR_RETURN(whole, SelectColumns(whole, names, name));
    for (const std::string& column : names) {
      columns_.push_back(*read_schema_->FindField(column));
    }
  }
  schema_ = std::make_shared<const Schema>(std::move(whole));
  return Status::Ok();
}

// Null at the end.
Result<std::shared_ptr<arrow::RecordBatch>> ArrowSource::ReadArrow() {
  std::shared_ptr<arrow::RecordBatch> read;
  if (stream_ != nullptr) {
    LANCER_RETURN_IF_ERROR(FromArrow(stream_->ReadNext(&read), input_->name()));
  } else if (next_index_ < file_->num_record_batches()) {
    LANCER_ASSIGN_OR_RETURN(
        read, FromArrow(file_->ReadRecordBatch(next_index_++), input_->name()));
  }
  if (read != nullptr) {
    LANCER_RETURN_IF_ERROR(FromArrow(read->ValidateFull(), input_->name()));
  }
  return read;
}

Result<std::optional<Batch>> ArrowSource::ReadBatch() {
  LANCER_RETURN_IF_ERROR(options_.cancel.Check());
  while (pending_.length == 0) {
    std::shared_ptr<arrow::RecordBatch> read;
    LANCER_ASSIGN_OR_RETURN(read,
                            CatchArrow(input_->name(), [&] { return ReadArrow(); }));
    if (read == nullptr) {
      return std::nullopt;
    }
    LANCER_ASSIGN_OR_RETURN(Batch imported,
                            FromArrowBatch(read_schema_, *read, input_->name()));
    pending_ = Batch{schema_, imported.length, {}};
    for (size_t column : columns_) {
      pending_.columns.push_back(imported.columns[column]);
    }
  }
  int64_t bytes = 0;
  for (const ArrayPtr& column : pending_.columns) {
    bytes += column->byte_size();
  }
  const int64_t row_bytes = std::max<int64_t>(bytes / pending_.length, 1);
  const int64_t rows = std::min({pending_.length, options_.batch_rows,
                                 std::max<int64_t>(options_.batch_bytes / row_bytes, 1)});
  Batch batch = pending_.Slice(0, rows);
  pending_ = pending_.Slice(rows, pending_.length - rows);
  return batch;
}

}  // namespace

Result<std::unique_ptr<Source>> OpenArrow(const std::string& path,
                                          const SourceOptions& options) {
  auto source = std::make_unique<ArrowSource>(options);
  LANCER_RETURN_IF_ERROR(source->Open(path));
  return source;
}

}  // namespace lancer::tools
