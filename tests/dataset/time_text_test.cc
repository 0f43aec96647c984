#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lancer/version.h"

namespace lancer {
namespace {

TEST(TimeText, ReadsRfc3339) {
  const std::pair<std::string_view, int64_t> cases[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"1969-12-31T23:59:59.999999Z", -1},
      {"2026-11-21T13:17:00Z", 1'795'267'020'000'000},
      {"2026-11-21T15:17:00+02:00", 1'795'267'020'000'000},
      {"2026-11-21 05:47:00-07:30", 1'795'267'020'000'000},
      {"2026-11-21t13:17:00.5z", 1'795'267'020'500'000},
      {"2026-11-21T13:17:00.1234567Z", 1'795'267'020'123'456},
      {"2024-02-29T00:00:00Z", 1'709'164'800'000'000},
      {"0000-01-01T00:00:00Z", -62'167'219'200'000'000},
      {"9999-12-31T23:59:59Z", 253'402'300'799'000'000},
  };
  for (const auto& [text, expected] : cases) {
    auto time = ParseTime(text);
    ASSERT_TRUE(time.has_value()) << time.status().ToString();
    EXPECT_EQ(*time, expected) << text;
  }
}

TEST(TimeText, WantsAZone) {
  for (std::string_view text : {"2026-11-21T13:17:00", "2026-11-21T13:17:00.25"}) {
    auto time = ParseTime(text);
    EXPECT_EQ(time.status().code(), StatusCode::kInvalidArgument);
    EXPECT_THAT(time.status().ToString(), ::testing::HasSubstr("has no zone"));
  }
}

TEST(TimeText, RefusesWhatIsNoTime) {
  for (std::string_view text :
       {"", "now", "2026-11-21", "2026-11-21T13:17Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-00T00:00:00Z",
        "2026-11-21T24:00:00Z", "2026-11-21T13:60:00Z", "2026-11-21T13:17:60Z",
        "2026-11-21T13:17:00.Z", "2026-11-21T13:17:00Zx", "2026-11-21T13:17:00+2",
        "2026-11-21T13:17:00+02:60", "2026-11-21T13:17:00+25:00", "26-11-21T13:17:00Z",
        "-026-11-21T13:17:00Z", "2026/11/21T13:17:00Z"}) {
    EXPECT_EQ(ParseTime(text).status().code(), StatusCode::kInvalidArgument) << text;
  }
}

TEST(TimeText, WritesWhatItReads) {
  EXPECT_EQ(FormatTime(1'795'267'020'123'456), "2026-11-21T13:17:00.123456Z");
  EXPECT_EQ(FormatTime(-1), "1969-12-31T23:59:59.999999Z");
  // Days around leap days and turns of centuries.
  for (int64_t day = -800'000; day < 2'900'000; day += 1'461) {
    int64_t time = day * 86'400'000'000 / 3 + 1;
    auto parsed = ParseTime(FormatTime(time));
    ASSERT_TRUE(parsed.has_value()) << FormatTime(time);
    ASSERT_EQ(*parsed, time) << FormatTime(time);
  }
}

}  // namespace
}  // namespace lancer
