#include "bench/spread.h"

#include <algorithm>
#include <cstddef>

namespace lancer::bench {
namespace {

double Quantile(const std::vector<double>& sorted, double fraction) {
  const double place = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  const double part = place - static_cast<double>(below);
  return sorted[below] + part * (sorted[above] - sorted[below]);
}

}  // namespace

Spread SpreadOf(std::vector<double> samples) {
  if (samples.empty()) {
    return {};
  }
  std::sort(samples.begin(), samples.end());
  return {Quantile(samples, 0.5), Quantile(samples, 0.25), Quantile(samples, 0.75)};
}

std::vector<double> PairedRatios(const std::vector<double>& theirs,
                                 const std::vector<double>& ours) {
  std::vector<double> ratios;
  for (size_t i = 0; i < std::min(theirs.size(), ours.size()); ++i) {
    if (ours[i] > 0) {
      ratios.push_back(theirs[i] / ours[i]);
    }
  }
  return ratios;
}

}  // namespace lancer::bench
