// Check units of the frame: the column directory and the name index are cut into 4 KiB
// units with a u32 checksum each, so that one record of a large table is read and
// verified alone (spec: container, "Unit checks").
//
// Ownership: a UnitTable owns its checksums and one bit per unit that was verified.
// Thread rule: safe for concurrent const calls.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "format/column_meta.h"
#include "format/file_bytes.h"

namespace lancer::format {

inline constexpr uint64_t kUnitSize = 4096;

// Units of a table of `size` bytes; the last may be short.
constexpr uint64_t UnitCount(uint64_t size) {
  return size / kUnitSize + (size % kUnitSize != 0 ? 1 : 0);
}

// Appends one u32 per unit of `table`.
void AppendUnitChecks(std::span<const std::byte> table, std::vector<std::byte>* checks);

class UnitTable {
 public:
  // The bytes of a unit and what keeps them; `held` is null for memory of the file.
  struct Unit {
    std::span<const std::byte> bytes;
    BufferPtr held;
  };

  // `checks`: u32 per unit of `range`, already verified; copied. `where` starts messages.
  UnitTable(CheckedRange range, std::span<const std::byte> checks, std::string where);

  uint64_t unit_count() const { return UnitCount(range_.size); }
  const std::string& where() const { return where_; }
  // A unit whose bytes match its checksum. Bytes that stay in memory are hashed once,
  // bytes that are read anew each time. REQUIRES: unit < unit_count(). Errors:
  // Corruption.
  Result<Unit> Read(uint64_t unit, const FileBytes& file) const;
  // Hashes every unit, also those verified before.
  Status VerifyAll(const FileBytes& file) const;

 private:
  Status Check(uint64_t unit, std::span<const std::byte> bytes) const;

  CheckedRange range_;
  std::vector<uint32_t> checks_;
  std::string where_;
  std::unique_ptr<std::atomic<uint64_t>[]> verified_;  // bit u % 64 of word u / 64
};

}  // namespace lancer::format
