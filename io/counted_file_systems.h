// Private ways to make the built-in file systems: with counters that they keep alive, so
// that a file may outlive the Context it was opened through.
// Ownership: as said. Thread rule: safe for concurrent calls.
#pragma once

#include <memory>

#include "lancer/file_system.h"

namespace lancer {

// `counters` may be null; open files keep them alive too.
std::shared_ptr<FileSystem> MakeCountedLocalFileSystem(
    std::shared_ptr<Counters> counters);
std::shared_ptr<FileSystem> MakeCountedMemoryFileSystem(
    std::shared_ptr<Counters> counters);

// A shared_ptr that owns nothing, for counters whose owner is elsewhere.
inline std::shared_ptr<Counters> BorrowCounters(Counters* counters) {
  return std::shared_ptr<Counters>(std::shared_ptr<void>(), counters);
}

}  // namespace lancer
