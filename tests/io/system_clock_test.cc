#include <gtest/gtest.h>
#include <time.h>

#include "lancer/context.h"

namespace lancer {
namespace {

TEST(SystemClock, TellsMicrosecondsSince1970) {
  auto clock = MakeSystemClock();
  int64_t before = static_cast<int64_t>(time(nullptr)) * 1'000'000;
  int64_t now = clock->NowMicros();
  int64_t after = (static_cast<int64_t>(time(nullptr)) + 1) * 1'000'000;
  EXPECT_GE(now, before);
  EXPECT_LE(now, after);
}

TEST(SystemClock, NeverGoesBack) {
  auto clock = MakeSystemClock();
  int64_t last = clock->MonotonicMicros();
  for (int i = 0; i < 1'000; ++i) {
    int64_t now = clock->MonotonicMicros();
    EXPECT_GE(now, last);
    last = now;
  }
}

TEST(SystemClock, SleepsAtLeastAsLongAsTold) {
  auto clock = MakeSystemClock();
  int64_t begin = clock->MonotonicMicros();
  clock->SleepMicros(2'000);
  EXPECT_GE(clock->MonotonicMicros() - begin, 2'000);
  clock->SleepMicros(0);
  clock->SleepMicros(-5);
}

}  // namespace
}  // namespace lancer
