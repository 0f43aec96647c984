// One value of a run: its bytes, and whether it is there.
//
// Ownership: views of the run's memory. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "encoding/values.h"
#include "types/bitmap.h"

namespace lancer::encoding {

// REQUIRES of both: i < values.count.
inline bool IsValid(const Values& values, uint64_t i) {
  return values.validity == nullptr || GetBit(values.validity, static_cast<int64_t>(i));
}

// REQUIRES: not kBits.
inline std::span<const std::byte> ValueAt(const Values& values, uint64_t i) {
  if (values.type.kind == PhysicalKind::kFixed) {
    return values.data.subspan(static_cast<size_t>(i * values.type.width),
                               values.type.width);
  }
  return values.data.subspan(
      static_cast<size_t>(values.offsets[i]),
      static_cast<size_t>(values.offsets[i + 1] - values.offsets[i]));
}

}  // namespace lancer::encoding
