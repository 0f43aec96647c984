// The vote that finds a majority in one pass: Boyer and Moore, "MJRTY: A Fast Majority
// Vote Algorithm", 1991. Each value other than the candidate takes one of its votes away.
#include "encoding/dominant.h"

#include <algorithm>

#include "encoding/value_at.h"

namespace lancer::encoding {
namespace {

constexpr uint64_t kSampled = 256;

bool Same(const Values& values, uint64_t a, uint64_t b) {
  if (values.type.kind == PhysicalKind::kBits) {
    return GetBit(values.data.data(), static_cast<int64_t>(a)) ==
           GetBit(values.data.data(), static_cast<int64_t>(b));
  }
  return std::ranges::equal(ValueAt(values, a), ValueAt(values, b));
}

}  // namespace

Dominant FindDominant(const Values& values) {
  const uint64_t sampled = std::min(kSampled, values.count);
  const auto place = [&](uint64_t i) { return i * values.count / sampled; };
  Dominant dominant;
  uint64_t votes = 0;
  for (uint64_t i = 0; i < sampled; ++i) {
    if (votes == 0) {
      dominant.place = place(i);
    }
    votes += Same(values, place(i), dominant.place) ? 1 : UINT64_MAX;
  }
  uint64_t same = 0;
  for (uint64_t i = 0; i < sampled; ++i) {
    same += Same(values, place(i), dominant.place) ? 1 : 0;
  }
  dominant.share = static_cast<double>(same) / static_cast<double>(sampled);
  return dominant;
}

}  // namespace lancer::encoding
