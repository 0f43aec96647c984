// ReaderCache: open data files of a dataset, the last ones used.
//
// A fragment id stands for the same rows for ever, so one cache serves all versions.
// The readers share one budget for the metadata that they keep, so that a dataset of many
// fragments keeps no more of it than one file; what finds no place is loaded for each
// use. Ownership: shares the context; readers are shared and outlive their place here.
// Thread rule: safe for concurrent calls; a hit holds a lock for a few nanoseconds.
#pragma once

#include <array>
#include <memory>
#include <mutex>

#include "dataset/fragment.h"
#include "dataset/names.h"
#include "lancer/context.h"
#include "lancer/file_reader.h"
#include "types/memory_budget.h"

namespace lancer::dataset {

using FileReaderPtr = std::shared_ptr<const FileReader>;

class ReaderCache {
 public:
  // Files kept open at once: well below the usual limit of 1,024 descriptors.
  static constexpr size_t kShards = 16;
  static constexpr size_t kSlotsPerShard = 16;

  ReaderCache(DatasetPaths paths, ContextPtr context, ReaderOptions options)
      : paths_(std::move(paths)),
        context_(std::move(context)),
        options_(options),
        budget_(std::make_shared<MemoryBudget>(context_->metadata_cache_bytes)) {}

  // The fragment's file, opened when it is not open yet and checked against what the
  // manifest states. `schema` is the version's. Errors: Corruption naming the file.
  Result<FileReaderPtr> Get(const Fragment& fragment,
                            const std::shared_ptr<const Schema>& schema);
  // A reader of its own, which has verified nothing yet. Errors: as Get.
  Result<FileReaderPtr> Open(const Fragment& fragment,
                             const std::shared_ptr<const Schema>& schema,
                             const ReaderOptions& options) const;
  // What the readers keep of their metadata.
  const MemoryBudget& budget() const { return *budget_; }

 private:
  struct Slot {
    FragmentId id;
    FileReaderPtr reader;  // null: free
    uint64_t used = 0;     // the shard's clock when it was last asked for
  };
  struct Shard {
    std::mutex mutex;  // guards all below
    uint64_t clock = 0;
    std::array<Slot, kSlotsPerShard> slots;
  };

  const DatasetPaths paths_;
  const ContextPtr context_;
  const ReaderOptions options_;
  const std::shared_ptr<MemoryBudget> budget_;  // shared by the readers
  std::array<Shard, kShards> shards_;
};

}  // namespace lancer::dataset
