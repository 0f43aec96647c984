#include "dataset/leftovers.h"

#include <set>
#include <string>
#include <vector>

namespace lancer::dataset {
namespace {

// Prefixes of the sessions that have an intent.
Result<std::set<std::string>> IntentPrefixes(FileSystem& files,
                                             const DatasetPaths& paths) {
  LANCER_ASSIGN_OR_RETURN(std::vector<Uuid> sessions, ListIntents(files, paths));
  std::set<std::string> prefixes;
  for (const Uuid& session : sessions) {
    prefixes.insert(session.Prefix());
  }
  return prefixes;
}

Result<std::vector<std::string>> NamesIn(FileSystem& files, const std::string& folder) {
  LANCER_ASSIGN_OR_RETURN(std::vector<FileInfo> entries, ListOrNothing(files, folder));
  std::vector<std::string> names;
  for (const FileInfo& entry : entries) {
    if (!entry.is_directory) {
      names.push_back(entry.name);
    }
  }
  return names;
}

Status RemoveAll(FileSystem& files, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    Status removed = files.Remove(path);
    if (!removed.ok() && removed.code() != StatusCode::kNotFound) {
      return removed;
    }
  }
  return Status::Ok();
}

}  // namespace

Result<std::vector<FileInfo>> ListOrNothing(FileSystem& files,
                                            const std::string& folder) {
  auto entries = files.List(folder);
  bool absent = !entries && entries.error().code() == StatusCode::kNotFound;
  return absent ? Result<std::vector<FileInfo>>(std::vector<FileInfo>()) : entries;
}

Result<std::vector<Uuid>> ListIntents(FileSystem& files, const DatasetPaths& paths) {
  LANCER_ASSIGN_OR_RETURN(std::vector<FileInfo> entries,
                          ListOrNothing(files, paths.intents()));
  std::vector<Uuid> sessions;
  for (const FileInfo& entry : entries) {
    if (auto session = Uuid::Parse(entry.name)) {
      sessions.push_back(*session);
    }
  }
  return sessions;
}

std::string SessionPrefixOf(std::string_view name) {
  constexpr size_t kPrefixSize = 16;
  return std::string(name.substr(0, kPrefixSize));
}

bool IsCreationTemporary(std::string_view name) {
  return name.starts_with("_tmp-") || name.starts_with(".probe-");
}

Status RemoveTemporaries(FileSystem& files, const DatasetPaths& paths) {
  // Names first: a session that begins later has an intent before it has temporaries.
  LANCER_ASSIGN_OR_RETURN(std::vector<std::string> names,
                          NamesIn(files, paths.temporaries()));
  LANCER_ASSIGN_OR_RETURN(std::set<std::string> alive, IntentPrefixes(files, paths));
  std::vector<std::string> found;
  for (const std::string& name : names) {
    if (!alive.contains(SessionPrefixOf(name))) {
      found.push_back(paths.temporaries() + "/" + name);
    }
  }
  return RemoveAll(files, found);
}

Status RemoveInterruptedCreation(FileSystem& files, const DatasetPaths& paths) {
  LANCER_ASSIGN_OR_RETURN(std::optional<FileInfo> hint, files.Stat(paths.head()));
  if (hint.has_value()) {
    return Status::Corruption(paths.root() +
                              ": _log/HEAD tells of a version, but there is no manifest: "
                              "the log was lost; nothing was changed");
  }
  LANCER_ASSIGN_OR_RETURN(std::set<std::string> known, IntentPrefixes(files, paths));
  std::vector<std::string> found;
  for (const std::string& folder : {paths.data(), paths.nodes()}) {
    LANCER_ASSIGN_OR_RETURN(std::vector<std::string> names, NamesIn(files, folder));
    for (const std::string& name : names) {
      if (!known.contains(SessionPrefixOf(name))) {
        return Status::Corruption(paths.root() + ": there is no version, but " + folder +
                                  "/" + name +
                                  " exists: the log was lost; nothing was changed");
      }
      found.push_back(folder + "/" + name);
    }
  }
  LANCER_RETURN_IF_ERROR(RemoveAll(files, found));
  found.clear();
  // Intents go last, so that another interruption is explained too: by a power cut as
  // well, after which files may come back.
  if (!known.empty()) {
    for (const std::string& folder : {paths.data(), paths.nodes()}) {
      LANCER_RETURN_IF_ERROR(files.SyncDirectory(folder));
    }
  }
  for (const std::string& folder : {paths.temporaries(), paths.intents()}) {
    LANCER_ASSIGN_OR_RETURN(std::vector<std::string> names, NamesIn(files, folder));
    for (const std::string& name : names) {
      found.push_back(folder + "/" + name);
    }
  }
  LANCER_ASSIGN_OR_RETURN(std::vector<std::string> names, NamesIn(files, paths.root()));
  for (const std::string& name : names) {
    if (IsCreationTemporary(name)) {
      found.push_back(paths.Path(name));
    }
  }
  return RemoveAll(files, found);
}

}  // namespace lancer::dataset
