// Removes what writers left that died: files of their sessions that no version names
// (spec: log, "Dead sessions").
//
// Thread rule: safe for concurrent calls, also of several processes.
#pragma once

#include "dataset/snapshot.h"
#include "lancer/status.h"

namespace lancer::dataset {

// A session is dead when its intent says that it holds a lock, and the lock is free. Of
// such sessions it removes the data files, nodes and temporary files that no version
// since they began names; then, once that is durable, their intents. Nothing is removed
// - of a session that lives, or whose intent does not tell;
// - where locks prove nothing (FileSystem::LocksProveLife);
// - while a version since then cannot be read whole, is void, retired or of a later
// Lancer. Without intents it costs one listing. Waits for the folder's lock only when
// sessions are dead: a commit, which holds it, cannot bring files of theirs meanwhile.
// Errors: Corruption; IoError: some of the files may be gone, the intents stay, and the
// next call goes on.
Status RemoveDeadSessions(const Store& store);

}  // namespace lancer::dataset
