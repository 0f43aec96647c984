// PublishDurably: the one way a file becomes visible (spec: log, "Publishing").
// Ownership: borrows its arguments for the call. Thread rule: that of StagedFile.
#pragma once

#include <string>

#include "lancer/file_system.h"

namespace lancer {

// Makes the bytes durable, links them as `path` without replacing anything, makes the
// name durable. `directory` is the parent of `path`.
//
// kCreated: the name holds our bytes and survives a power cut.
// kExists:  somebody's file has the name; it may be our own from a lost reply, so read it
//           back, and if it is ours call SyncDirectory before telling anyone.
// kUnknown: the link or the sync of the directory failed half-way: read the name back.
//           Nothing may be deleted because of it.
// Errors: a clean refusal; no name was created. The file is then of no further use.
Result<PublishOutcome> PublishDurably(FileSystem& file_system, StagedFile& file,
                                      const std::string& path,
                                      const std::string& directory,
                                      PublishMethod method = PublishMethod::kLink);

}  // namespace lancer
