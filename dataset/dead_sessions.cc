#include "dataset/dead_sessions.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dataset/find_leftovers.h"
#include "dataset/leftovers.h"
#include "dataset/session.h"

namespace lancer::dataset {
namespace {

struct DeadSession {
  Intent intent;
  std::unique_ptr<FileLock> lock;  // of the intent: no other writer does the same
};

// The sessions that no process lives for. Never waits: whoever holds an intent's lock is
// its session, or about to remove it.
Result<std::vector<DeadSession>> TakeDeadSessions(FileSystem& files,
                                                  const DatasetPaths& paths) {
  std::vector<DeadSession> dead;
  LANCER_ASSIGN_OR_RETURN(std::vector<Uuid> sessions, ListIntents(files, paths));
  if (sessions.empty() || !files.LocksProveLife(paths.intents())) {
    return dead;
  }
  for (const Uuid& session : sessions) {
    const std::string path = paths.intent(session);
    auto lock = files.TryLock(path);
    if (!lock || *lock == nullptr) {
      continue;  // it lives, has just ended, or cannot be told
    }
    auto record = ReadRecord(files, path);
    auto intent = record ? ParseIntent(*record) : std::nullopt;
    if (intent && intent->locked && intent->session == session) {
      dead.push_back({*intent, *std::move(lock)});
    }
  }
  return dead;
}

// Leaves those alone for which not every version since they began can be looked at.
Status KeepUndecided(const Log& log, std::vector<DeadSession>* dead) {
  // The newest version is sound, and no later one was lost as far as the hint tells.
  LANCER_RETURN_IF_ERROR(log.FindHead(nullptr, /*allow_rollback=*/false).status());
  LANCER_ASSIGN_OR_RETURN(const VersionNumber floor, log.ReadFloor());
  LANCER_ASSIGN_OR_RETURN(const LogNames names, log.ListNames());
  const VersionNumber last_void =
      names.tombstones.empty() ? VersionNumber(0) : names.tombstones.back();
  std::erase_if(*dead, [&](const DeadSession& session) {
    return session.intent.begin < std::max(floor, last_void);
  });
  return Status::Ok();
}

Status RemoveFile(FileSystem& files, const std::string& path) {
  Status removed = files.Remove(path);
  return removed.code() == StatusCode::kNotFound ? Status::Ok() : removed;
}

Status RemoveTemporariesOf(FileSystem& files, const DatasetPaths& paths,
                           const std::set<std::string>& prefixes) {
  LANCER_ASSIGN_OR_RETURN(std::vector<FileInfo> entries,
                          ListOrNothing(files, paths.temporaries()));
  for (const FileInfo& entry : entries) {
    if (prefixes.contains(SessionPrefixOf(entry.name))) {
      LANCER_RETURN_IF_ERROR(RemoveFile(files, paths.temporaries() + "/" + entry.name));
    }
  }
  return Status::Ok();
}

Status RemoveFilesOf(const Store& store, const std::vector<DeadSession>& dead) {
  FileSystem& files = *store.context->file_system;
  std::set<std::string> prefixes;
  VersionNumber oldest = dead.front().intent.begin;
  for (const DeadSession& session : dead) {
    prefixes.insert(session.intent.session.Prefix());
    oldest = std::min(oldest, session.intent.begin);
  }
  LANCER_ASSIGN_OR_RETURN(SessionFiles found, FindSessionFiles(store, prefixes, oldest));
  if (!found.certain) {
    return Status::Unsupported(store.paths.root() +
                               ": versions of a later Lancer may name files of writers "
                               "that died");
  }
  for (const auto& [path, size] : found.unnamed) {
    LANCER_RETURN_IF_ERROR(RemoveFile(files, store.paths.Path(path)));
  }
  return RemoveTemporariesOf(files, store.paths, prefixes);
}

}  // namespace

Status RemoveDeadSessions(const Store& store) {
  FileSystem& files = *store.context->file_system;
  const DatasetPaths& paths = store.paths;
  LANCER_ASSIGN_OR_RETURN(std::vector<DeadSession> dead, TakeDeadSessions(files, paths));
  if (dead.empty()) {
    return Status::Ok();
  }
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<FileLock> lock, files.Lock(paths.lock()));
  LANCER_RETURN_IF_ERROR(KeepUndecided(store.log, &dead));
  if (dead.empty()) {
    return Status::Ok();
  }
  LANCER_RETURN_IF_ERROR(RemoveFilesOf(store, dead));
  // After a power cut no removed file may come back, and no version that names a kept one
  // may be gone, without the intent that explains it. Also where nothing was removed just
  // now: another writer may have, and died before its flush.
  for (const std::string& folder : {paths.data(), paths.nodes(), paths.log()}) {
    LANCER_RETURN_IF_ERROR(files.SyncDirectory(folder));
  }
  for (const DeadSession& session : dead) {
    LANCER_RETURN_IF_ERROR(RemoveFile(files, paths.intent(session.intent.session)));
  }
  return Status::Ok();
}

}  // namespace lancer::dataset
