// Committer: publishes a transaction as the next version (spec: log, "Committing").
//
// Three outcomes: committed, not committed (any error but Unknown), and Unknown, which is
// told as such; nothing is ever deleted because of it, and the same transaction may be
// committed again: it is applied once.
// Ownership: borrows log and cache, which outlive it. Thread rule: one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "dataset/log.h"
#include "dataset/next_manifest.h"
#include "dataset/session.h"
#include "dataset/transaction.h"

namespace lancer::dataset {

struct CommitOutcome {
  StoredManifestPtr manifest;  // of the version that applied the transaction
  StoredManifestPtr head;      // the newest version that was seen
  bool already_committed = false;
};

class Committer {
 public:
  Committer(const Log* log, NodeCache* cache, ContextPtr context, PublishMethod method)
      : log_(log), cache_(cache), context_(std::move(context)), method_(method) {}

  // Commits over concurrent commits for at most `timeout_us`. `session` names the files
  // that overflowing lists need; null when the transaction brings none.
  // Errors: Conflict, Fenced, AlreadyExists, Corruption, IoError: not committed.
  // Unknown: perhaps.
  Result<CommitOutcome> Commit(const Transaction& transaction, Session* session,
                               int64_t timeout_us);
  // True once a manifest with the transaction may have got a name.
  bool tried() const { return tried_; }

 private:
  // What attempts have in common.
  struct Attempts {
    int64_t deadline_us = 0;           // of the monotonic clock
    std::vector<VersionNumber> slots;  // numbers that attempts tried to take
    bool unknown = false;              // an attempt may have succeeded unseen
    Uuid owner;  // of temporary names: a session, where there is one
  };
  enum class Slot { kOurs, kTaken };

  Status CheckFiles(const Transaction& transaction) const;
  Result<StoredManifestPtr> FindPosition(const LogHead& head, const AppPosition& position,
                                         int64_t deadline_us) const;
  Result<StoredManifestPtr> FindApplied(const LogHead& head,
                                        const Transaction& transaction,
                                        int64_t deadline_us) const;
  Status CheckConflicts(const LogHead& head, const Transaction& transaction) const;
  Result<std::optional<CommitOutcome>> Attempt(const Transaction& transaction,
                                               TreeSpill* spill, Attempts* attempts);
  Result<Slot> TakeSlot(VersionNumber version, std::span<const std::byte> bytes,
                        const Uuid& transaction, Attempts* attempts);
  Result<CommitOutcome> Confirm(StoredManifestPtr ours, const Transaction& transaction,
                                const Attempts& attempts);
  Result<CommitOutcome> Resolve(const Transaction& transaction, const Attempts& attempts);
  Status FillSlot(const LogHead& head, const Uuid& owner);

  const Log* const log_;
  NodeCache* const cache_;
  const ContextPtr context_;
  const PublishMethod method_;
  bool tried_ = false;
};

}  // namespace lancer::dataset
