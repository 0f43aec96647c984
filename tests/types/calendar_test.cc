#include "types/calendar.h"

#include <gtest/gtest.h>

namespace lancer {
namespace {

TEST(Calendar, KnowsDaysOfBothDirections) {
  struct Case {
    int64_t days;
    Date date;
  };
  const Case cases[] = {
      {0, {1970, 1, 1}},        {-1, {1969, 12, 31}},     {11'016, {2000, 2, 29}},
      {11'017, {2000, 3, 1}},   {-25'509, {1900, 2, 28}}, {-25'508, {1900, 3, 1}},
      {-719'528, {0, 1, 1}},    {-719'529, {-1, 12, 31}}, {2'932'896, {9999, 12, 31}},
      {20'778, {2026, 11, 21}},
  };
  for (const Case& c : cases) {
    Date date = DateFromDays(c.days);
    EXPECT_EQ(date.year, c.date.year) << c.days;
    EXPECT_EQ(date.month, c.date.month) << c.days;
    EXPECT_EQ(date.day, c.date.day) << c.days;
    EXPECT_EQ(DaysFromDate(c.date), c.days);
  }
}

TEST(Calendar, EveryDayOfAThousandYearsFollowsTheOneBefore) {
  Date before = DateFromDays(-400'000);
  for (int64_t days = -399'999; days < 0; ++days) {
    Date date = DateFromDays(days);
    bool next_day = date.year == before.year && date.month == before.month &&
                    date.day == before.day + 1;
    bool next_month =
        date.day == 1 && before.day == DaysInMonth(before.year, before.month);
    ASSERT_TRUE(next_day || next_month) << days;
    ASSERT_EQ(DaysFromDate(date), days);
    before = date;
  }
}

TEST(Calendar, TakesAnyNumberOfDays) {
  EXPECT_GT(DateFromDays(INT64_MAX).year, 0);
  EXPECT_LT(DateFromDays(INT64_MIN).year, 0);
}

TEST(Calendar, LeapYearsAreThoseOfTheGregorianRule) {
  EXPECT_EQ(DaysInMonth(2000, 2), 29);
  EXPECT_EQ(DaysInMonth(1900, 2), 28);
  EXPECT_EQ(DaysInMonth(2024, 2), 29);
  EXPECT_EQ(DaysInMonth(2023, 2), 28);
  EXPECT_EQ(DaysInMonth(2023, 12), 31);
}

}  // namespace
}  // namespace lancer
