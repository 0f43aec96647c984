#include "format/page_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "encoding/checksum.h"

namespace lancer::format {

Status UnitChecks::Check(uint64_t unit, std::span<const std::byte> bytes, uint64_t offset,
                         uint32_t stored, uint64_t seed,
                         const PageReadOptions& options) const {
  const uint32_t computed = encoding::Checksum32(bytes, seed);
  if (options.counters != nullptr) {
    Counters::Add(options.counters->units_checked, 1);
  }
  if (computed != stored) {
    return Status::Corruption(fmt::format(
        "{}: check unit {} of {} bytes at offset {}: stored checksum {:08x}, computed "
        "{:08x}",
        *where_, unit, bytes.size(), offset, stored, computed));
  }
  verified_[unit / 64].fetch_or(uint64_t{1} << (unit % 64), std::memory_order_relaxed);
  return Status::Ok();
}

Status IndexCorruption(const std::string& where, std::string_view what) {
  return Status::Corruption(fmt::format("{}: page index: {}", where, what));
}

Status CheckRows(const std::string& where, std::span<const uint32_t> rows,
                 uint64_t count) {
  uint32_t largest = 0;
  for (const uint32_t row : rows) {
    largest = std::max(largest, row);
  }
  return rows.empty() ? Status::Ok() : CheckRowRange(where, largest, 1, count);
}

Status CheckRowRange(const std::string& where, uint64_t first, uint64_t n,
                     uint64_t count) {
  if (first <= count && n <= count - first) {
    return Status::Ok();
  }
  return Status::InvalidArgument(
      fmt::format("{}: rows {} + {} of {}", where, first, n, count));
}

Status NotFetched(const std::string& where, uint64_t offset, uint64_t size) {
  return Status::Internal(
      fmt::format("{}: {} bytes at {} were not fetched", where, size, offset));
}

}  // namespace lancer::format
