// What a Dataset object holds, for the files that implement its methods.
//
// Ownership: one per Dataset. Thread rule: that of Dataset.
#pragma once

#include <memory>
#include <string>

#include "dataset/commit.h"
#include "dataset/fragment_writer.h"
#include "dataset/session.h"
#include "dataset/snapshot.h"
#include "lancer/dataset.h"

namespace lancer {

struct Dataset::Impl {
  dataset::StorePtr store;
  dataset::SnapshotPtr snapshot;
  bool rolled_back = false;
  std::unique_ptr<dataset::Session> session;  // begun by the first write

  static std::shared_ptr<Dataset> Wrap(std::unique_ptr<Impl> impl) {
    return std::shared_ptr<Dataset>(new Dataset(std::move(impl)));
  }
  // Create, in a folder that exists.
  static Result<std::shared_ptr<Dataset>> Create(const dataset::DatasetPaths& paths,
                                                 BatchReader* rows,
                                                 const WriteOptions& options,
                                                 const ContextPtr& context);
  // Makes a version this object's. Reads the schema.
  Status MoveTo(dataset::StoredManifestPtr manifest);
  // Before a write: removes what dead writers left, unless this writer did so before, and
  // parts with a session that can write no more. Never fails: cleaning up can wait.
  void PrepareWrite();
  Status EnsureSession();
  // Publishes the data of `writer` and commits; null: the transaction brings no data.
  // `schema` is that of the new version: once committed, nothing can fail any more.
  Result<CommitResult> Commit(dataset::Transaction transaction,
                              dataset::FragmentWriter* writer,
                              std::shared_ptr<const Schema> schema,
                              const CommitOptions& options);
  void SettleNodes(const dataset::StoredManifest* committed, bool tried);
  // What the options say of a transaction of this kind that begins at this version.
  Result<dataset::Transaction> BeginTransaction(OperationKind kind,
                                                const CommitOptions& options) const;
  // Writes a stream and commits it.
  Result<CommitResult> Write(dataset::Transaction transaction,
                             std::shared_ptr<const Schema> schema, BatchReader* rows,
                             const WriteOptions& options);
  // The result of an earlier commit of this application's position, without writing.
  Result<std::optional<CommitResult>> FindAppliedPosition(
      const dataset::Transaction& transaction);
};

namespace dataset {

VersionInfo InfoOf(const StoredManifest& stored);

}  // namespace dataset
}  // namespace lancer
