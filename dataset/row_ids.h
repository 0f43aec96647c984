// Row ids of the rows of a fragment: ranges, in the order of the rows.
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lancer/ids.h"

namespace lancer::dataset {

// Row ids are below this.
inline constexpr uint64_t kRowIdEnd = 1ull << 63;

// Row ids [first, first + count).
struct RowIdRange {
  uint64_t first = 0;
  uint64_t count = 0;
  friend bool operator==(const RowIdRange&, const RowIdRange&) = default;
};

// The id of the row with number `row`. REQUIRES: row is less than the ranges hold.
RowId RowIdAt(std::span<const RowIdRange> ranges, uint64_t row);
// The number of the row with this id, if it is among them.
std::optional<uint64_t> FindRowId(std::span<const RowIdRange> ranges, RowId id);
// OK when the ranges ascend, do not touch one another's ids and hold `rows` ids, all
// below kRowIdEnd. Errors: Corruption.
Status CheckRowIds(std::span<const RowIdRange> ranges, uint64_t rows,
                   const std::string& where);

}  // namespace lancer::dataset
