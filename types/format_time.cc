#include "types/format_time.h"

#include <fmt/format.h>

#include "types/calendar.h"

namespace lancer {
namespace {

constexpr int64_t kSecondsPerDay = 86400;

struct Quotient {
  int64_t whole;  // rounded towards minus infinity
  int64_t rest;   // 0 to divisor - 1
};

constexpr Quotient FloorDivide(int64_t value, int64_t divisor) {
  int64_t whole = value / divisor;
  int64_t rest = value % divisor;
  return rest < 0 ? Quotient{whole - 1, rest + divisor} : Quotient{whole, rest};
}

// ".123" with as many digits as the unit has; empty for seconds.
std::string Fraction(uint64_t rest, TimeUnit unit) {
  int digits = 3 * static_cast<int>(unit);
  return digits == 0 ? "" : fmt::format(".{:0{}}", rest, digits);
}

}  // namespace

std::string FormatDate(int64_t days) {
  Date date = DateFromDays(days);
  return date.year >= 0 && date.year <= 9999
             ? fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day)
             : fmt::format("{:+05}-{:02}-{:02}", date.year, date.month, date.day);
}

std::string FormatTime(int64_t value, TimeUnit unit) {
  auto [seconds, rest] = FloorDivide(value, UnitsPerSecond(unit));
  auto [hours, in_hour] = FloorDivide(seconds, 3600);
  return fmt::format("{:02}:{:02}:{:02}{}", hours, in_hour / 60, in_hour % 60,
                     Fraction(static_cast<uint64_t>(rest), unit));
}

std::string FormatTimestamp(int64_t value, TimeUnit unit, bool zoned) {
  auto [seconds, rest] = FloorDivide(value, UnitsPerSecond(unit));
  auto [days, in_day] = FloorDivide(seconds, kSecondsPerDay);
  return fmt::format("{}T{:02}:{:02}:{:02}{}{}", FormatDate(days), in_day / 3600,
                     in_day / 60 % 60, in_day % 60,
                     Fraction(static_cast<uint64_t>(rest), unit), zoned ? "Z" : "");
}

std::string FormatSeconds(int64_t value, TimeUnit unit) {
  // The magnitude of the lowest value is one above the highest, hence unsigned.
  uint64_t magnitude =
      value < 0 ? ~static_cast<uint64_t>(value) + 1 : static_cast<uint64_t>(value);
  auto units = static_cast<uint64_t>(UnitsPerSecond(unit));
  return fmt::format("{}{}{}", value < 0 ? "-" : "", magnitude / units,
                     Fraction(magnitude % units, unit));
}

std::string FormatDuration(int64_t value, TimeUnit unit) {
  return fmt::format("PT{}S", FormatSeconds(value, unit));
}

}  // namespace lancer
