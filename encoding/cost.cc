#include "encoding/cost.h"

#include <algorithm>
#include <array>

namespace lancer::encoding {
namespace {

// One row per encoding that is not free. Reasons:
// run_end: a search among the ends. dict: a second memory access per value. fsst: the
// same, 1 to 1.5 GB/s and no neighbours. delta_base: no value alone; one read unpacks and
// adds up to 1,024 differences, about 1 us, five times all else that a hot take costs.
// zstd: 0.25 to 1 GB/s on what it shrinks poorly. lz4: 4.5 GB/s, but a whole block per
// value. In compact and archive a scan is bound by the reading of bytes, so factors are
// only there to break ties towards what is quick.
struct Row {
  EncodingId id;
  double random;
  double compact;
  double archive;
};
constexpr std::array<Row, 6> kFactors = {{
    {EncodingId::kRunEnd, 1.05, 1.05, 1.01},
    {EncodingId::kDict, 1.02, 1.02, 1.01},
    {EncodingId::kDeltaBase, 6.00, 1.10, 1.01},
    {EncodingId::kFsst, 1.05, 1.05, 1.01},
    {EncodingId::kZstd, 1.60, 1.05, 1.00},
    {EncodingId::kLz4, 1.30, 1.10, 1.05},
}};

// Time of reading one block: what a call costs, and bytes per microsecond behind it
// (measured with a dictionary on 4 KiB of text).
struct Speed {
  EncodingId id;
  double call_us;
  double bytes_per_us;
};
constexpr std::array<Speed, 2> kSpeeds = {{
    {EncodingId::kZstd, 0.3, 960},
    {EncodingId::kLz4, 0.3, 4500},
}};
constexpr double kHotValueUs = 1.5;

}  // namespace

double TreeFactor(const EncodingTree& tree, Profile profile) {
  double factor = 1.0;
  for (const EncodingNode& node : tree.nodes) {
    for (const Row& row : kFactors) {
      if (row.id == node.id) {
        factor = std::max(factor, profile == Profile::kRandom    ? row.random
                                  : profile == Profile::kCompact ? row.compact
                                                                 : row.archive);
      }
    }
  }
  return factor;
}

double LatencyFactor(const EncodingTree& tree, Profile profile, double raw_bytes) {
  if (profile != Profile::kRandom) {
    return 1.0;
  }
  double time_us = 0;
  for (const EncodingNode& node : tree.nodes) {
    for (const Speed& speed : kSpeeds) {
      if (speed.id == node.id) {
        time_us += speed.call_us + raw_bytes / speed.bytes_per_us;
      }
    }
  }
  return std::max(1.0, time_us / kHotValueUs);
}

}  // namespace lancer::encoding
