#include <string>

#include "lancer/arrow_bridge.h"
#include "types/arrow_stream_status.h"
#include "types/batch_parts.h"

namespace lancer {
namespace {

// What an exported stream's private_data points to; its release callback deletes it.
struct StreamKeeper {
  std::unique_ptr<BatchReader> reader;
  BatchParts parts;        // of the batch read last
  std::string last_error;  // empty: the last call succeeded

  int Report(const Status& status) {
    last_error = status.ok() ? "" : status.ToString();
    return ErrnoOf(status.code());
  }
};

StreamKeeper* KeeperOf(ArrowArrayStream* stream) {
  return static_cast<StreamKeeper*>(stream->private_data);
}

int GetSchema(ArrowArrayStream* stream, ArrowSchema* out) {
  StreamKeeper* keeper = KeeperOf(stream);
  return keeper->Report(ExportSchema(*keeper->reader->schema(), out));
}

int GetNext(ArrowArrayStream* stream, ArrowArray* out) {
  *out = ArrowArray{};
  StreamKeeper* keeper = KeeperOf(stream);
  if (keeper->parts.empty()) {
    Result<std::optional<Batch>> batch = keeper->reader->Next();
    if (!batch.has_value() || !*batch) {
      return keeper->Report(batch.status());
    }
    keeper->parts = BatchParts(**std::move(batch));
  }
  return keeper->Report(keeper->parts.ExportNext(out));
}

const char* GetLastError(ArrowArrayStream* stream) {
  StreamKeeper* keeper = KeeperOf(stream);
  return keeper->last_error.empty() ? nullptr : keeper->last_error.c_str();
}

void ReleaseStream(ArrowArrayStream* stream) {
  std::unique_ptr<StreamKeeper> keeper(KeeperOf(stream));
  stream->private_data = nullptr;
  stream->release = nullptr;
}

}  // namespace

Status ExportStream(std::unique_ptr<BatchReader> reader, ArrowArrayStream* out) {
  *out = ArrowArrayStream{};
  if (reader == nullptr || reader->schema() == nullptr) {
    return Status::InvalidArgument("there is no reader to export, or it has no schema");
  }
  auto keeper = std::make_unique<StreamKeeper>();
  keeper->reader = std::move(reader);
  *out = ArrowArrayStream{.get_schema = GetSchema,
                          .get_next = GetNext,
                          .get_last_error = GetLastError,
                          .release = ReleaseStream,
                          .private_data = keeper.release()};
  return Status::Ok();
}

}  // namespace lancer
