// Counting distinct values of a run, up to 64 Ki (spec: statistics).
//
// Ownership: the caller's memory. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>

#include "encoding/statistics.h"
#include "encoding/values.h"

namespace lancer::encoding {

inline constexpr uint64_t kMaxCountedDistinct = uint64_t{1} << 16;

// Distinct valid values, by their bytes; nothing when there are more than 64 Ki.
// `bounds` are statistics of the same values, all but `distinct`: they shorten the
// search.
std::optional<uint64_t> CountDistinct(const Values& values, const Statistics& bounds);

}  // namespace lancer::encoding
