#include "bench/harness.h"

#include <algorithm>

namespace lancer::bench {
namespace {

double Reached(const Target& target, const std::vector<Outcome>& outcomes) {
  for (const Outcome& outcome : outcomes) {
    if (outcome.name == target.contender && outcome.failure.empty()) {
      return target.kind == Target::Kind::kCostAtMost ? outcome.cost.median
                                                      : outcome.times_ours.median;
    }
  }
  return 0;
}

bool Met(const Target& target, double reached) {
  if (reached <= 0) {
    return false;  // no figure
  }
  return target.kind == Target::Kind::kTimesOursAtLeast ? reached >= target.limit
                                                        : reached <= target.limit;
}

}  // namespace

GroupOutcome RunGroup(const Group& group, const HarnessOptions& options) {
  GroupOutcome result{group.title, group.unit, group.state, group.bytes, {}, {}};
  for (const Contender& contender : group.contenders) {
    Outcome outcome;
    outcome.name = contender.name;
    outcome.setting = contender.setting;
    result.outcomes.push_back(std::move(outcome));
  }
  const int repetitions = group.once ? 1 : options.repetitions;
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    for (size_t i = 0; i < group.contenders.size(); ++i) {
      Outcome& outcome = result.outcomes[i];
      if (!outcome.failure.empty()) {
        continue;
      }
      Result<Sample> sample = group.contenders[i].measure(repetition);
      if (!sample) {
        outcome.failure = sample.error().ToString();
        continue;
      }
      outcome.costs.push_back(sample->cost);
      outcome.cpus.push_back(sample->cpu);
    }
  }
  for (Outcome& outcome : result.outcomes) {
    outcome.cost = SpreadOf(outcome.costs);
    outcome.cpu = SpreadOf(outcome.cpus);
    outcome.times_ours =
        SpreadOf(PairedRatios(outcome.costs, result.outcomes.front().costs));
  }
  for (const Target& target : group.targets) {
    const double reached = Reached(target, result.outcomes);
    result.targets.push_back({target, reached, Met(target, reached)});
  }
  return result;
}

}  // namespace lancer::bench
