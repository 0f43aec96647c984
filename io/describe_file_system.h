// What kind of file system a path lies on, as the kernel tells it. Decides whether a file
// may be memory-mapped: one on a server can be cut by another machine at any time, which
// would kill a process that mapped it. Decides also whether locks tell who lives.
// Ownership: plain values. Thread rule: safe for concurrent calls.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lancer/result.h"

namespace lancer {

struct FileSystemKind {
  std::string_view name;  // "ext4", "nfs", "overlay", "tmpfs", ... or "unknown"; static
  bool network = false;   // the bytes may live on, and be changed by, another machine
};

// The kind that belongs to `f_type` of statfs. FUSE counts as network: what stands behind
// it cannot be known.
FileSystemKind KindOfMagic(uint64_t magic);

// Does a free lock there prove that no living process holds it? Not on servers, whose
// locks may be lost, or not be seen by everyone; nor on what is not known.
bool LocksProveLifeOn(const FileSystemKind& kind);

// The kind of file system that holds `path`. Errors: NotFound, IoError.
Result<FileSystemKind> DescribeFileSystem(const std::string& path);

// The same for an open descriptor; "unknown" when the kernel does not tell.
FileSystemKind DescribeDescriptor(int descriptor);

}  // namespace lancer
