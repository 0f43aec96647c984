// Years are counted from March, so that the leap day is the last of its year, and in eras
// of 400 years, which all have the same number of days.

#include "types/calendar.h"

namespace lancer {
namespace {

constexpr int64_t kDaysPerEra = 146'097;
constexpr int64_t kDaysToEpoch = 719'468;  // from 0000-03-01 to 1970-01-01

}  // namespace

Date DateFromDays(int64_t days) {
  // Divided first, so that adding the epoch cannot overflow.
  int64_t era = days / kDaysPerEra;
  int64_t in_era = days % kDaysPerEra + kDaysToEpoch;  // not negative
  era += in_era / kDaysPerEra;
  int64_t day_of_era = in_era % kDaysPerEra;
  int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t month_from_march = (5 * day_of_year + 2) / 153;
  int64_t month = month_from_march + (month_from_march < 10 ? 3 : -9);
  return {.year = era * 400 + year_of_era + (month <= 2 ? 1 : 0),
          .month = month,
          .day = day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

int64_t DaysFromDate(const Date& date) {
  int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  int64_t era = (year >= 0 ? year : year - 399) / 400;
  int64_t year_of_era = year - era * 400;
  int64_t month_from_march = date.month + (date.month > 2 ? -3 : 9);
  int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
  int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kDaysToEpoch;
}

int64_t DaysInMonth(int64_t year, int64_t month) {
  Date next = month == 12 ? Date{year + 1, 1, 1} : Date{year, month + 1, 1};
  return DaysFromDate(next) - DaysFromDate({year, month, 1});
}

}  // namespace lancer
