// Harness: measures contenders in turn (A B A B ...) and compares them in pairs.
//
// Every measurement is a cost: seconds, microseconds per row, bytes; less is better. The
// first contender of a group is the baseline, and a ratio says how many times the
// baseline's cost another one pays, repetition by repetition.
// Ownership: values; a contender's function may refer to what outlives the group.
// Thread rule: one thread; the contenders may use more inside.
#pragma once

#include <chrono>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "bench/spread.h"
#include "lancer/result.h"

namespace lancer::bench {

struct Sample {
  double cost = 0;  // in the group's unit
  double cpu = 0;   // processor seconds of all threads, in the same unit; 0: not measured
};

struct Contender {
  std::string name;
  std::string setting;  // what was chosen where a peer leaves a choice
  std::function<Result<Sample>(int repetition)> measure;
};

// A figure to reach, printed as met or missed.
struct Target {
  enum class Kind {
    kCostAtMost,        // the contender's median cost
    kTimesOursAtLeast,  // the contender's cost over the baseline's
    kTimesOursAtMost,
  };
  std::string contender;
  Kind kind = Kind::kCostAtMost;
  double limit = 0;
};

struct Group {
  std::string title;
  std::string unit;   // "us/row", "s", "MB"
  std::string state;  // of caches and checks: "hot", "cold", ...
  double bytes = 0;   // Arrow bytes per measurement, for GB/s; 0: no rate. Needs unit "s"
  bool once = false;  // the cost does not vary (sizes): one repetition
  std::vector<Contender> contenders;
  std::vector<Target> targets;
};

struct Outcome {
  std::string name, setting;
  std::string failure;  // why there is no figure; else empty
  std::vector<double> costs, cpus;
  Spread cost, cpu, times_ours;
};

struct TargetOutcome {
  Target target;
  double reached = 0;
  bool met = false;
};

struct GroupOutcome {
  std::string title, unit, state;
  double bytes = 0;
  std::vector<Outcome> outcomes;
  std::vector<TargetOutcome> targets;
};

struct HarnessOptions {
  bool quick = false;
  int repetitions = 9;
  std::string only;  // run groups whose title holds this; empty: all
};

// Runs every contender once per repetition, in order. A contender that fails keeps its
// message and is left out from then on; the others go on.
GroupOutcome RunGroup(const Group& group, const HarnessOptions& options);

// Wall and processor time since it was made.
class Stopwatch {
 public:
  Stopwatch() : wall_(std::chrono::steady_clock::now()), cpu_(CpuSeconds()) {}
  double Seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_)
        .count();
  }
  // Both, multiplied by `scale` (1e6 / rows for us per row).
  Sample Stop(double scale = 1) const {
    const double wall = Seconds();
    return {wall * scale, (CpuSeconds() - cpu_) * scale};
  }

 private:
  static double CpuSeconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  }
  std::chrono::steady_clock::time_point wall_;
  double cpu_;
};

}  // namespace lancer::bench
