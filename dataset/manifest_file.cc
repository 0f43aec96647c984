#include "dataset/manifest_file.h"

#include <fmt/format.h>

#include <utility>

namespace lancer::dataset {
namespace {

constexpr std::string_view kSection = "manifest";

// The frame, and tables around what the limits are about.
constexpr size_t kSlackBytes = 4096;

}  // namespace

Result<FileImage> EncodeManifestFile(const Manifest& manifest) {
  std::vector<std::byte> table = SerializeManifest(manifest);
  if (table.size() > kMaxManifestBytes + kInlineFragmentBytes - kSlackBytes) {
    return Status::ResourceExhausted(fmt::format(
        "manifest of version {}: {} bytes, at most {} are allowed; shorten its message",
        manifest.version.value, table.size(),
        kMaxManifestBytes + kInlineFragmentBytes - kSlackBytes));
  }
  return MakeSectionImage(format::FileKind::kManifest, kSection, table);
}

Result<StoredManifestPtr> ReadManifestFile(FileSystem& file_system,
                                           const std::string& path, const Uuid& table,
                                           VersionNumber version) {
  // Read, never mapped: a manifest is small, and nothing of it stays open.
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const ReadableFile> file,
                          file_system.OpenForRead(path, MapMode::kNever));
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const format::Container> container,
                          format::Container::Open(file, format::FileKind::kManifest));
  Result<BufferPtr> bytes = container->ReadSection(kSection);
  if (!bytes && bytes.error().code() == StatusCode::kNotFound) {
    return Status::Corruption(std::string(bytes.error().message()));
  }
  LANCER_RETURN_IF_ERROR(bytes.status());
  auto stored = std::make_shared<StoredManifest>();
  LANCER_ASSIGN_OR_RETURN(stored->manifest,
                          ParseManifest((*bytes)->bytes(), path + ": manifest"));
  if (stored->manifest.version != version) {
    return Status::Corruption(fmt::format("{}: manifest: expected version {}, found {}",
                                          path, version.value,
                                          stored->manifest.version.value));
  }
  if (stored->manifest.table != table) {
    return Status::Corruption(
        fmt::format("{}: manifest: expected table {}, found {}: the file belongs to "
                    "another dataset",
                    path, table.ToString(), stored->manifest.table.ToString()));
  }
  stored->digest = container->digest();
  stored->size_bytes = file->size();
  return StoredManifestPtr(std::move(stored));
}

}  // namespace lancer::dataset
