// Dates, times and durations as ISO 8601 text.
//
// Ownership: values. Thread rule: no shared state.
#pragma once

#include <cstdint>
#include <string>

#include "lancer/type.h"

namespace lancer {

// Units of `unit` in one second.
constexpr int64_t UnitsPerSecond(TimeUnit unit) {
  constexpr int64_t kUnits[] = {1, 1000, 1000000, 1000000000};
  return kUnits[static_cast<int>(unit)];
}

// "2024-02-29" for days since 1970-01-01, in the proleptic Gregorian calendar. Years
// beyond 0 to 9999 carry a sign: "+10000-01-01".
std::string FormatDate(int64_t days);
// "23:59:59.123" for units since midnight, with all digits of the unit.
std::string FormatTime(int64_t value, TimeUnit unit);
// "2024-02-29T23:59:59.123", with "Z" behind it when `zoned`: stored values are UTC.
std::string FormatTimestamp(int64_t value, TimeUnit unit, bool zoned);
// "1.500", "-2": seconds with all digits of the unit.
std::string FormatSeconds(int64_t value, TimeUnit unit);
// "PT1.500S", "PT-2S".
std::string FormatDuration(int64_t value, TimeUnit unit);

}  // namespace lancer
