// The way from rows to a version, shared by append, overwrite and create: write files,
// publish them, commit.

#include <utility>

#include "dataset/dataset_impl.h"
#include "dataset/dead_sessions.h"

namespace lancer {
using dataset::Transaction;

void Dataset::Impl::PrepareWrite() {
  if (session != nullptr && session->usable()) {
    return;
  }
  session.reset();
  (void)dataset::RemoveDeadSessions(*store);
}

Status Dataset::Impl::EnsureSession() {
  if (session != nullptr) {
    return Status::Ok();
  }
  VersionNumber known = snapshot ? snapshot->manifest().version : VersionNumber(0);
  LANCER_ASSIGN_OR_RETURN(session,
                          dataset::Session::Begin(store->paths, store->context,
                                                  store->format.publish_method, known));
  return Status::Ok();
}

Result<Transaction> Dataset::Impl::BeginTransaction(OperationKind kind,
                                                    const CommitOptions& options) const {
  LANCER_RETURN_IF_ERROR(dataset::CheckCommitOptions(options));
  Transaction transaction;
  transaction.id =
      options.transaction ? *options.transaction : store->context->random->NextUuid();
  transaction.kind = kind;
  transaction.read = snapshot ? snapshot->stored() : nullptr;
  transaction.app = options.app;
  transaction.message = options.message;
  transaction.force = options.force;
  return transaction;
}

Result<std::optional<CommitResult>> Dataset::Impl::FindAppliedPosition(
    const Transaction& transaction) {
  if (!transaction.app.has_value() || transaction.read == nullptr) {
    return std::optional<CommitResult>();
  }
  LANCER_ASSIGN_OR_RETURN(dataset::LogHead head,
                          store->log.FindHead(transaction.read, false));
  LANCER_ASSIGN_OR_RETURN(
      dataset::AppStanding standing,
      dataset::JudgeAppPosition(*transaction.app, head.manifest->manifest));
  if (standing == dataset::AppStanding::kNext) {
    return std::optional<CommitResult>();
  }
  // The commit finds the version, and makes sure that it is durable.
  LANCER_ASSIGN_OR_RETURN(CommitResult result,
                          Commit(transaction, nullptr, snapshot->schema(), {}));
  return std::optional(result);
}

// What becomes of the session's files of nodes after a commit: those that the new version
// names are its own. Others are removed when no manifest can name them; after an attempt
// that lost a race or whose outcome is open they wait for collection.
void Dataset::Impl::SettleNodes(const dataset::StoredManifest* committed, bool tried) {
  if (session == nullptr) {
    return;
  }
  if (!tried) {
    session->DiscardNodes();
    return;
  }
  for (const std::string& path : session->noted_nodes()) {
    bool named = false;
    if (committed != nullptr) {
      const dataset::Manifest& manifest = committed->manifest;
      const auto& schema_file = manifest.schema().file;
      named =
          (manifest.tree && path == store->paths.Path(manifest.tree->node.file.path)) ||
          (schema_file && path == store->paths.Path(schema_file->path));
    }
    if (!named) {
      session->KeepIntent();
    }
  }
  session->ForgetNodes();
}

Result<CommitResult> Dataset::Impl::Commit(Transaction transaction,
                                           dataset::FragmentWriter* writer,
                                           std::shared_ptr<const Schema> schema,
                                           const CommitOptions& options) {
  dataset::Session::Guard guard(session.get());
  if (writer != nullptr) {
    transaction.fragments = writer->fragments();
    transaction.session = session->id();
    if (Status published = writer->Publish(); !published.ok()) {
      writer->Discard();
      session->DiscardNodes();
      return published;
    }
  }
  dataset::Committer committer(&store->log, store->nodes.get(), store->context,
                               store->format.publish_method);
  auto outcome = committer.Commit(transaction, session.get(), options.timeout_us);
  bool unused = !outcome || outcome->already_committed;
  if (unused && writer != nullptr) {
    // Files that no manifest can name may go; all others wait for collection.
    if (!committer.tried()) {
      writer->Discard();
    } else {
      session->KeepIntent();
    }
  }
  SettleNodes(unused ? nullptr : outcome->manifest.get(), committer.tried());
  LANCER_RETURN_IF_ERROR(outcome.status());
  CommitResult result;
  result.version = outcome->manifest->manifest.version;
  result.already_committed = outcome->already_committed;
  if (outcome->already_committed) {
    LANCER_RETURN_IF_ERROR(MoveTo(outcome->head));
    return result;
  }
  if (writer != nullptr) {
    result.rows_written = writer->rows_written();
    result.fragments_written = writer->fragments().size();
    result.bytes_written = writer->bytes_written();
  }
  result.bytes_written += outcome->manifest->size_bytes;
  snapshot = dataset::Snapshot::Make(*store, outcome->manifest, std::move(schema));
  return result;
}

Result<CommitResult> Dataset::Impl::Write(Transaction transaction,
                                          std::shared_ptr<const Schema> schema,
                                          BatchReader* rows,
                                          const WriteOptions& options) {
  dataset::Session::Guard guard(session.get());
  dataset::FragmentWriter writer(store, session.get(), schema, options);
  Status written = writer.WriteAll(rows);
  if (written.ok()) {
    written = writer.Finish();
  }
  if (!written.ok()) {
    writer.Discard();
    session->DiscardNodes();
    return written;
  }
  return Commit(std::move(transaction), &writer, std::move(schema), options.commit);
}

}  // namespace lancer
