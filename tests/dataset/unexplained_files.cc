#include "tests/dataset/unexplained_files.h"

#include "dataset/format_file.h"
#include "dataset/snapshot.h"
#include "tests/dataset/dataset_fixture.h"

namespace lancer::dataset {
namespace {

void AddNames(const Store& store, const Subtree& subtree, std::set<std::string>* names) {
  names->insert(subtree.node.file.path);
  TreeNodePtr node = ValueOrFail(store.nodes->Load(subtree));
  ASSERT_NE(node, nullptr);
  for (const Fragment& fragment : node->fragments) {
    names->insert(fragment.file.path);
  }
  for (const Subtree& child : node->children) {
    AddNames(store, child, names);
  }
}

void AddNames(const Store& store, VersionNumber version, std::set<std::string>* names) {
  StoredManifestPtr stored = ValueOrFail(store.log.Load(version));
  ASSERT_NE(stored, nullptr);
  for (const Fragment& fragment : stored->manifest.fragments) {
    names->insert(fragment.file.path);
  }
  for (const SchemaEntry& schema : stored->manifest.schemas) {
    if (schema.file) {
      names->insert(schema.file->path);
    }
  }
  if (stored->manifest.tree) {
    AddNames(store, *stored->manifest.tree, names);
  }
}

}  // namespace

std::vector<std::string> UnexplainedFiles(const ContextPtr& context,
                                          const std::string& path) {
  const DatasetPaths paths(path);
  FileSystem& files = *context->file_system;
  const Store store(paths, ValueOrFail(ReadFormatFile(files, paths.format_file())),
                    context, ReaderOptions());
  std::set<std::string> names;
  for (VersionNumber version : ValueOrFail(store.log.List())) {
    AddNames(store, version, &names);
  }
  std::vector<std::string> unexplained;
  for (const std::string folder : {"data", "_tree", "_log/intent"}) {
    for (const FileInfo& entry : ValueOrFail(files.List(paths.Path(folder)))) {
      if (!names.contains(folder + "/" + entry.name)) {
        unexplained.push_back(folder + "/" + entry.name);
      }
    }
  }
  return unexplained;
}

}  // namespace lancer::dataset
