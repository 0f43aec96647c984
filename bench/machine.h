// Machine: what a reader of a table must know about where it was measured, and the page
// cache under files.
//
// Ownership: plain values. Thread rule: functions without state.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lancer/status.h"

namespace lancer::bench {

// Processor, cores, kernel, file system, compiler and its flags, versions of every
// library that takes part.
std::vector<std::pair<std::string, std::string>> DescribeMachine(
    const std::string& folder);

// Bytes of all regular files under `path`; its own size when it is a file.
uint64_t SizeOnDisk(const std::string& path);
// Writes every file under `path` to the device and drops it from the page cache.
// REQUIRES: no process maps them: the kernel keeps mapped pages.
Status DropFromCache(const std::string& path);
// Reads every file under `path`, so that it is in the page cache.
Status LoadIntoCache(const std::string& path);
// Makes `path` durable, as a database does: fsync of the file.
Status SyncFile(const std::string& path);
// An empty folder at `path`; what was there goes away.
Status MakeEmptyFolder(const std::string& path);

}  // namespace lancer::bench
