// What a page reader checks before it uses bytes or rows, and how it says what is wrong.
//
// Ownership: a UnitChecks owns its bits; `where` is the page reader's. Thread rule: safe
// for concurrent const calls.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "format/page.h"

namespace lancer::format {

// One bit per check unit that was found good.
class UnitChecks {
 public:
  UnitChecks(uint64_t units, const std::string* where)
      : verified_(std::make_unique<std::atomic<uint64_t>[]>(units / 64 + 1)),
        words_(units / 64 + 1),
        where_(where) {}

  // Must the unit be checked before it is used?
  bool Due(uint64_t unit, Verify verify) const {
    if (verify == Verify::kOnce) {
      return (verified_[unit / 64].load(std::memory_order_relaxed) >> (unit % 64) & 1) ==
             0;
    }
    return verify == Verify::kAlways;
  }
  // Compares the stored checksum with that of `bytes`, which stand at `offset` of the
  // file, and notes the unit when they agree.
  Status Check(uint64_t unit, std::span<const std::byte> bytes, uint64_t offset,
               uint32_t stored, uint64_t seed, const PageReadOptions& options) const;
  uint64_t memory_bytes() const { return words_ * sizeof(uint64_t); }

 private:
  std::unique_ptr<std::atomic<uint64_t>[]> verified_;
  uint64_t words_;
  const std::string* where_;
};

// Corruption of the page index: "<where>: page index: <what>".
Status IndexCorruption(const std::string& where, std::string_view what);
// Rows that are asked for must be of the page. Errors: InvalidArgument.
Status CheckRows(const std::string& where, std::span<const uint32_t> rows,
                 uint64_t count);
Status CheckRowRange(const std::string& where, uint64_t first, uint64_t n,
                     uint64_t count);
// The bytes of a unit were not fetched: the plan and the read disagree.
Status NotFetched(const std::string& where, uint64_t offset, uint64_t size);

}  // namespace lancer::format
