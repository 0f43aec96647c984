// An exclusive lock on a local file, dropped by the kernel when its process dies.
// Ownership: owns the descriptor. Thread rule: one thread at a time.
#pragma once

#include <memory>
#include <string>

#include "lancer/file_system.h"

namespace lancer {

// Waits for an exclusive lock on `path`, created when absent. Two locks on one path
// exclude each other within one process too. A child made by fork() shares the lock with
// its parent until the parent lets go of it, or both have died.
Result<std::unique_ptr<FileLock>> LockLocalFile(const std::string& path);
// The same on a file that exists, without waiting: null while another holder has it.
// Errors: NotFound, also when the name was removed, or given to another file, before the
// lock was taken.
Result<std::unique_ptr<FileLock>> TryLockLocalFile(const std::string& path);

}  // namespace lancer
