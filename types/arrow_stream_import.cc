#include <string>

#include "lancer/arrow_bridge.h"
#include "types/arrow_stream_status.h"

namespace lancer {
namespace {

// A foreign stream as a reader. Owns the stream.
class StreamReader : public BatchReader {
 public:
  explicit StreamReader(ArrowArrayStream* taken) : stream_(*taken) {
    taken->release = nullptr;
  }
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;
  ~StreamReader() override {
    if (stream_.release != nullptr) {
      stream_.release(&stream_);
    }
  }

  Status ReadSchema() {
    ArrowSchema schema{};
    if (int error = stream_.get_schema(&stream_, &schema); error != 0) {
      return Failure("get_schema", error);
    }
    LANCER_ASSIGN_OR_RETURN(Schema imported, ImportSchema(&schema));
    schema_ = std::make_shared<const Schema>(std::move(imported));
    return Status::Ok();
  }

  const std::shared_ptr<const Schema>& schema() const override { return schema_; }

  Result<std::optional<Batch>> Next() override {
    if (!failed_.ok()) {
      return failed_;
    }
    if (ended_) {
      return std::nullopt;
    }
    Result<std::optional<Batch>> read = Read();
    if (!read.has_value()) {
      failed_ = read.error();
    }
    return read;
  }

 private:
  Result<std::optional<Batch>> Read() {
    ArrowArray array{};
    if (int error = stream_.get_next(&stream_, &array); error != 0) {
      return Failure("get_next", error);
    }
    if (array.release == nullptr) {
      ended_ = true;
      return std::nullopt;
    }
    LANCER_ASSIGN_OR_RETURN(Batch batch, ImportBatch(schema_, &array));
    return batch;
  }

  Status Failure(const std::string& call, int error) {
    const char* text =
        stream_.get_last_error == nullptr ? nullptr : stream_.get_last_error(&stream_);
    std::string message = "Arrow stream: ";
    message += call + " failed with error " + std::to_string(error);
    message += text == nullptr ? "" : ": ";
    message += text == nullptr ? "" : text;
    return {CodeOfErrno(error), std::move(message)};
  }

  ArrowArrayStream stream_;
  std::shared_ptr<const Schema> schema_;
  Status failed_;
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<BatchReader>> ImportStream(ArrowArrayStream* stream) {
  if (stream == nullptr || stream->release == nullptr) {
    return Status::InvalidArgument(stream == nullptr ? "the Arrow stream is null"
                                                     : "the Arrow stream was released");
  }
  bool callable = stream->get_schema != nullptr && stream->get_next != nullptr;
  auto reader = std::make_unique<StreamReader>(stream);
  if (!callable) {
    return Status::InvalidArgument("the Arrow stream has no callbacks");
  }
  LANCER_RETURN_IF_ERROR(reader->ReadSchema());
  return std::unique_ptr<BatchReader>(std::move(reader));
}

}  // namespace lancer
