// Bounds of long byte strings: cut so that they stay bounds (spec: encodings, "Order").
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "encoding/statistics.h"

namespace lancer::encoding {

// At most `most_bytes` of the value, exact when that is all of it. REQUIRES of both:
// most_bytes fits a Bound.
Bound CutMinimum(std::span<const std::byte> value, size_t most_bytes);
// The same, then the last byte that is not 0xFF grows by one and those behind it go, so
// that it is above every value with that beginning. Nothing when all bytes are 0xFF.
std::optional<Bound> CutMaximum(std::span<const std::byte> value, size_t most_bytes);

}  // namespace lancer::encoding
