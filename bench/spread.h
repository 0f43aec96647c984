// Spread: median and quartiles of repeated measurements.
//
// Ownership: plain values. Thread rule: functions without state.
#pragma once

#include <vector>

namespace lancer::bench {

struct Spread {
  double median = 0;
  double low = 0;   // first quartile
  double high = 0;  // third quartile
};

// Quartiles by linear interpolation; zeros for no samples.
Spread SpreadOf(std::vector<double> samples);

// theirs[i] / ours[i] for each repetition i that both have: neighbours in time, so that a
// slow moment of the machine hits both sides of a ratio.
std::vector<double> PairedRatios(const std::vector<double>& theirs,
                                 const std::vector<double>& ours);

}  // namespace lancer::bench
