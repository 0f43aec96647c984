// Arrow IPC file, uncompressed, memory-mapped: rows are gathered from the mapped batches.
#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>

#include "bench/arrow_bridge.h"
#include "bench/peers/peer.h"

namespace lancer::bench {
namespace {

class ArrowIpc final : public Peer {
 public:
  std::string name() const override { return "arrow ipc mapped"; }
  std::string setting() const override {
    return "uncompressed, unchecked, one batch for takes, zero-copy scan";
  }

  Status Write(const std::shared_ptr<arrow::Table>& table,
               const std::string& folder) override {
    LANCER_ASSIGN_OR_RETURN(auto out,
                            FromArrow(arrow::io::FileOutputStream::Open(Path(folder))));
    LANCER_ASSIGN_OR_RETURN(auto writer,
                            FromArrow(arrow::ipc::MakeFileWriter(out, table->schema())));
    LANCER_RETURN_IF_ERROR(FromArrow(writer->WriteTable(*table)));
    LANCER_RETURN_IF_ERROR(FromArrow(writer->Close()));
    return FromArrow(out->Close());
  }

  Status Open(const std::string& folder) override {
    Close();
    LANCER_ASSIGN_OR_RETURN(auto file, FromArrow(arrow::io::MemoryMappedFile::Open(
                                           Path(folder), arrow::io::FileMode::READ)));
    file_ = std::move(file);
    LANCER_ASSIGN_OR_RETURN(reader_,
                            FromArrow(arrow::ipc::RecordBatchFileReader::Open(file_)));
    return Status::Ok();
  }
  void Close() override {
    column_ = Taken();
    reader_.reset();
    file_.reset();
  }

  Status Take(std::span<const uint64_t> rows, Taken* out) override {
    if (column_.owner == nullptr) {
      if (reader_->num_record_batches() != 1) {
        return Status::Unsupported("takes from one batch only");
      }
      LANCER_ASSIGN_OR_RETURN(auto batch, FromArrow(reader_->ReadRecordBatch(0)));
      LANCER_ASSIGN_OR_RETURN(column_, ViewOf(batch->column(0)));
    }
    return Gather(column_, rows, out);
  }

  Status Scan(const std::vector<std::string>& columns, Scanned* out) override {
    auto options = arrow::ipc::IpcReadOptions::Defaults();
    options.use_threads = false;
    for (const std::string& name : columns) {
      options.included_fields.push_back(reader_->schema()->GetFieldIndex(name));
    }
    LANCER_ASSIGN_OR_RETURN(
        auto reader, FromArrow(arrow::ipc::RecordBatchFileReader::Open(file_, options)));
    for (int i = 0; i < reader->num_record_batches(); ++i) {
      LANCER_ASSIGN_OR_RETURN(auto batch, FromArrow(reader->ReadRecordBatch(i)));
      out->rows += static_cast<uint64_t>(batch->num_rows());
      ++out->batches;
    }
    return Status::Ok();
  }

 private:
  static std::string Path(const std::string& folder) { return folder + "/table.arrow"; }

  std::shared_ptr<arrow::io::RandomAccessFile> file_;
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> reader_;
  Taken column_;
};

}  // namespace

PeerPtr MakeArrowIpc() { return std::make_unique<ArrowIpc>(); }

}  // namespace lancer::bench
