// cast: floats that a narrower type holds exactly (spec: encodings, "cast").
//
// Ownership: the caller's memory. Thread rule: pure functions.
#pragma once

#include <cstdint>

#include "encoding/values.h"

namespace lancer::encoding {

// Parameter of a cast node: what the child holds.
inline constexpr uint8_t kCastToFloat = 0;     // float of 4 bytes
inline constexpr uint8_t kCastToHalf = 1;      // float of 2 bytes
inline constexpr uint8_t kCastToBfloat16 = 2;  // opaque of 2 bytes: the upper half

// The type of the child; width 0 when the parameter does not fit the type.
PhysicalType CastType(PhysicalType type, uint8_t parameter);

// Do all values, filler included, keep their bits? REQUIRES: the parameter fits.
bool IsExactCast(const Values& values, uint8_t parameter);

}  // namespace lancer::encoding
