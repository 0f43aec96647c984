// Writes the Arrow IPC file format, and the stream format to "-" or as `arrow-stream`.
#include <arrow/ipc/writer.h>

#include <optional>

#include "tools/convert/arrow_interop.h"
#include "tools/convert/dictionary_union.h"
#include "tools/convert/formats.h"
#include "tools/convert/output_file.h"

namespace lancer::tools {
namespace {

class ArrowSink final : public Sink {
 public:
  explicit ArrowSink(std::unique_ptr<OutputFile> file) : file_(std::move(file)) {}

  Status Open(const Schema& schema, bool stream, const SinkOptions& options);
  Status Write(const Batch& batch) override;
  Result<SinkReport> Finish() override;

 private:
  Status SeeDictionaries(const SinkOptions& options);
  Status SeeAll(const SinkOptions& options);
  std::unique_ptr<OutputFile> file_;
  std::shared_ptr<const Schema> schema_;  // as written
  std::shared_ptr<arrow::Schema> arrow_schema_;
  std::optional<DictionaryUnion> dictionaries_;
  std::shared_ptr<arrow::ipc::RecordBatchWriter> writer_;
};

Status ArrowSink::Open(const Schema& schema, bool stream, const SinkOptions& options) {
  schema_ = std::make_shared<const Schema>(schema);
  LANCER_ASSIGN_OR_RETURN(arrow_schema_, ToArrowSchema(*schema_));
  arrow::ipc::IpcWriteOptions write_options;
  if (!stream && DictionaryUnion::Needed(*arrow_schema_)) {
    dictionaries_.emplace();
    write_options.emit_dictionary_deltas = true;
    if (options.reopen) {
      LANCER_RETURN_IF_ERROR(SeeDictionaries(options));
    }
  }
  auto output = MakeArrowOutput(file_.get());
  LANCER_ASSIGN_OR_RETURN(
      writer_,
      FromArrow(stream
                    ? arrow::ipc::MakeStreamWriter(output, arrow_schema_, write_options)
                    : arrow::ipc::MakeFileWriter(output, arrow_schema_, write_options),
                file_->name()));
  return Status::Ok();
}

// A first pass over the data, so that all batches have the same dictionaries: not every
// reader knows the additions that the format allows. What came in as many batches, each
// with a dictionary of its own, may have more values together than its indices can
// number: those become wider. As their batches then have other dictionaries, which need
// not be cut to narrow indices, the pass is made again.
Status ArrowSink::SeeDictionaries(const SinkOptions& options) {
  while (true) {
    LANCER_ASSIGN_OR_RETURN(arrow_schema_, ToArrowSchema(*schema_));
    LANCER_RETURN_IF_ERROR(SeeAll(options));
    const Schema fitting = dictionaries_->Fitting(*schema_);
    if (fitting.Equals(*schema_)) {
      return Status::Ok();
    }
    schema_ = std::make_shared<const Schema>(fitting);
  }
}

Status ArrowSink::SeeAll(const SinkOptions& options) {
  dictionaries_.emplace();
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<BatchReader> rows, options.reopen({}));
  while (true) {
    LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, rows->Next());
    if (!batch) {
      return Status::Ok();
    }
    batch->schema = schema_;
    LANCER_ASSIGN_OR_RETURN(auto parts, ToArrowBatches(*batch, arrow_schema_));
    for (const auto& part : parts) {
      LANCER_RETURN_IF_ERROR(dictionaries_->See(*part));
    }
  }
}

Status ArrowSink::Write(const Batch& batch) {
  LANCER_ASSIGN_OR_RETURN(
      auto parts, ToArrowBatches({schema_, batch.length, batch.columns}, arrow_schema_));
  for (std::shared_ptr<arrow::RecordBatch>& part : parts) {
    if (dictionaries_) {
      LANCER_ASSIGN_OR_RETURN(part, dictionaries_->Unify(*part));
    }
    LANCER_RETURN_IF_ERROR(FromArrow(writer_->WriteRecordBatch(*part), file_->name()));
  }
  return Status::Ok();
}

Result<SinkReport> ArrowSink::Finish() {
  LANCER_RETURN_IF_ERROR(FromArrow(writer_->Close(), file_->name()));
  LANCER_RETURN_IF_ERROR(file_->Commit());
  return SinkReport{.version = std::nullopt, .bytes = file_->size()};
}

Result<SinkReport> WriteIpc(const std::string& path, BatchReader* rows, bool stream,
                            const SinkOptions& options) {
  LANCER_ASSIGN_OR_RETURN(
      std::unique_ptr<OutputFile> file,
      OutputFile::Create(path, options.mode == OutputMode::kOverwrite));
  ArrowSink sink(std::move(file));
  LANCER_RETURN_IF_ERROR(sink.Open(*rows->schema(), stream, options));
  return Drain(rows, &sink);
}

}  // namespace

Result<SinkReport> WriteArrow(const std::string& path, std::unique_ptr<BatchReader> rows,
                              const SinkOptions& options) {
  return WriteIpc(path, rows.get(), path == "-", options);
}

Result<SinkReport> WriteArrowStream(const std::string& path,
                                    std::unique_ptr<BatchReader> rows,
                                    const SinkOptions& options) {
  return WriteIpc(path, rows.get(), true, options);
}

}  // namespace lancer::tools
