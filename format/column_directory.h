// Column directory: one 32-byte record per leaf, which says where the leaf's metadata
// lies. Read one record at a time (spec: container, "Column directory").
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "format/check_units.h"
#include "format/container.h"

namespace lancer::format {

inline constexpr uint64_t kDirectoryRecordSize = 32;
static_assert(kUnitSize % kDirectoryRecordSize == 0, "a record lies in one unit");

void AppendDirectoryRecord(const DirectoryRecord& record, std::vector<std::byte>* out);
// REQUIRES: 32 bytes.
DirectoryRecord ParseDirectoryRecord(std::span<const std::byte> bytes);

// One record; only its unit is read and checked. `directory` holds `leaf_count` records.
// Errors: InvalidArgument for a leaf that is not there; Corruption, also when the
// metadata does not lie in the file.
Result<DirectoryRecord> ReadDirectoryRecord(const UnitTable& directory,
                                            const FileBytes& file, uint32_t leaf_count,
                                            LeafId leaf);

}  // namespace lancer::format
