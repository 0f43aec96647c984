#include "dataset/commit.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "dataset/conflict_matrix.h"
#include "dataset/node_file.h"

namespace lancer::dataset {
namespace {

// How often the same bytes are offered to one slot before the answer is Unknown.
constexpr int kSlotTries = 3;
constexpr int64_t kMaxPauseMicros = 20'000;

Status UnknownOutcome(const Uuid& transaction, std::string_view why) {
  return Status::Unknown(fmt::format(
      "it is not known whether transaction {} was committed ({}); nothing was deleted; "
      "commit it again with the same id: it is applied once",
      transaction.ToString(), why));
}

Status ConflictError(const Transaction& transaction, const Manifest& committed) {
  OperationKind kind = committed.operations.empty() ? OperationKind::kBarrier
                                                    : committed.operations.front().kind;
  return Status::Conflict(fmt::format(
      "{} cannot be committed: version {} ({}) was committed meanwhile; open the newest "
      "version and decide again",
      OperationName(transaction.kind), committed.version.value, OperationName(kind)));
}

Status CheckSameOperations(const TransactionRecord& record, const Transaction& again) {
  if (record.operations != DigestOfOperations(again)) {
    return Status::InvalidArgument(
        fmt::format("transaction {} was committed before with other rows or another "
                    "operation; use a new id",
                    again.id.ToString()));
  }
  return Status::Ok();
}

}  // namespace

// The version whose transaction has the position: the one that the head names, or one
// below it where later positions were applied since.
Result<StoredManifestPtr> Committer::FindPosition(const LogHead& head,
                                                  const AppPosition& position,
                                                  int64_t deadline_us) const {
  const auto& appliers = head.manifest->manifest.appliers;
  auto last = appliers.find(position.app);
  VersionNumber version =
      last == appliers.end() ? VersionNumber(0) : last->second.version;
  while (version.value != 0) {
    LANCER_ASSIGN_OR_RETURN(StoredManifestPtr stored, log_->Load(version));
    for (const TransactionRecord& record : stored->manifest.transactions) {
      if (record.app == position.app && record.epoch == position.epoch &&
          record.sequence == position.sequence) {
        return stored;
      }
    }
    if (context_->clock->MonotonicMicros() >= deadline_us) {
      return Status::Unknown(fmt::format(
          "{}: application {}: sequence {} of epoch {} was applied before, by a version "
          "below {} that was not found in time; ask again with a longer timeout",
          log_->paths().root(), position.app, position.sequence, position.epoch,
          version.value));
    }
    version = stored->manifest.parent;
  }
  return Status::NotFound("the position was not found");
}

// The version that applied a transaction earlier, when `head` or one of `passed` tells.
// Errors: InvalidArgument when the uuid was used for other operations.
Result<StoredManifestPtr> Committer::FindApplied(const LogHead& head,
                                                 const Transaction& transaction,
                                                 int64_t deadline_us) const {
  for (const StoredManifestPtr& stored : head.passed) {
    if (const auto* record = stored->manifest.FindTransaction(transaction.id)) {
      LANCER_RETURN_IF_ERROR(CheckSameOperations(*record, transaction));
      return stored;
    }
  }
  for (const RecentTransaction& recent : head.manifest->manifest.recent) {
    if (recent.id == transaction.id) {
      LANCER_ASSIGN_OR_RETURN(StoredManifestPtr stored, log_->Load(recent.version));
      const auto* record = stored->manifest.FindTransaction(transaction.id);
      if (record != nullptr) {
        LANCER_RETURN_IF_ERROR(CheckSameOperations(*record, transaction));
      }
      return stored;
    }
  }
  if (!transaction.app.has_value()) {
    return StoredManifestPtr();
  }
  LANCER_ASSIGN_OR_RETURN(AppStanding standing,
                          JudgeAppPosition(*transaction.app, head.manifest->manifest));
  if (standing != AppStanding::kApplied) {
    return StoredManifestPtr();
  }
  auto found = FindPosition(head, *transaction.app, deadline_us);
  bool retired = !found && (found.error().code() == StatusCode::kNotFound ||
                            found.error().code() == StatusCode::kExpired);
  // A version that was retired is the head as far as anyone can tell.
  return retired ? Result<StoredManifestPtr>(head.manifest) : found;
}

// What the data steps claim to have published is there, as large as they say.
Status Committer::CheckFiles(const Transaction& transaction) const {
  for (const NewFragment& fragment : transaction.fragments) {
    std::string path = log_->paths().Path(fragment.file.path);
    LANCER_ASSIGN_OR_RETURN(std::optional<FileInfo> info,
                            context_->file_system->Stat(path));
    if (!info.has_value() || info->size != fragment.file.size) {
      return Status::Corruption(fmt::format(
          "{}: new data file: expected {} bytes, found {}", path, fragment.file.size,
          info ? std::to_string(info->size) : std::string("no file")));
    }
  }
  return Status::Ok();
}

Status Committer::CheckConflicts(const LogHead& head,
                                 const Transaction& transaction) const {
  for (const StoredManifestPtr& stored : head.passed) {
    const Manifest& committed = stored->manifest;
    for (const OperationRecord& operation : committed.operations) {
      Verdict verdict = JudgeConflict(transaction.kind, operation.kind);
      if (verdict == Verdict::kAbort ||
          (verdict == Verdict::kRedoUnlessForced && !transaction.force)) {
        return ConflictError(transaction, committed);
      }
    }
  }
  if (transaction.schema.has_value() && head.manifest != nullptr &&
      head.manifest->manifest.next.field > transaction.schema->first_field) {
    return Status::Conflict(fmt::format(
        "{} cannot be committed: the schema was replaced meanwhile (version {}); open "
        "the newest version and write again",
        OperationName(transaction.kind), head.manifest->manifest.version.value));
  }
  return Status::Ok();
}

// Publishes `bytes` as the manifest of `version`, unless another one is there.
Result<Committer::Slot> Committer::TakeSlot(VersionNumber version,
                                            std::span<const std::byte> bytes,
                                            const Uuid& transaction, Attempts* attempts) {
  const DatasetPaths& paths = log_->paths();
  std::string path = paths.manifest(version);
  attempts->slots.push_back(version);
  tried_ = true;
  for (int i = 0; i < kSlotTries; ++i) {
    Uuid name = context_->random->NextUuid();
    auto outcome = PublishImage(*context_->file_system, bytes, path, paths.log(),
                                paths.temporary(attempts->owner, name), method_);
    if (!outcome) {
      return attempts->unknown ? UnknownOutcome(transaction, outcome.error().message())
                               : outcome.error();
    }
    if (*outcome == PublishOutcome::kCreated) {
      return Slot::kOurs;
    }
    // The name may be there because a first try of ours was carried out unseen.
    attempts->unknown = attempts->unknown || *outcome == PublishOutcome::kUnknown;
    auto stored = log_->Load(version);
    if (stored) {
      return (*stored)->manifest.FindTransaction(transaction) != nullptr ? Slot::kOurs
                                                                         : Slot::kTaken;
    }
    if (stored.error().code() != StatusCode::kNotFound) {
      return UnknownOutcome(transaction, stored.error().message());
    }
  }
  return UnknownOutcome(transaction, path + ": publishing fails half-way");
}

// The name is ours: makes it durable, then looks whether it still counts.
Result<CommitOutcome> Committer::Confirm(StoredManifestPtr ours,
                                         const Transaction& transaction,
                                         const Attempts& attempts) {
  FileSystem& files = *context_->file_system;
  Status synced = files.SyncDirectory(log_->paths().log());
  if (!synced.ok()) {
    return UnknownOutcome(transaction.id, synced.message());
  }
  VersionNumber version = ours->manifest.version;
  auto floor = log_->ReadFloor();
  auto is_void = log_->IsVoid(version);
  auto after = files.Stat(log_->paths().manifest(VersionNumber(version.value + 1)));
  if (!floor || !is_void || !after) {
    return UnknownOutcome(transaction.id, "the log could not be read afterwards");
  }
  bool counts = *floor < version && !*is_void;
  if (counts && after->has_value()) {
    auto child = log_->Load(VersionNumber(version.value + 1));
    counts = child && (*child)->manifest.parent_digest == ours->digest;
  }
  if (!counts) {
    return Resolve(transaction, attempts);
  }
  log_->WriteHint(*ours);
  return CommitOutcome{.manifest = ours, .head = ours, .already_committed = false};
}

// One try at the newest version. Nothing: another commit was faster.
Result<std::optional<CommitOutcome>> Committer::Attempt(const Transaction& transaction,
                                                        TreeSpill* spill,
                                                        Attempts* attempts) {
  LANCER_ASSIGN_OR_RETURN(LogHead head, log_->FindHead(transaction.read, false));
  if (head.manifest != nullptr) {
    LANCER_ASSIGN_OR_RETURN(StoredManifestPtr applied,
                            FindApplied(head, transaction, attempts->deadline_us));
    if (applied != nullptr) {
      // It may have been seen before it was durable.
      Status synced = context_->file_system->SyncDirectory(log_->paths().log());
      if (!synced.ok()) {
        return UnknownOutcome(transaction.id, synced.message());
      }
      return std::optional(CommitOutcome{
          .manifest = applied, .head = head.manifest, .already_committed = true});
    }
    if (transaction.kind == OperationKind::kCreate) {
      return Status::AlreadyExists(
          log_->paths().root() +
          ": a dataset is there already; open it, or choose another name");
    }
    if (!head.manifest->manifest.writer_features.empty()) {
      return Status::Unsupported(fmt::format(
          "{}: writing needs the feature '{}' of a newer version of Lancer",
          log_->paths().root(), head.manifest->manifest.writer_features.front()));
    }
  }
  LANCER_RETURN_IF_ERROR(CheckConflicts(head, transaction));
  LANCER_ASSIGN_OR_RETURN(Manifest manifest,
                          MakeNextManifest(head.manifest.get(), transaction,
                                           {.version = head.next,
                                            .now_us = context_->clock->NowMicros(),
                                            .table = log_->table()},
                                           spill));
  LANCER_ASSIGN_OR_RETURN(FileImage image, EncodeManifestFile(manifest));
  LANCER_ASSIGN_OR_RETURN(Slot slot,
                          TakeSlot(head.next, image.bytes, transaction.id, attempts));
  if (slot == Slot::kTaken) {
    return std::optional<CommitOutcome>();
  }
  auto ours = std::make_shared<StoredManifest>();
  ours->manifest = std::move(manifest);
  ours->digest = image.ref.digest;
  ours->size_bytes = image.bytes.size();
  LANCER_ASSIGN_OR_RETURN(CommitOutcome outcome,
                          Confirm(std::move(ours), transaction, *attempts));
  return std::optional(std::move(outcome));
}

// Publishes a version that changes nothing, so that its number is taken.
Status Committer::FillSlot(const LogHead& head, const Uuid& owner) {
  Transaction barrier;
  barrier.id = context_->random->NextUuid();
  barrier.kind = OperationKind::kBarrier;
  LANCER_ASSIGN_OR_RETURN(Manifest manifest,
                          MakeNextManifest(head.manifest.get(), barrier,
                                           {.version = head.next,
                                            .now_us = context_->clock->NowMicros(),
                                            .table = log_->table()},
                                           nullptr));
  LANCER_ASSIGN_OR_RETURN(FileImage image, EncodeManifestFile(manifest));
  Attempts attempts;
  attempts.owner = owner;
  LANCER_RETURN_IF_ERROR(
      TakeSlot(head.next, image.bytes, barrier.id, &attempts).status());
  return context_->file_system->SyncDirectory(log_->paths().log());
}

// Finds out whether one of the attempts was carried out: yes when a version names the
// transaction, no when every number that was tried holds another transaction.
Result<CommitOutcome> Committer::Resolve(const Transaction& transaction,
                                         const Attempts& attempts) {
  while (true) {
    auto head = log_->FindHead(transaction.read, false);
    if (!head || head->manifest == nullptr) {
      return UnknownOutcome(transaction.id,
                            head ? "the log is empty" : head.error().message());
    }
    for (const StoredManifestPtr& stored : head->passed) {
      if (stored->manifest.FindTransaction(transaction.id) != nullptr) {
        Status synced = context_->file_system->SyncDirectory(log_->paths().log());
        return synced.ok() ? Result<CommitOutcome>(CommitOutcome{.manifest = stored,
                                                                 .head = head->manifest})
                           : UnknownOutcome(transaction.id, synced.message());
      }
    }
    bool open = std::ranges::any_of(
        attempts.slots, [&](VersionNumber slot) { return slot >= head->next; });
    if (!open) {
      return Status::Conflict(fmt::format(
          "transaction {} was not committed: other versions took its place; try again",
          transaction.id.ToString()));
    }
    if (Status filled = FillSlot(*head, attempts.owner); !filled.ok()) {
      return UnknownOutcome(transaction.id, filled.message());
    }
  }
}

Result<CommitOutcome> Committer::Commit(const Transaction& transaction, Session* session,
                                        int64_t timeout_us) {
  FileSystem& files = *context_->file_system;
  const DatasetPaths& paths = log_->paths();
  Attempts attempts;
  attempts.deadline_us = context_->clock->MonotonicMicros() + timeout_us;
  attempts.owner = session == nullptr ? transaction.id : session->id();
  // For fairness only, unless names can be made safely in no other way. A creator holds
  // the lock already.
  std::unique_ptr<FileLock> lock;
  if (transaction.kind != OperationKind::kCreate) {
    auto taken = files.Lock(paths.lock());
    if (taken) {
      lock = *std::move(taken);
    } else if (method_ == PublishMethod::kExclusiveCreate) {
      return taken.error();
    }
  }
  if (session != nullptr) {
    LANCER_RETURN_IF_ERROR(session->CheckIntent());
  }
  LANCER_RETURN_IF_ERROR(CheckFiles(transaction));
  TreeSpill spill(cache_, [&](const FileImage& image) -> Result<format::FileRef> {
    if (session == nullptr) {
      return Status::Internal("a list overflows but no session can write nodes");
    }
    return PublishNodes(paths, files, session, image);
  });
  for (uint64_t lost = 0;; ++lost) {
    auto outcome = Attempt(transaction, &spill, &attempts);
    if (!outcome) {
      bool certain = !attempts.unknown || outcome.error().code() == StatusCode::kUnknown;
      return certain ? outcome.error()
                     : UnknownOutcome(transaction.id, outcome.error().message());
    }
    if (outcome->has_value()) {
      return **std::move(outcome);
    }
    if (context_->clock->MonotonicMicros() >= attempts.deadline_us) {
      return attempts.unknown
                 ? Resolve(transaction, attempts)
                 : Status::Conflict(fmt::format(
                       "{}: not committed within {} ms: {} other commits were faster",
                       paths.root(), timeout_us / 1000, lost + 1));
    }
    int64_t most =
        std::min<int64_t>(kMaxPauseMicros, 500ll << std::min<uint64_t>(lost, 6));
    context_->clock->SleepMicros(
        static_cast<int64_t>(context_->random->Next() % static_cast<uint64_t>(most)));
  }
}

}  // namespace lancer::dataset
