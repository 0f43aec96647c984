// Whole files in one call, for tests.
// Ownership: values. Thread rule: that of FileSystem.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lancer/file_system.h"

namespace lancer::test {

// The characters as bytes; a view of `text`.
std::span<const std::byte> BytesOf(std::string_view text);

// Stages, syncs, publishes and syncs the directory. Errors: AlreadyExists, Unknown, and
// what the steps give.
Status PublishFile(FileSystem& file_system, const std::string& path,
                   std::span<const std::byte> bytes);
Status PublishFile(FileSystem& file_system, const std::string& path,
                   std::string_view text);

// The bytes of a file, by one batch (not through a map).
Result<std::vector<std::byte>> ReadFileBytes(FileSystem& file_system,
                                             const std::string& path);
Result<std::string> ReadFileText(FileSystem& file_system, const std::string& path);

// The names in a directory, in order, each on its own; directories end in '/'.
Result<std::vector<std::string>> ListNames(FileSystem& file_system,
                                           const std::string& path);

}  // namespace lancer::test
