#include "bench/harness.h"

#include <gtest/gtest.h>

namespace lancer::bench {
namespace {

// A contender that appends its name to `calls` and costs what `costs` says in turn.
Contender Scripted(std::string name, std::vector<double> costs, std::string* calls) {
  return {name, "scripted", [=](int repetition) -> Result<Sample> {
            *calls += name;
            return Sample{costs[static_cast<size_t>(repetition)], 0};
          }};
}

HarnessOptions Repeat(int repetitions) {
  HarnessOptions options;
  options.repetitions = repetitions;
  return options;
}

TEST(RunGroup, TakesContendersInTurn) {
  std::string calls;
  Group group;
  group.contenders = {Scripted("A", {1, 1, 1}, &calls), Scripted("B", {1, 1, 1}, &calls)};
  RunGroup(group, Repeat(3));
  EXPECT_EQ(calls, "ABABAB");
}

TEST(RunGroup, ComparesWithTheFirstContenderPairByPair) {
  std::string calls;
  Group group;
  // The machine slows down threefold: the ratio must not show it.
  group.contenders = {Scripted("ours", {1, 3, 3}, &calls),
                      Scripted("theirs", {2, 6, 6}, &calls)};
  const GroupOutcome outcome = RunGroup(group, Repeat(3));
  EXPECT_DOUBLE_EQ(outcome.outcomes[1].times_ours.low, 2);
  EXPECT_DOUBLE_EQ(outcome.outcomes[1].times_ours.high, 2);
  EXPECT_DOUBLE_EQ(outcome.outcomes[0].times_ours.median, 1);
}

TEST(RunGroup, KeepsAFailureAndGoesOn) {
  std::string calls;
  Group group;
  group.contenders = {{"bad", "", [](int) { return Status::IoError("no disk"); }},
                      Scripted("B", {5, 5}, &calls)};
  const GroupOutcome outcome = RunGroup(group, Repeat(2));
  EXPECT_EQ(outcome.outcomes[0].failure, "IoError: no disk");
  EXPECT_EQ(calls, "BB");
  EXPECT_DOUBLE_EQ(outcome.outcomes[1].cost.median, 5);
}

TEST(RunGroup, MeasuresConstantsOnce) {
  std::string calls;
  Group group;
  group.once = true;
  group.contenders = {Scripted("A", {1}, &calls)};
  RunGroup(group, Repeat(9));
  EXPECT_EQ(calls, "A");
}

TEST(RunGroup, JudgesTargets) {
  using Kind = Target::Kind;
  struct Case {
    Target target;
    bool met;
  };
  const std::vector<Case> cases = {
      {{"ours", Kind::kCostAtMost, 2}, true},
      {{"ours", Kind::kCostAtMost, 1.9}, false},
      {{"theirs", Kind::kTimesOursAtLeast, 3}, true},
      {{"theirs", Kind::kTimesOursAtLeast, 3.1}, false},
      {{"theirs", Kind::kTimesOursAtMost, 3}, true},
      {{"theirs", Kind::kTimesOursAtMost, 2.9}, false},
      {{"nobody", Kind::kCostAtMost, 9}, false},
      {{"nobody", Kind::kTimesOursAtMost, 9}, false},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.target.contender);
    SCOPED_TRACE(one.target.limit);
    std::string calls;
    Group group;
    group.contenders = {Scripted("ours", {2}, &calls), Scripted("theirs", {6}, &calls)};
    group.targets = {one.target};
    EXPECT_EQ(RunGroup(group, Repeat(1)).targets[0].met, one.met);
  }
}

}  // namespace
}  // namespace lancer::bench
