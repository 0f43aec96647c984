// Makes a dataset. Order: folder, FORMAT, sub-folders, intent, data files, version 1.
// Until version 1 is there, the folder counts as absent.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "dataset/dataset_impl.h"
#include "dataset/leftovers.h"
#include "dataset/new_schema.h"
#include "io/posix.h"
#include "types/library_version.h"

namespace lancer {
namespace {

using dataset::DatasetPaths;
using dataset::FormatFile;

// OK when a dataset may be made there. A dataset that is complete is found out later.
Status CheckPlace(FileSystem& files, const std::string& root) {
  LANCER_ASSIGN_OR_RETURN(std::optional<FileInfo> info, files.Stat(root));
  if (!info.has_value()) {
    return Status::Ok();
  }
  if (!info->is_directory) {
    return Status::AlreadyExists(root +
                                 ": is a file; choose another name for the dataset");
  }
  constexpr std::array<std::string_view, 5> kOurs = {"FORMAT", "_log", "_tree", "_tmp",
                                                     "data"};
  LANCER_ASSIGN_OR_RETURN(std::vector<FileInfo> entries, files.List(root));
  for (const FileInfo& entry : entries) {
    bool ours = std::ranges::find(kOurs, entry.name) != kOurs.end() ||
                dataset::IsCreationTemporary(entry.name);
    if (!ours) {
      return Status::AlreadyExists(fmt::format(
          "{}: is a folder with other files in it ({}); choose an empty or a new one",
          root, entry.name));
    }
  }
  return Status::Ok();
}

Result<bool> HoldsVersions(const DatasetPaths& paths, FileSystem& files) {
  LANCER_ASSIGN_OR_RETURN(const std::vector<FileInfo> entries,
                          dataset::ListOrNothing(files, paths.log()));
  return std::ranges::any_of(entries, [](const FileInfo& entry) {
    return dataset::ParseVersionName(entry.name, dataset::kManifestSuffix).has_value();
  });
}

// FORMAT, found or made.
Result<FormatFile> EnsureFormat(const DatasetPaths& paths, const Context& context) {
  FileSystem& files = *context.file_system;
  auto found = dataset::ReadFormatFile(files, paths.format_file());
  if (found || found.error().code() != StatusCode::kNotFound) {
    return found;
  }
  // With another identity the versions that are there could never be opened again.
  LANCER_ASSIGN_OR_RETURN(const bool versions, HoldsVersions(paths, files));
  if (versions) {
    return Status::Corruption(
        paths.root() +
        ": the file FORMAT is missing although versions exist; restore it from a copy of "
        "the dataset");
  }
  FormatFile format;
  LANCER_ASSIGN_OR_RETURN(format.publish_method, files.ProbePublish(paths.root()));
  format.single_host = format.publish_method == PublishMethod::kExclusiveCreate;
  format.table = context.random->NextUuid();
  format.created_us = context.clock->NowMicros();
  format.written_by = LibraryVersion();
  LANCER_ASSIGN_OR_RETURN(dataset::FileImage image, dataset::EncodeFormatFile(format));
  std::string temporary = paths.Path("_tmp-" + context.random->NextUuid().ToString());
  LANCER_ASSIGN_OR_RETURN(
      PublishOutcome outcome,
      dataset::PublishImage(files, image.bytes, paths.format_file(), paths.root(),
                            temporary, format.publish_method));
  if (outcome == PublishOutcome::kCreated) {
    return format;
  }
  // Another creator was faster, or it is ours after all.
  return dataset::ReadFormatFile(files, paths.format_file());
}

// Sub-folders, durably; nothing is made later, so appending needs no flush for it.
Status MakeFolders(const DatasetPaths& paths, FileSystem& files) {
  for (const std::string& folder :
       {paths.log(), paths.intents(), paths.data(), paths.nodes(), paths.temporaries()}) {
    LANCER_RETURN_IF_ERROR(files.CreateDirectory(folder).status());
  }
  LANCER_RETURN_IF_ERROR(files.SyncDirectory(paths.log()));
  return files.SyncDirectory(paths.root());
}

// True when nothing stands in the folders of a dataset but what Create begins with.
bool HoldsNothing(const DatasetPaths& paths, FileSystem& files) {
  for (const std::string& folder :
       {paths.intents(), paths.data(), paths.nodes(), paths.temporaries()}) {
    auto entries = dataset::ListOrNothing(files, folder);
    if (!entries || !entries->empty()) {
      return false;
    }
  }
  auto log = dataset::ListOrNothing(files, paths.log());
  return log && std::ranges::all_of(*log, [](const FileInfo& entry) {
           return entry.name == "intent" || entry.name == "lock";
         });
}

// After a failure: takes away what stands in a folder that Create itself made. Removes
// nothing when a file is left that its intent explains, or when somebody else is there.
void RemoveEmptyDataset(const DatasetPaths& paths, FileSystem& files) {
  if (!HoldsNothing(paths, files)) {
    return;
  }
  (void)files.Remove(paths.lock());
  for (const std::string& folder :
       {paths.intents(), paths.log(), paths.data(), paths.nodes(), paths.temporaries()}) {
    Status removed = files.RemoveDirectory(folder);
    if (!removed.ok() && removed.code() != StatusCode::kNotFound) {
      return;
    }
  }
  (void)files.Remove(paths.format_file());
  (void)files.RemoveDirectory(paths.root());
}

// Creation up to the point where the folder is whole and ours alone.
struct Creation {
  dataset::StorePtr store;
  std::unique_ptr<FileLock> lock;  // null: the file system has none
};

Result<Creation> BeginCreation(const DatasetPaths& paths, const ContextPtr& context) {
  FileSystem& files = *context->file_system;
  LANCER_ASSIGN_OR_RETURN(FormatFile format, EnsureFormat(paths, *context));
  LANCER_RETURN_IF_ERROR(MakeFolders(paths, files));
  Creation creation;
  auto lock = files.Lock(paths.lock());
  if (lock) {
    creation.lock = *std::move(lock);
  } else if (format.publish_method == PublishMethod::kExclusiveCreate) {
    return lock.error();
  }
  creation.store = std::make_shared<const dataset::Store>(paths, std::move(format),
                                                          context, ReaderOptions());
  return creation;
}

}  // namespace

Result<std::shared_ptr<Dataset>> Dataset::Create(const std::string& uri,
                                                 std::unique_ptr<BatchReader> rows,
                                                 WriteOptions options,
                                                 ContextPtr context) {
  LANCER_ASSIGN_OR_RETURN(std::string path, PathFromUri(uri));
  DatasetPaths paths(std::move(path));
  FileSystem& files = *context->file_system;
  LANCER_RETURN_IF_ERROR(rows->schema()->Validate().WithContext(paths.root()));
  LANCER_RETURN_IF_ERROR(dataset::CheckCommitOptions(options.commit));
  LANCER_RETURN_IF_ERROR(CheckPlace(files, paths.root()));
  LANCER_ASSIGN_OR_RETURN(bool made, files.CreateDirectory(paths.root()));
  auto created = Impl::Create(paths, rows.get(), options, context);
  if (!created && made && created.error().code() != StatusCode::kUnknown &&
      created.error().code() != StatusCode::kAlreadyExists) {
    RemoveEmptyDataset(paths, files);
  }
  return created;
}

Result<std::shared_ptr<Dataset>> Dataset::Impl::Create(const DatasetPaths& paths,
                                                       BatchReader* rows,
                                                       const WriteOptions& options,
                                                       const ContextPtr& context) {
  FileSystem& files = *context->file_system;
  LANCER_RETURN_IF_ERROR(files.SyncDirectory(ParentOfPath(paths.root())));
  LANCER_ASSIGN_OR_RETURN(Creation creation, BeginCreation(paths, context));
  auto impl = std::make_unique<Impl>();
  impl->store = creation.store;
  LANCER_ASSIGN_OR_RETURN(dataset::LogHead head,
                          impl->store->log.FindHead(nullptr, false));
  LANCER_ASSIGN_OR_RETURN(dataset::Transaction transaction,
                          impl->BeginTransaction(OperationKind::kCreate, options.commit));
  if (head.manifest != nullptr) {
    if (head.manifest->manifest.version.value == 1 &&
        head.manifest->manifest.FindTransaction(transaction.id) != nullptr) {
      // Our own creation, whose reply was lost.
      LANCER_RETURN_IF_ERROR(files.SyncDirectory(paths.log()));
      LANCER_RETURN_IF_ERROR(impl->MoveTo(std::move(head.manifest)));
      return Wrap(std::move(impl));
    }
    return Status::AlreadyExists(
        paths.root() + ": a dataset is there already; open it, or choose another name");
  }
  if (creation.lock != nullptr) {
    LANCER_RETURN_IF_ERROR(dataset::RemoveInterruptedCreation(files, paths));
  }
  LANCER_RETURN_IF_ERROR(impl->EnsureSession());
  LANCER_ASSIGN_OR_RETURN(dataset::NumberedSchema numbered,
                          dataset::NumberFields(*rows->schema(), 0));
  LANCER_ASSIGN_OR_RETURN(
      transaction.schema,
      dataset::MakeNewSchema(*impl->store, impl->session.get(), *numbered.schema, 0,
                             numbered.next_field));
  LANCER_RETURN_IF_ERROR(
      impl->Write(std::move(transaction), std::move(numbered.schema), rows, options)
          .status());
  return Wrap(std::move(impl));
}

}  // namespace lancer
