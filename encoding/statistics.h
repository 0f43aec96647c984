// Statistics of a run of values: what selection needs, and what is stored for pruning.
//
// Order (spec: statistics): unsigned bytes for kBytes and opaque values, integers by
// value (decimals of 16 and 32 bytes too), floats by total order with NaN left out and -0
// < +0 as bounds. Null rows never count. Ownership: a value. Thread rule: pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "encoding/values.h"

namespace lancer::encoding {

// A stored bound: at most 32 bytes. Fixed-width bounds have the value's width; longer
// byte strings are cut, a maximum then rounded up so that it stays a bound (absent when
// all 32 bytes are 0xFF).
struct Bound {
  std::array<std::byte, 32> bytes{};
  uint8_t size = 0;
  bool exact = true;
  std::span<const std::byte> view() const { return {bytes.data(), size}; }
  friend bool operator==(const Bound&, const Bound&) = default;
};

struct Statistics {
  PhysicalType type;
  uint64_t count = 0;
  uint64_t null_count = 0;
  uint64_t nan_count = 0;         // floats only
  std::optional<Bound> min, max;  // absent: no valid (and not NaN) value, or no order
  // The rest serves selection and is not stored, but for `distinct`.
  std::optional<uint64_t> distinct;  // exact up to 64 Ki distinct values, else absent
  uint64_t run_count = 0;            // runs of equal neighbours, filler included
  bool ascending = false;            // integers: never falls, filler included
  uint64_t total_bytes = 0;          // kBytes: payload; kFixed: count * width
  uint64_t max_length = 0;           // bytes of the longest value (not numbers, bits)
  uint64_t zero_count = 0;           // numbers and bits that are 0 (-0 too)
};

// One pass over all values.
Statistics ComputeStatistics(const Values& values);
// Only bounds and counts (min, max, null_count, nan_count): for blocks.
Statistics ComputeBounds(const Values& values);
// Joins the bounds and counts of two parts.
void MergeBounds(Statistics* into, const Statistics& part);
// -1, 0, 1 in the stored order. REQUIRES: both are bounds or whole values of `type`.
int CompareBounds(PhysicalType type, std::span<const std::byte> a,
                  std::span<const std::byte> b);

}  // namespace lancer::encoding
