#include "types/format_time.h"

#include <gtest/gtest.h>

namespace lancer {
namespace {

TEST(FormatDate, FollowsTheGregorianCalendar) {
  const std::pair<int64_t, const char*> cases[] = {
      {0, "1970-01-01"},         {-1, "1969-12-31"},      {59, "1970-03-01"},
      {11016, "2000-02-29"},     {11017, "2000-03-01"},   {19782, "2024-02-29"},
      {-25508, "1900-03-01"},    {-25509, "1900-02-28"},  {2932896, "9999-12-31"},
      {2932897, "+10000-01-01"}, {-719528, "0000-01-01"}, {-719529, "-0001-12-31"}};
  for (const auto& [days, text] : cases) {
    EXPECT_EQ(FormatDate(days), text) << days;
  }
}

TEST(FormatDate, GoesForwardDayByDay) {
  std::string before = FormatDate(-800000);
  for (int64_t day = -700000; day < 2900000; day += 997) {
    EXPECT_LT(FormatDate(day - 1).substr(0, day < -719528 ? 0 : 10),
              FormatDate(day).substr(0, day < -719528 ? 1 : 10));
  }
}

TEST(FormatTime, ShowsAllDigitsOfTheUnit) {
  EXPECT_EQ(FormatTime(0, TimeUnit::kSecond), "00:00:00");
  EXPECT_EQ(FormatTime(86399, TimeUnit::kSecond), "23:59:59");
  EXPECT_EQ(FormatTime(3661001, TimeUnit::kMilli), "01:01:01.001");
  EXPECT_EQ(FormatTime(5, TimeUnit::kMicro), "00:00:00.000005");
  EXPECT_EQ(FormatTime(86399999999999, TimeUnit::kNano), "23:59:59.999999999");
}

TEST(FormatTimestamp, CountsFromTheEpochBothWays) {
  EXPECT_EQ(FormatTimestamp(0, TimeUnit::kSecond, false), "1970-01-01T00:00:00");
  EXPECT_EQ(FormatTimestamp(0, TimeUnit::kSecond, true), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatTimestamp(-1, TimeUnit::kMilli, true), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(FormatTimestamp(1709251198123456, TimeUnit::kMicro, false),
            "2024-02-29T23:59:58.123456");
  EXPECT_EQ(FormatTimestamp(INT64_MIN, TimeUnit::kNano, false),
            "1677-09-21T00:12:43.145224192");
  EXPECT_FALSE(FormatTimestamp(INT64_MIN, TimeUnit::kSecond, true).empty());
  EXPECT_FALSE(FormatTimestamp(INT64_MAX, TimeUnit::kSecond, true).empty());
}

TEST(FormatDuration, IsIso8601) {
  EXPECT_EQ(FormatDuration(1500, TimeUnit::kMilli), "PT1.500S");
  EXPECT_EQ(FormatDuration(-2, TimeUnit::kSecond), "PT-2S");
  EXPECT_EQ(FormatDuration(INT64_MIN, TimeUnit::kSecond), "PT-9223372036854775808S");
  EXPECT_EQ(FormatSeconds(-1, TimeUnit::kNano), "-0.000000001");
}

}  // namespace
}  // namespace lancer
