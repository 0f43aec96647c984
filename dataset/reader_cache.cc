#include "dataset/reader_cache.h"

#include <fmt/format.h>

#include <algorithm>

#include "format/open_file.h"

namespace lancer::dataset {

Result<FileReaderPtr> ReaderCache::Get(const Fragment& fragment,
                                       const std::shared_ptr<const Schema>& schema) {
  Shard& shard = shards_[fragment.id.value % kShards];
  {
    std::lock_guard lock(shard.mutex);
    for (Slot& slot : shard.slots) {
      if (slot.id == fragment.id && slot.reader != nullptr) {
        slot.used = ++shard.clock;
        return slot.reader;
      }
    }
  }
  LANCER_ASSIGN_OR_RETURN(FileReaderPtr reader, Open(fragment, schema, options_));
  std::lock_guard lock(shard.mutex);
  auto oldest = std::ranges::min_element(shard.slots, {}, &Slot::used);
  *oldest = {.id = fragment.id, .reader = reader, .used = ++shard.clock};
  return reader;
}

Result<FileReaderPtr> ReaderCache::Open(const Fragment& fragment,
                                        const std::shared_ptr<const Schema>& schema,
                                        const ReaderOptions& options) const {
  std::string path = paths_.Path(fragment.file.path);
  auto reader =
      FileReaderAccess::Open(path, options, context_, &fragment.file, schema, budget_);
  if (!reader) {
    // The manifest names the file, so whatever is missing or of another kind is damage.
    switch (reader.error().code()) {
      case StatusCode::kNotFound:
        return Status::Corruption(fmt::format(
            "{}: the data file of fragment {} is missing", path, fragment.id.value));
      case StatusCode::kInvalidArgument:
        return Status::Corruption(std::string(reader.error().message()));
      default:
        return reader.error();
    }
  }
  if ((*reader)->row_count() != fragment.rows) {
    return Status::Corruption(fmt::format("{}: expected {} rows, found {}", path,
                                          fragment.rows, (*reader)->row_count()));
  }
  return reader;
}

}  // namespace lancer::dataset
