// Context: everything outside the library's own data that it may touch: storage, clock,
// random numbers, threads, memory budgets. Given to Open and shared between datasets;
// tests put simulated parts in. Nothing else in Lancer reads a clock, draws random
// numbers or starts threads (checked by tools/dev).
// Ownership: shared_ptr everywhere. Thread rule: safe for concurrent calls.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "lancer/counters.h"
#include "lancer/export.h"
#include "lancer/file_system.h"
#include "lancer/ids.h"

namespace lancer {

class LANCER_EXPORT Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds since 1970-01-01 UTC.
  virtual int64_t NowMicros() = 0;
  // Microseconds that only grow; for deadlines and durations.
  virtual int64_t MonotonicMicros() = 0;
  virtual void SleepMicros(int64_t micros) = 0;
};

class LANCER_EXPORT Random {
 public:
  virtual ~Random() = default;
  virtual uint64_t Next() = 0;
  // A version 4 UUID.
  Uuid NextUuid();
};

// Runs tasks in parallel. Threads start with the first parallel call, never before, and
// are not used for work of one task. Works after fork(): a child starts its own.
class LANCER_EXPORT Executor {
 public:
  virtual ~Executor() = default;
  // Threads that may run tasks at once, the caller's included; at least 1.
  virtual int thread_count() const = 0;
  // Calls task(0) .. task(count - 1), in any order, on up to `max_threads` threads (0:
  // all), the caller's included, and returns when all have ended: OK, or the error of the
  // lowest failed index. After a failure tasks not yet begun may be left out.
  virtual Status ParallelFor(size_t count, int max_threads,
                             const std::function<Status(size_t)>& task) = 0;
};

struct Context {
  std::shared_ptr<FileSystem> file_system;
  std::shared_ptr<Clock> clock;
  std::shared_ptr<Random> random;
  std::shared_ptr<Executor> executor;
  std::shared_ptr<Counters> counters;           // of file_system and of readers
  uint64_t metadata_cache_bytes = 64ull << 20;  // page indexes and column metadata, per
                                                // open file or dataset
};
using ContextPtr = std::shared_ptr<const Context>;

// Local files, the machine's clock and random source, an executor of `threads` threads
// (0: one per core).
LANCER_EXPORT ContextPtr MakeContext(int threads = 0);
// A process-wide MakeContext(), made on first use.
LANCER_EXPORT const ContextPtr& DefaultContext();

// Parts for contexts of one's own.
LANCER_EXPORT std::shared_ptr<Clock> MakeSystemClock();
LANCER_EXPORT std::shared_ptr<Random> MakeSystemRandom();
LANCER_EXPORT std::shared_ptr<Random> MakeSeededRandom(uint64_t seed);
LANCER_EXPORT std::shared_ptr<Executor> MakeExecutor(int threads);

}  // namespace lancer
