// Log: the versions of a dataset, as `_log` holds them (spec: log).
//
// Ownership: shares the context. Thread rule: safe for concurrent calls.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dataset/head_hint.h"
#include "dataset/manifest_file.h"
#include "dataset/names.h"
#include "lancer/context.h"
#include "lancer/version.h"

namespace lancer::dataset {

// The newest version, as a search found it.
struct LogHead {
  StoredManifestPtr manifest;             // null: no version was ever published
  VersionNumber next;                     // the number that a commit would take
  std::vector<StoredManifestPtr> passed;  // versions above the one the search began at
  bool rolled_back = false;               // newer manifests exist and are damaged
};

// The versions that a listing of `_log` found, ascending, those below the floor too.
struct LogNames {
  std::vector<VersionNumber> manifests;
  std::vector<VersionNumber> tombstones;
};

// OK when `child` names `parent` as its parent. Errors: Corruption naming `path`, the
// child's.
Status CheckParent(const StoredManifest& parent, const StoredManifest& child,
                   const std::string& path);

class Log {
 public:
  Log(DatasetPaths paths, const Uuid& table, ContextPtr context)
      : paths_(std::move(paths)), table_(table), context_(std::move(context)) {}

  const DatasetPaths& paths() const { return paths_; }
  const Uuid& table() const { return table_; }

  // Versions up to this one are retired; 0: none. Errors: Corruption, IoError.
  Result<VersionNumber> ReadFloor() const;
  // Finds the newest version: from `known` upwards, which fills `passed`, else from the
  // hint, else by listing. With `allow_rollback` a damaged newest manifest is passed
  // over. Errors: Corruption for a damaged manifest, a broken chain and gaps; Expired
  // when `known` is at or below the floor.
  Result<LogHead> FindHead(const StoredManifestPtr& known, bool allow_rollback) const;
  // One version. Errors: NotFound; Expired below the floor; Corruption.
  Result<StoredManifestPtr> Load(VersionNumber version) const;
  // The newest of the versions up to `head` whose time is at most `time_us`.
  // Errors: NotFound when all are later.
  Result<StoredManifestPtr> FindByTime(const StoredManifestPtr& head,
                                       int64_t time_us) const;
  // Numbers of the versions above the floor, ascending. Errors: Corruption for gaps.
  Result<std::vector<VersionNumber>> List() const;
  // True when a tombstone says that the version is void.
  Result<bool> IsVoid(VersionNumber version) const;
  // What `_log` holds by name.
  Result<LogNames> ListNames() const;
  // One version, whatever the floor. Errors: NotFound; Corruption; Unsupported.
  Result<StoredManifestPtr> ReadVersion(VersionNumber version) const;
  // Nothing when there is no whole hint.
  std::optional<HeadHint> ReadHint() const;
  // Tells the version to later openings; failures do not matter.
  void WriteHint(const StoredManifest& manifest) const;

 private:
  Result<StoredManifestPtr> LoadHinted(VersionNumber floor) const;
  Result<LogHead> HeadByListing(VersionNumber floor, bool allow_rollback) const;
  Status ProbeUpwards(bool allow_rollback, LogHead* head) const;
  Result<bool> StepOver(VersionNumber* version) const;
  Result<LogHead> FindHeadOnce(const StoredManifestPtr& known, VersionNumber floor,
                               bool allow_rollback) const;

  const DatasetPaths paths_;
  const Uuid table_;
  const ContextPtr context_;
};

}  // namespace lancer::dataset
