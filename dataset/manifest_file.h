// A manifest as a file: a container whose section "manifest" holds the table.
//
// Ownership: values. Thread rule: safe for concurrent calls.
#pragma once

#include <memory>
#include <string>

#include "dataset/file_image.h"
#include "dataset/manifest.h"
#include "lancer/file_system.h"

namespace lancer::dataset {

// A manifest as it was found, with what references to it state.
struct StoredManifest {
  Manifest manifest;
  Digest digest;
  uint64_t size_bytes = 0;
};
using StoredManifestPtr = std::shared_ptr<const StoredManifest>;

// Errors: ResourceExhausted for a manifest over its size limits.
Result<FileImage> EncodeManifestFile(const Manifest& manifest);

// Reads and checks a whole manifest; it must be version `version` of table `table`.
// Does I/O. Errors: NotFound; Corruption; Unsupported.
Result<StoredManifestPtr> ReadManifestFile(FileSystem& file_system,
                                           const std::string& path, const Uuid& table,
                                           VersionNumber version);

}  // namespace lancer::dataset
