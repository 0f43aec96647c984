#include "dataset/leftovers.h"

#include <set>
#include <string>
#include <vector>

namespace lancer::dataset {
namespace {

// Prefixes of the sessions that have an intent.
Result<std::set<std::string>> IntentPrefixes(FileSystem& files, const Layout& layout) {
  LANCER_ASSIGN_OR_RETURN(std::vector<Uuid> sessions, ListIntents(files, layout));
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
  return Status();
}

}  // namespace

Result<std::vector<FileInfo>> ListOrNothing(FileSystem& files,
                                            const std::string& folder) {
  auto entries = files.List(folder);
  bool absent = !entries && entries.error().code() == StatusCode::kNotFound;
  return absent ? Result<std::vector<FileInfo>>(std::vector<FileInfo>()) : entries;
}

Result<std::vector<Uuid>> ListIntents(FileSystem& files, const Layout& layout) {
  LANCER_ASSIGN_OR_RETURN(std::vector<FileInfo> entries,
                          ListOrNothing(files, layout.intents()));
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

Status RemoveTemporaries(FileSystem& files, const Layout& layout) {
  // Names first: a session that begins later has an intent before it has temporaries.
  LANCER_ASSIGN_OR_RETURN(std::vector<std::string> names,
                          NamesIn(files, layout.temporaries()));
  LANCER_ASSIGN_OR_RETURN(std::set<std::string> alive, IntentPrefixes(files, layout));
  std::vector<std::string> paths;
  for (const std::string& name : names) {
    if (!alive.contains(SessionPrefixOf(name))) {
      paths.push_back(layout.temporaries() + "/" + name);
    }
  }
  return RemoveAll(files, paths);
}

Status RemoveInterruptedCreation(FileSystem& files, const Layout& layout) {
  LANCER_ASSIGN_OR_RETURN(std::optional<FileInfo> hint, files.Stat(layout.head()));
  if (hint.has_value()) {
    return Status::Corruption(layout.root() +
                              ": _log/HEAD tells of a version, but there is no manifest: "
                              "the log was lost; nothing was changed");
  }
  LANCER_ASSIGN_OR_RETURN(std::set<std::string> known, IntentPrefixes(files, layout));
  std::vector<std::string> paths;
  for (const std::string& folder : {layout.data(), layout.nodes()}) {
    LANCER_ASSIGN_OR_RETURN(std::vector<std::string> names, NamesIn(files, folder));
    for (const std::string& name : names) {
      if (!known.contains(SessionPrefixOf(name))) {
        return Status::Corruption(layout.root() + ": there is no version, but " + folder +
                                  "/" + name +
                                  " exists: the log was lost; nothing was changed");
      }
      paths.push_back(folder + "/" + name);
    }
  }
  // Intents go last, so that another interruption is explained too.
  for (const std::string& folder : {layout.temporaries(), layout.intents()}) {
    LANCER_ASSIGN_OR_RETURN(std::vector<std::string> names, NamesIn(files, folder));
    for (const std::string& name : names) {
      paths.push_back(folder + "/" + name);
    }
  }
  LANCER_ASSIGN_OR_RETURN(std::vector<std::string> names, NamesIn(files, layout.root()));
  for (const std::string& name : names) {
    if (IsCreationTemporary(name)) {
      paths.push_back(layout.Path(name));
    }
  }
  return RemoveAll(files, paths);
}

}  // namespace lancer::dataset
