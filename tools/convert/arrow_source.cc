// Reads the Arrow IPC file format (feather included) and the stream format, told apart by
// the first bytes. Nothing in the file is trusted: every batch is checked in full before
// its offsets and indices are used.
#include <arrow/array/array_base.h>
#include <arrow/ipc/reader.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "encoding/byte_order.h"
#include "tools/convert/arrow_faults.h"
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
  Status CheckEnds();
  Status OpenReader();
  Result<std::shared_ptr<arrow::RecordBatch>> ReadArrow();
  Status CheckColumns(const arrow::RecordBatch& batch);
  Result<std::optional<Batch>> ReadBatch() override;

  SourceOptions options_;
  std::unique_ptr<InputFile> input_;
  ArrowFaults faults_{"", ""};
  bool is_stream_ = false;
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> file_;
  std::shared_ptr<arrow::RecordBatchReader> stream_;
  int next_index_ = 0;  // of the batches
  std::shared_ptr<const Schema> schema_;
  std::vector<int> columns_;  // of each field of schema_: its place in the file
  Batch pending_;             // what is left of the batch read last
};

Status ArrowSource::Open(const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(input_, InputFile::Open(path, options_.cancel));
  faults_ = ArrowFaults(input_->name(), "Arrow file");
  LANCER_RETURN_IF_ERROR(CheckEnds());
  return faults_.Catch([&] { return OpenReader(); });
}

// A file begins and ends with "ARROW1". A stream begins with the length of its first
// message, in today's form behind four bytes of 0xFF, and need not have an end.
Status ArrowSource::CheckEnds() {
  constexpr std::string_view kMagic = "ARROW1";
  const uint64_t size = input_->size();
  if (size == 0) {
    return faults_.NotOfTheKind("it is empty");
  }
  std::array<char, kMagic.size()> bytes{};
  const auto view = [&] { return std::string_view(bytes.data(), bytes.size()); };
  const auto read = [&](uint64_t offset) {
    const size_t count = std::min<uint64_t>(bytes.size(), size);
    return input_->ReadAt(offset, std::as_writable_bytes(std::span(bytes)).first(count));
  };
  LANCER_RETURN_IF_ERROR(read(0));
  if (view().starts_with("FEA1")) {
    return Status::Unsupported(
        input_->name() +
        ": is of feather version 1; write it again with today's pyarrow.feather");
  }
  is_stream_ = view() != kMagic;
  if (is_stream_) {
    const auto length =
        encoding::LoadLe<uint32_t>(std::as_bytes(std::span(bytes)).data());
    return length == UINT32_MAX || (length > 0 && length < size)
               ? Status::Ok()
               : faults_.NotOfTheKind(
                     "it begins neither with \"ARROW1\" nor with a message of a stream");
  }
  LANCER_RETURN_IF_ERROR(read(size - kMagic.size()));
  return view() == kMagic && size > 2 * kMagic.size()
             ? Status::Ok()
             : faults_.NotOfTheKind(fmt::format(
                   "it was cut or changed: its {} bytes do not end with \"ARROW1\"",
                   size));
}

Status ArrowSource::OpenReader() {
  const std::string& name = input_->name();
  std::shared_ptr<arrow::Schema> schema;
  auto input = MakeArrowInput(input_.get());
  if (is_stream_) {
    LANCER_ASSIGN_OR_RETURN(
        stream_, faults_.Check(arrow::ipc::RecordBatchStreamReader::Open(input)));
    schema = stream_->schema();
  } else {
    LANCER_ASSIGN_OR_RETURN(
        file_, faults_.Check(arrow::ipc::RecordBatchFileReader::Open(input)));
    schema = file_->schema();
  }
  LANCER_ASSIGN_OR_RETURN(Schema whole, FromArrowSchema(*schema, options_.columns, name));
  Schema selected = whole;
  if (options_.columns.empty()) {
    for (int i = 0; i < schema->num_fields(); ++i) {
      columns_.push_back(i);
    }
  } else {
    LANCER_ASSIGN_OR_RETURN(selected, SelectColumns(whole, options_.columns, name));
    for (const std::string& column : options_.columns) {
      columns_.push_back(static_cast<int>(*whole.FindField(column)));
    }
  }
  schema_ = std::make_shared<const Schema>(std::move(selected));
  return Status::Ok();
}

// The columns that are asked for, sound in every detail; null at the end.
Result<std::shared_ptr<arrow::RecordBatch>> ArrowSource::ReadArrow() {
  std::shared_ptr<arrow::RecordBatch> read;
  faults_.At(fmt::format("record batch {}", next_index_));
  if (stream_ != nullptr) {
    LANCER_RETURN_IF_ERROR(faults_.Check(stream_->ReadNext(&read)));
  } else if (next_index_ < file_->num_record_batches()) {
    LANCER_ASSIGN_OR_RETURN(read, faults_.Check(file_->ReadRecordBatch(next_index_)));
  }
  if (read != nullptr) {
    LANCER_ASSIGN_OR_RETURN(read, faults_.Check(read->SelectColumns(columns_)));
    LANCER_RETURN_IF_ERROR(CheckColumns(*read));
    ++next_index_;
  }
  return read;
}

Status ArrowSource::CheckColumns(const arrow::RecordBatch& batch) {
  for (int i = 0; i < batch.num_columns(); ++i) {
    faults_.At(fmt::format("record batch {}, field {}", next_index_,
                           FormatFieldPath(std::span(&batch.column_name(i), 1))));
    LANCER_RETURN_IF_ERROR(faults_.Check(batch.column(i)->ValidateFull()));
  }
  return faults_.Check(batch.Validate());  // columns of one length
}

Result<std::optional<Batch>> ArrowSource::ReadBatch() {
  LANCER_RETURN_IF_ERROR(options_.cancel.Check());
  while (pending_.length == 0) {
    std::shared_ptr<arrow::RecordBatch> read;
    LANCER_ASSIGN_OR_RETURN(read, faults_.Catch([&] { return ReadArrow(); }));
    if (read == nullptr) {
      return std::nullopt;
    }
    LANCER_ASSIGN_OR_RETURN(pending_, FromArrowBatch(schema_, *read, input_->name()));
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
