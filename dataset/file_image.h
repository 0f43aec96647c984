// FileImage: a small container file as bytes in memory, and the way it becomes a file.
//
// Manifests, node files and FORMAT are made here whole before any name exists, so that
// the same bytes can be published again. Ownership: values. Thread rule: pure functions;
// publishing is safe for concurrent calls on different names.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "format/container.h"
#include "lancer/file_system.h"

namespace lancer::dataset {

struct FileImage {
  std::vector<std::byte> bytes;
  format::FileRef ref;  // without a path
};

// What goes between the magic and the footer.
using ImageBody = std::function<Status(format::ContainerWriter&)>;

Result<FileImage> MakeFileImage(format::FileKind kind, const ImageBody& body);
// An image with one section.
Result<FileImage> MakeSectionImage(format::FileKind kind, std::string_view section,
                                   std::span<const std::byte> bytes);

// The outcome of giving a synced file its name by `method`; the directory is not synced.
// REQUIRES with kExclusiveCreate: the folder's lock is held.
Result<PublishOutcome> PublishName(StagedFile& file, const std::string& path,
                                   PublishMethod method);

// Stages the bytes for `directory`, syncs them and gives them the name `path`. The
// directory is not synced. Errors: nothing was created.
Result<PublishOutcome> PublishImage(FileSystem& file_system,
                                    std::span<const std::byte> bytes,
                                    const std::string& path, const std::string& directory,
                                    const std::string& temporary, PublishMethod method);

}  // namespace lancer::dataset
