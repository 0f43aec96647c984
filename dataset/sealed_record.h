// SealedRecord: the 40 bytes of a small file that is no container, the hint and intents
// (spec: log). It says nothing when it is torn or damaged.
//
// Ownership: values. Thread rule: pure functions; ReadRecord is safe for concurrent
// calls.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lancer/file_system.h"

namespace lancer::dataset {

inline constexpr size_t kSealedRecordSize = 40;
using SealedRecord = std::array<std::byte, kSealedRecordSize>;

// The magic, then zeros. REQUIRES: `magic` has 8 bytes.
SealedRecord BeginRecord(std::string_view magic);
// Adds the checksum of what was filled in behind the magic.
void Seal(SealedRecord* record);
// Are these the whole bytes of a record with that magic?
bool IsSealed(std::span<const std::byte> bytes, std::string_view magic);
// The bytes of a file of the right size; nothing when it cannot be read.
std::optional<SealedRecord> ReadRecord(FileSystem& files, const std::string& path);

}  // namespace lancer::dataset
