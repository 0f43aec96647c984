// Dates of the Gregorian calendar, kept up before its introduction, and days since
// 1970-01-01.
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <cstdint>

namespace lancer {

struct Date {
  int64_t year = 0;  // 0 is the year before 1
  int64_t month = 0, day = 0;
};

// Any number of days.
Date DateFromDays(int64_t days);
// REQUIRES: month is 1 to 12, |year| below 2^50. Days past the month's end run on.
int64_t DaysFromDate(const Date& date);
// REQUIRES: as DaysFromDate.
int64_t DaysInMonth(int64_t year, int64_t month);

}  // namespace lancer
