// The machine's clock behind Clock.

#include <ctime>

#include "lancer/context.h"

namespace lancer {
namespace {

int64_t ReadMicros(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
}

class SystemClock final : public Clock {
 public:
  int64_t NowMicros() override { return ReadMicros(CLOCK_REALTIME); }
  int64_t MonotonicMicros() override { return ReadMicros(CLOCK_MONOTONIC); }
  void SleepMicros(int64_t micros) override {
    if (micros <= 0) {
      return;
    }
    // An absolute deadline, so that signals do not lengthen the sleep.
    int64_t deadline = MonotonicMicros() + micros;
    timespec until{};
    until.tv_sec = deadline / 1'000'000;
    until.tv_nsec = deadline % 1'000'000 * 1'000;
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) != 0 &&
           MonotonicMicros() < deadline) {
    }
  }
};

}  // namespace

std::shared_ptr<Clock> MakeSystemClock() { return std::make_shared<SystemClock>(); }

}  // namespace lancer
