#include "lancer/dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "dataset/dataset_impl.h"
#include "dataset/dead_sessions.h"
#include "dataset/find_leftovers.h"
#include "dataset/leftovers.h"
#include "dataset/scan.h"
#include "dataset/take.h"
#include "dataset/verify.h"

namespace lancer {
namespace {

using dataset::DatasetPaths;
using dataset::FragmentHit;
using dataset::LogHead;
using dataset::StoredManifestPtr;

// The error for a folder without FORMAT, with advice where the reason can be guessed.
Status NoDataset(FileSystem& files, const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::optional<FileInfo> info, files.Stat(path));
  if (!info.has_value()) {
    return Status::NotFound(path + ": there is no such folder");
  }
  if (!info->is_directory) {
    return Status::InvalidArgument(
        path + ": is a file, no dataset; a single file is opened by FileReader");
  }
  if (auto entries = files.List(path)) {
    for (const FileInfo& entry : *entries) {
      if (entry.name == "_versions" || entry.name.ends_with(".lance")) {
        return Status::InvalidArgument(
            path +
            ": is a dataset of the original Lance format, which Lancer does not "
            "read; export it with pylance, for example to Parquet, and convert "
            "that with lance-convert");
      }
    }
  }
  return Status::NotFound(path + ": is no Lancer dataset (it has no file FORMAT)");
}

Result<dataset::FormatFile> ReadFormat(FileSystem& files, const DatasetPaths& paths) {
  auto format = dataset::ReadFormatFile(files, paths.format_file());
  if (format) {
    return format;
  }
  // What cannot even be asked for is not known to be absent.
  auto info = files.Stat(paths.format_file());
  const bool absent = info && !info->has_value();
  return absent ? NoDataset(files, paths.root()) : format.error();
}

// The newest version. Says what can be done when it is damaged.
Result<LogHead> FindHead(const dataset::Log& log, const OpenOptions& options) {
  auto head = log.FindHead(nullptr, options.allow_rollback);
  if (head || options.allow_rollback || head.error().code() != StatusCode::kCorruption) {
    return head;
  }
  auto sound = log.FindHead(nullptr, /*allow_rollback=*/true);
  if (!sound || sound->manifest == nullptr || !sound->rolled_back) {
    return head;
  }
  return Status::Corruption(fmt::format(
      "{}; version {} is the newest sound one: open it by its number, or with "
      "allow_rollback (lance-inspect --allow-rollback)",
      head.error().message(), sound->manifest->manifest.version.value));
}

// The version that the options ask for, and whether it was rolled back to.
Result<std::pair<StoredManifestPtr, bool>> ChooseVersion(const dataset::Log& log,
                                                         const OpenOptions& options) {
  if (options.version.has_value() && options.time_us.has_value()) {
    return Status::InvalidArgument("give a version or a time, not both");
  }
  if (options.version.has_value()) {
    // Without a look at the newest, which may be damaged.
    auto stored = log.Load(*options.version);
    if (stored || stored.error().code() != StatusCode::kNotFound) {
      LANCER_RETURN_IF_ERROR(stored.status());
      return std::pair(*std::move(stored), false);
    }
  }
  LANCER_ASSIGN_OR_RETURN(LogHead head, FindHead(log, options));
  if (head.manifest == nullptr) {
    return Status::NotFound(log.paths().root() +
                            ": has no version: its creation was interrupted; create it "
                            "again");
  }
  if (options.version.has_value()) {
    return Status::NotFound(fmt::format("{}: there is no version {}; the newest is {}",
                                        log.paths().root(), options.version->value,
                                        head.manifest->manifest.version.value));
  }
  if (options.time_us.has_value()) {
    LANCER_ASSIGN_OR_RETURN(head.manifest,
                            log.FindByTime(head.manifest, *options.time_us));
  }
  return std::pair(std::move(head.manifest), head.rolled_back);
}

}  // namespace

Dataset::Dataset(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Dataset::~Dataset() = default;

Status Dataset::Impl::MoveTo(StoredManifestPtr manifest) {
  LANCER_ASSIGN_OR_RETURN(snapshot, dataset::Snapshot::Load(*store, std::move(manifest)));
  return Status::Ok();
}

Result<std::shared_ptr<Dataset>> Dataset::Open(const std::string& uri,
                                               OpenOptions options, ContextPtr context) {
  LANCER_ASSIGN_OR_RETURN(std::string path, PathFromUri(uri));
  DatasetPaths paths(std::move(path));
  LANCER_ASSIGN_OR_RETURN(dataset::FormatFile format,
                          ReadFormat(*context->file_system, paths));
  auto impl = std::make_unique<Impl>();
  impl->store = std::make_shared<const dataset::Store>(
      std::move(paths), std::move(format), std::move(context),
      ReaderOptions{.map = options.map});
  LANCER_ASSIGN_OR_RETURN(auto chosen, ChooseVersion(impl->store->log, options));
  impl->rolled_back = chosen.second;
  LANCER_RETURN_IF_ERROR(impl->MoveTo(std::move(chosen.first)));
  return Impl::Wrap(std::move(impl));
}

Result<bool> Dataset::Refresh() {
  const StoredManifestPtr& known = impl_->snapshot->stored();
  LANCER_ASSIGN_OR_RETURN(LogHead head, impl_->store->log.FindHead(known, false));
  impl_->rolled_back = false;
  if (head.manifest->manifest.version == known->manifest.version) {
    return false;
  }
  LANCER_RETURN_IF_ERROR(impl_->MoveTo(std::move(head.manifest)));
  return true;
}

const std::string& Dataset::path() const { return impl_->store->paths.root(); }
const Uuid& Dataset::uuid() const { return impl_->store->format.table; }
VersionNumber Dataset::version() const { return impl_->snapshot->manifest().version; }
const std::shared_ptr<const Schema>& Dataset::schema() const {
  return impl_->snapshot->schema();
}
uint64_t Dataset::row_count() const { return impl_->snapshot->fragments().row_count(); }
VersionInfo Dataset::info() const { return dataset::InfoOf(*impl_->snapshot->stored()); }
bool Dataset::rolled_back() const { return impl_->rolled_back; }

Result<std::unique_ptr<BatchReader>> Dataset::Scan(const ScanOptions& options) const {
  return dataset::DatasetScan::Make(impl_->store, impl_->snapshot, options);
}

Result<Batch> Dataset::Head(uint64_t n, const TakeOptions& options) const {
  ScanOptions scan;
  scan.columns = options.columns;
  scan.limit = n;
  scan.verify = options.verify;
  scan.cancel = options.cancel;
  scan.memory_budget_bytes =
      std::min(scan.memory_budget_bytes, options.memory_budget_bytes);
  scan.row_budget_bytes = options.memory_budget_bytes;
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<BatchReader> rows, Scan(scan));
  return dataset::JoinBatches(rows.get(), options.memory_budget_bytes, path());
}

Result<Batch> Dataset::Take(std::span<const RowPosition> rows,
                            const TakeOptions& options) const {
  return dataset::TakePositions(*impl_->store, *impl_->snapshot, rows, options);
}

Result<Batch> Dataset::TakeIds(std::span<const RowId> ids,
                               const TakeOptions& options) const {
  return dataset::TakeRowIds(*impl_->store, *impl_->snapshot, ids, options);
}

Result<std::vector<RowId>> Dataset::RowIds(std::span<const RowPosition> rows) const {
  return dataset::RowIdsAt(*impl_->store, *impl_->snapshot, rows);
}

Result<std::vector<FragmentInfo>> Dataset::Fragments() const {
  std::vector<FragmentInfo> infos;
  LANCER_RETURN_IF_ERROR(
      impl_->snapshot->fragments().VisitAll([&](const dataset::Fragment& fragment) {
        infos.push_back({.id = fragment.id,
                         .rows = fragment.rows,
                         .first_row_id = RowId(fragment.row_ids.front().first),
                         .path = fragment.file.path,
                         .size_bytes = fragment.file.size,
                         .digest = fragment.file.digest});
        return Status::Ok();
      }));
  return infos;
}

Result<std::shared_ptr<const FileReader>> Dataset::OpenFragment(FragmentId id) const {
  LANCER_ASSIGN_OR_RETURN(std::optional<FragmentHit> hit,
                          impl_->snapshot->fragments().WithId(id));
  if (!hit.has_value()) {
    return Status::NotFound(fmt::format("{}: version {} has no fragment {}", path(),
                                        version().value, id.value));
  }
  return impl_->store->readers.Get(*hit->fragment, schema());
}

Result<LeftoverInfo> Dataset::FindLeftovers() const {
  return dataset::FindLeftovers(*impl_->store);
}

Status Dataset::RemoveLeftovers() {
  LANCER_RETURN_IF_ERROR(dataset::RemoveDeadSessions(*impl_->store));
  return dataset::RemoveTemporaries(*impl_->store->context->file_system,
                                    impl_->store->paths);
}

Result<VerifyReport> Dataset::Verify(const VerifyOptions& options) const {
  return dataset::VerifyVersion(*impl_->store, *impl_->snapshot, options);
}

}  // namespace lancer
