// A Context that a test controls: its clock moves only when told, its random numbers
// repeat, its files are in memory unless the test brings others.
// Ownership: shared_ptr everywhere. Thread rule: safe for concurrent calls.
#pragma once

#include <atomic>
#include <memory>

#include "lancer/context.h"

namespace lancer::test {

// Starts at 2026-01-01 00:00 UTC. Sleeping moves it and takes no time.
class ManualClock final : public Clock {
 public:
  static constexpr int64_t kStartMicros = 1'767'225'600'000'000;

  int64_t NowMicros() override { return now_.load(); }
  int64_t MonotonicMicros() override { return monotonic_.load(); }
  void SleepMicros(int64_t micros) override { Advance(micros); }
  // Moves both clocks forward.
  void Advance(int64_t micros) {
    now_ += micros;
    monotonic_ += micros;
  }
  // Sets the wall clock alone, backwards too, as an administrator may.
  void SetNow(int64_t micros_since_epoch) { now_ = micros_since_epoch; }

 private:
  std::atomic<int64_t> now_{kStartMicros};
  std::atomic<int64_t> monotonic_{0};
};

struct TestContextOptions {
  std::shared_ptr<FileSystem> file_system = nullptr;  // null: one in memory, counted
  bool local_files = false;  // the machine's file system, counted, instead of memory
  int threads = 1;
  uint64_t seed = 1;
};

struct TestContext {
  ContextPtr context;
  std::shared_ptr<FileSystem> file_system;  // context's, for short
  std::shared_ptr<ManualClock> clock;       // context's
  std::shared_ptr<Counters> counters;       // context's; count a file system of one's own
                                            // only if it was made with them
};

TestContext MakeTestContext(TestContextOptions options = {});

}  // namespace lancer::test
