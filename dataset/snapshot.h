// Store and Snapshot: what an open dataset shares, and one version of it.
//
// Ownership: shared by Dataset objects and the scans they began. Thread rule: safe for
// concurrent const calls.
#pragma once

#include <memory>
#include <string>

#include "dataset/format_file.h"
#include "dataset/fragment_list.h"
#include "dataset/log.h"
#include "dataset/reader_cache.h"
#include "lancer/context.h"
#include "lancer/schema.h"

namespace lancer::dataset {

// One dataset's folder.
struct Store {
  Store(DatasetPaths folder, FormatFile format_file, ContextPtr shared,
        ReaderOptions options)
      : paths(std::move(folder)),
        format(std::move(format_file)),
        context(std::move(shared)),
        log(paths, format.table, context),
        nodes(std::make_shared<NodeCache>(paths, context)),
        readers(paths, context, options) {}

  const DatasetPaths paths;
  const FormatFile format;
  const ContextPtr context;
  const Log log;
  const std::shared_ptr<NodeCache> nodes;
  mutable ReaderCache readers;
};
using StorePtr = std::shared_ptr<const Store>;

class Snapshot {
 public:
  // Loads the schema; fragments are loaded when they are used.
  // Errors: Corruption; Unsupported.
  static Result<std::shared_ptr<const Snapshot>> Load(const Store& store,
                                                      StoredManifestPtr manifest);
  // The same with a schema that is at hand: cannot fail.
  static std::shared_ptr<const Snapshot> Make(const Store& store,
                                              StoredManifestPtr manifest,
                                              std::shared_ptr<const Schema> schema);

  const Manifest& manifest() const { return stored_->manifest; }
  const StoredManifestPtr& stored() const { return stored_; }
  const std::shared_ptr<const Schema>& schema() const { return schema_; }
  const FragmentList& fragments() const { return fragments_; }

 private:
  Snapshot(StoredManifestPtr stored, std::shared_ptr<const Schema> schema,
           std::shared_ptr<NodeCache> nodes)
      : stored_(std::move(stored)),
        schema_(std::move(schema)),
        fragments_(stored_, std::move(nodes)) {}

  const StoredManifestPtr stored_;
  const std::shared_ptr<const Schema> schema_;
  const FragmentList fragments_;
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

}  // namespace lancer::dataset
