#include "dataset/dataset_impl.h"

namespace lancer {

std::string_view OperationName(OperationKind kind) {
  switch (kind) {
    case OperationKind::kCreate:
      return "create";
    case OperationKind::kAppend:
      return "append";
    case OperationKind::kOverwrite:
      return "overwrite";
    case OperationKind::kRestore:
      return "restore";
    case OperationKind::kBarrier:
      return "barrier";
  }
  return "unknown";
}

namespace dataset {

VersionInfo InfoOf(const StoredManifest& stored) {
  const Manifest& manifest = stored.manifest;
  VersionInfo info;
  info.version = manifest.version;
  info.parent = manifest.parent;
  info.time_us = manifest.time_us;
  if (!manifest.operations.empty()) {
    info.operation = manifest.operations.front().kind;
  }
  info.message = manifest.message;
  info.rows = manifest.totals.rows;
  info.fragments = manifest.totals.fragments;
  info.data_bytes = manifest.totals.bytes;
  info.manifest_bytes = stored.size_bytes;
  if (!manifest.transactions.empty()) {
    info.transaction = manifest.transactions.front().id;
  }
  return info;
}

}  // namespace dataset

Result<std::vector<VersionInfo>> Dataset::Versions() const {
  const dataset::Log& log = impl_->store->log;
  LANCER_ASSIGN_OR_RETURN(std::vector<VersionNumber> versions, log.List());
  std::vector<VersionInfo> infos;
  infos.reserve(versions.size());
  for (VersionNumber version : versions) {
    auto stored = log.Load(version);
    if (!stored && impl_->rolled_back && version > this->version() &&
        stored.error().code() == StatusCode::kCorruption) {
      continue;
    }
    LANCER_RETURN_IF_ERROR(stored.status());
    infos.push_back(dataset::InfoOf(**stored));
  }
  return infos;
}

}  // namespace lancer
