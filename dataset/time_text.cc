// Times as text, as RFC 3339 spells them.

#include <fmt/format.h>

#include <optional>

#include "lancer/version.h"
#include "types/calendar.h"

namespace lancer {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kSecondsPerDay = 86'400;

// Reads text from front to back; `failed` once something did not fit.
struct TimeReader {
  std::string_view rest;
  bool failed = false;

  // Exactly `digits` digits.
  int64_t Number(size_t digits) {
    int64_t value = 0;
    for (size_t i = 0; i < digits; ++i) {
      if (i >= rest.size() || rest[i] < '0' || rest[i] > '9') {
        failed = true;
        return 0;
      }
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(digits);
    return value;
  }
  bool Accept(std::string_view any_of) {
    if (rest.empty() || any_of.find(rest.front()) == std::string_view::npos) {
      return false;
    }
    rest.remove_prefix(1);
    return true;
  }
  void Expect(std::string_view any_of) { failed = !Accept(any_of) || failed; }

  // Digits behind the point, as microseconds; more than six are cut off.
  int64_t Fraction() {
    int64_t micros = 0;
    int64_t weight = kMicrosPerSecond / 10;
    size_t digits = 0;
    while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') {
      micros += (rest[digits] - '0') * weight;
      weight /= 10;
      ++digits;
    }
    failed = failed || digits == 0;
    rest.remove_prefix(digits);
    return micros;
  }

  // Seconds east of UTC.
  std::optional<int64_t> Zone() {
    if (Accept("Zz")) {
      return 0;
    }
    if (rest.empty() || (rest.front() != '+' && rest.front() != '-')) {
      return std::nullopt;
    }
    int64_t sign = rest.front() == '-' ? -1 : 1;
    rest.remove_prefix(1);
    int64_t hours = Number(2);
    Expect(":");
    int64_t minutes = Number(2);
    failed = failed || hours > 23 || minutes > 59;
    return sign * (hours * 3600 + minutes * 60);
  }
};

}  // namespace

Result<int64_t> ParseTime(std::string_view text) {
  TimeReader reader{text};
  int64_t year = reader.Number(4);
  reader.Expect("-");
  int64_t month = reader.Number(2);
  reader.Expect("-");
  int64_t day = reader.Number(2);
  reader.Expect("Tt ");
  int64_t hour = reader.Number(2);
  reader.Expect(":");
  int64_t minute = reader.Number(2);
  reader.Expect(":");
  int64_t second = reader.Number(2);
  int64_t micros = reader.Accept(".") ? reader.Fraction() : 0;
  if (!reader.failed && reader.rest.empty()) {
    return Status::InvalidArgument(fmt::format(
        "time '{}' has no zone; end it with Z or an offset such as +02:00", text));
  }
  std::optional<int64_t> zone = reader.Zone();
  bool in_range = month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 &&
                  second <= 59 && day <= DaysInMonth(year, month);
  if (reader.failed || !zone || !reader.rest.empty() || !in_range) {
    return Status::InvalidArgument(fmt::format(
        "time '{}' is not of the form 2026-11-21T13:17:00Z (RFC 3339)", text));
  }
  int64_t seconds = DaysFromDate({year, month, day}) * kSecondsPerDay + hour * 3600 +
                    minute * 60 + second - *zone;
  return seconds * kMicrosPerSecond + micros;
}

std::string FormatTime(int64_t time_us) {
  int64_t micros = time_us % kMicrosPerSecond;
  int64_t seconds = time_us / kMicrosPerSecond;
  if (micros < 0) {
    micros += kMicrosPerSecond;
    --seconds;
  }
  int64_t days = seconds / kSecondsPerDay;
  int64_t second_of_day = seconds % kSecondsPerDay;
  if (second_of_day < 0) {
    second_of_day += kSecondsPerDay;
    --days;
  }
  Date date = DateFromDays(days);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", date.year, date.month,
                     date.day, second_of_day / 3600, second_of_day / 60 % 60,
                     second_of_day % 60, micros);
}

}  // namespace lancer
