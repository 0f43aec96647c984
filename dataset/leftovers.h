// Leftovers: files of writers that died, under names that tell whose they are.
//
// Thread rule: safe for concurrent calls.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dataset/names.h"
#include "lancer/file_system.h"
#include "lancer/result.h"

namespace lancer::dataset {

// What a folder holds; nothing when there is no such folder.
Result<std::vector<FileInfo>> ListOrNothing(FileSystem& files, const std::string& folder);
// The sessions that have an intent.
Result<std::vector<Uuid>> ListIntents(FileSystem& files, const DatasetPaths& paths);
// Of a session's file: how its name begins, as Uuid::Prefix.
std::string SessionPrefixOf(std::string_view name);

// True for the temporary names that creation uses in the dataset's folder itself.
bool IsCreationTemporary(std::string_view name);

// Removes temporary files of sessions without an intent: such a session ended cleanly, or
// never began. Files that have their names are never touched.
Status RemoveTemporaries(FileSystem& files, const DatasetPaths& paths);

// Removes what an interrupted creation left: files of the sessions that have intents, the
// intents, temporary files. REQUIRES: no version exists, and the caller holds the lock
// that creators hold. Errors: Corruption when files are left that no intent explains, or
// a hint tells of a version: then the log was lost, and nothing is removed.
Status RemoveInterruptedCreation(FileSystem& files, const DatasetPaths& paths);

}  // namespace lancer::dataset
