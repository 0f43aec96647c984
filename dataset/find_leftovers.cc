#include "dataset/find_leftovers.h"

#include <algorithm>
#include <utility>

#include "dataset/leftovers.h"
#include "dataset/session.h"

namespace lancer::dataset {
namespace {

// The sessions that have an intent.
struct Intents {
  std::set<std::string> prefixes;
  VersionNumber oldest;  // the lowest version that one of them began at
};

// Where an intent's session began; 0, below all versions, when the intent does not tell.
VersionNumber BeginOf(FileSystem& files, const std::string& path) {
  auto record = ReadRecord(files, path);
  auto intent = record ? ParseIntent(*record) : std::nullopt;
  return intent ? intent->begin : VersionNumber(0);
}

Result<Intents> ReadIntents(FileSystem& files, const DatasetPaths& paths) {
  Intents intents;
  LANCER_ASSIGN_OR_RETURN(std::vector<Uuid> sessions, ListIntents(files, paths));
  for (const Uuid& session : sessions) {
    VersionNumber begin = BeginOf(files, paths.intent(session));
    intents.oldest = intents.prefixes.empty() ? begin : std::min(intents.oldest, begin);
    intents.prefixes.insert(session.Prefix());
  }
  return intents;
}

class Finder {
 public:
  explicit Finder(const Store& store) : store_(store) {}

  Result<SessionFiles> Run(const std::set<std::string>& prefixes, VersionNumber oldest) {
    LANCER_RETURN_IF_ERROR(ListFiles(prefixes));
    LANCER_RETURN_IF_ERROR(LeaveOutNamed(oldest));
    return std::move(found_);
  }

 private:
  Status ListFiles(const std::set<std::string>& prefixes) {
    for (const char* folder : {"data", "_tree"}) {
      LANCER_ASSIGN_OR_RETURN(
          std::vector<FileInfo> entries,
          ListOrNothing(*store_.context->file_system, store_.paths.Path(folder)));
      for (const FileInfo& entry : entries) {
        if (!entry.is_directory && prefixes.contains(SessionPrefixOf(entry.name))) {
          found_.unnamed.emplace(std::string(folder) + "/" + entry.name, entry.size);
        }
      }
    }
    return Status::Ok();
  }

  // Takes out what a version above `oldest` names.
  Status LeaveOutNamed(VersionNumber oldest) {
    if (found_.unnamed.empty()) {
      return Status::Ok();
    }
    LANCER_ASSIGN_OR_RETURN(std::vector<VersionNumber> versions, store_.log.List());
    StoredManifestPtr parent;
    for (VersionNumber version : versions) {
      if (version <= oldest || found_.unnamed.empty()) {
        continue;
      }
      LANCER_ASSIGN_OR_RETURN(StoredManifestPtr stored, store_.log.Load(version));
      if (parent != nullptr) {
        LANCER_RETURN_IF_ERROR(
            CheckParent(*parent, *stored, store_.paths.manifest(version)));
      }
      LANCER_RETURN_IF_ERROR(LeaveOutNamedBy(stored->manifest));
      parent = std::move(stored);
    }
    return Status::Ok();
  }

  Status LeaveOutNamedBy(const Manifest& manifest) {
    // A writer's feature of a later Lancer may name files in ways that this one skips.
    found_.certain = found_.certain && manifest.writer_features.empty();
    for (const SchemaEntry& schema : manifest.schemas) {
      if (schema.file) {
        found_.unnamed.erase(schema.file->path);
      }
    }
    for (const Fragment& fragment : manifest.fragments) {
      found_.unnamed.erase(fragment.file.path);
    }
    return manifest.tree ? LeaveOutTree(*manifest.tree) : Status::Ok();
  }

  // Versions share most of their trees: each node is looked at once.
  Status LeaveOutTree(const Subtree& subtree) {
    if (!seen_.emplace(subtree.node.file.path, subtree.node.offset).second) {
      return Status::Ok();
    }
    found_.unnamed.erase(subtree.node.file.path);
    LANCER_ASSIGN_OR_RETURN(TreeNodePtr node, store_.nodes->Read(subtree));
    for (const Fragment& fragment : node->fragments) {
      found_.unnamed.erase(fragment.file.path);
    }
    for (const Subtree& child : node->children) {
      LANCER_RETURN_IF_ERROR(LeaveOutTree(child));
    }
    return Status::Ok();
  }

  const Store& store_;
  SessionFiles found_;
  std::set<std::pair<std::string, uint64_t>> seen_;
};

}  // namespace

Result<SessionFiles> FindSessionFiles(const Store& store,
                                      const std::set<std::string>& prefixes,
                                      VersionNumber oldest) {
  return Finder(store).Run(prefixes, oldest);
}

Result<LeftoverInfo> FindLeftovers(const Store& store) {
  FileSystem& files = *store.context->file_system;
  LANCER_ASSIGN_OR_RETURN(Intents intents, ReadIntents(files, store.paths));
  LANCER_ASSIGN_OR_RETURN(SessionFiles left,
                          FindSessionFiles(store, intents.prefixes, intents.oldest));
  LeftoverInfo found;
  for (const auto& [path, size] : left.unnamed) {
    ++found.files;
    found.bytes += size;
  }
  LANCER_ASSIGN_OR_RETURN(std::vector<FileInfo> temporaries,
                          ListOrNothing(files, store.paths.temporaries()));
  for (const FileInfo& entry : temporaries) {
    ++found.files;
    found.bytes += entry.size;
  }
  return found;
}

}  // namespace lancer::dataset
