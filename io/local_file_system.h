// Private ways to make the local file system: with counters that it keeps alive.
// Ownership: as said. Thread rule: safe for concurrent calls.
#pragma once

#include <memory>

#include "lancer/file_system.h"

namespace lancer {

// `counters` may be null; open files keep them alive too.
std::shared_ptr<FileSystem> MakeCountedLocalFileSystem(
    std::shared_ptr<Counters> counters);

// A shared_ptr that owns nothing, for counters whose owner is elsewhere.
inline std::shared_ptr<Counters> BorrowCounters(Counters* counters) {
  return std::shared_ptr<Counters>(std::shared_ptr<void>(), counters);
}

}  // namespace lancer
