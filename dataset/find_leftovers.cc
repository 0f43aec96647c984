#include "dataset/find_leftovers.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
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
  return record ? ParseIntent(*record).value_or(VersionNumber(0)) : VersionNumber(0);
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
  explicit Finder(const Store& store)
      : store_(store), files_(*store.context->file_system) {}

  Result<LeftoverInfo> Run() {
    const DatasetPaths& paths = store_.paths;
    LANCER_ASSIGN_OR_RETURN(Intents intents, ReadIntents(files_, paths));
    for (const char* folder : {"data", "_tree"}) {
      LANCER_ASSIGN_OR_RETURN(std::vector<FileInfo> entries,
                              ListOrNothing(files_, paths.Path(folder)));
      for (const FileInfo& entry : entries) {
        if (intents.prefixes.contains(SessionPrefixOf(entry.name))) {
          unnamed_.emplace(std::string(folder) + "/" + entry.name, entry.size);
        }
      }
    }
    LANCER_RETURN_IF_ERROR(LeaveOutNamed(intents.oldest));
    LeftoverInfo found;
    for (const auto& [path, size] : unnamed_) {
      ++found.files;
      found.bytes += size;
    }
    LANCER_ASSIGN_OR_RETURN(std::vector<FileInfo> temporaries,
                            ListOrNothing(files_, paths.temporaries()));
    for (const FileInfo& entry : temporaries) {
      ++found.files;
      found.bytes += entry.size;
    }
    return found;
  }

 private:
  // Takes what a version above `oldest` names out of `unnamed_`.
  Status LeaveOutNamed(VersionNumber oldest) {
    if (unnamed_.empty()) {
      return Status::Ok();
    }
    LANCER_ASSIGN_OR_RETURN(std::vector<VersionNumber> versions, store_.log.List());
    for (VersionNumber version : versions) {
      if (version <= oldest || unnamed_.empty()) {
        continue;
      }
      LANCER_ASSIGN_OR_RETURN(StoredManifestPtr stored, store_.log.Load(version));
      const Manifest& manifest = stored->manifest;
      for (const SchemaEntry& schema : manifest.schemas) {
        if (schema.file) {
          unnamed_.erase(schema.file->path);
        }
      }
      for (const Fragment& fragment : manifest.fragments) {
        unnamed_.erase(fragment.file.path);
      }
      if (manifest.tree) {
        LANCER_RETURN_IF_ERROR(LeaveOutTree(*manifest.tree));
      }
    }
    return Status::Ok();
  }

  // Versions share most of their trees: each node is looked at once.
  Status LeaveOutTree(const Subtree& subtree) {
    if (!seen_.emplace(subtree.node.file.path, subtree.node.offset).second) {
      return Status::Ok();
    }
    unnamed_.erase(subtree.node.file.path);
    LANCER_ASSIGN_OR_RETURN(TreeNodePtr node, store_.nodes->Read(subtree));
    for (const Fragment& fragment : node->fragments) {
      unnamed_.erase(fragment.file.path);
    }
    for (const Subtree& child : node->children) {
      LANCER_RETURN_IF_ERROR(LeaveOutTree(child));
    }
    return Status::Ok();
  }

  const Store& store_;
  FileSystem& files_;
  std::map<std::string, uint64_t> unnamed_;  // path in the dataset, bytes
  std::set<std::pair<std::string, uint64_t>> seen_;
};

}  // namespace

Result<LeftoverInfo> FindLeftovers(const Store& store) { return Finder(store).Run(); }

}  // namespace lancer::dataset
