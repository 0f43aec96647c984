#include "types/batch_parts.h"

#include <utility>

namespace lancer {

Status BatchParts::ExportNext(ArrowArray* out) {
  while (true) {
    const Batch batch = std::move(left_.back());
    left_.pop_back();
    Status status = ExportBatch(batch, out);
    if (status.code() != StatusCode::kResourceExhausted || batch.length < 2) {
      if (!status.ok()) {
        left_.clear();
      }
      return status;
    }
    const int64_t half = batch.length / 2;
    left_.push_back(batch.Slice(half, batch.length - half));
    left_.push_back(batch.Slice(0, half));
  }
}

}  // namespace lancer
