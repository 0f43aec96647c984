// Publishes files of `_tree`: nodes, and schemas that are too large for a manifest.
//
// Ownership: borrows its arguments. Thread rule: that of the session.
#pragma once

#include <memory>

#include "dataset/file_image.h"
#include "dataset/session.h"
#include "lancer/schema.h"

namespace lancer::dataset {

// Gives the image a new name in `_tree`, durably: two flushes. The session remembers the
// file until a version refers to it. Returns the reference.
Result<format::FileRef> PublishNodes(const DatasetPaths& paths, FileSystem& files,
                                     Session* session, const FileImage& image);

// The bytes of the section "schema" of a file of nodes. Errors: Corruption, also when the
// file is missing.
Result<BufferPtr> ReadSchemaFile(const DatasetPaths& paths, FileSystem& files,
                                 const format::FileRef& ref);

}  // namespace lancer::dataset
