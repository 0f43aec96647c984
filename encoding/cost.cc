#include "encoding/cost.h"

#include <algorithm>
#include <array>

#include "encoding/candidates.h"

namespace lancer::encoding {
namespace {

// One row per encoding that is not free. Reasons:
// run_end, sparse: a search among the ends or positions. dict: a second memory access per
// value. fsst: the same, 1 to 1.5 GB/s and no neighbours. alp: a division per value.
// alp_rd: two reads per value. cast: a second pass. delta_base: no value alone; one read
// unpacks and adds up to 1,024 differences, about 1 us, five times all else that a hot
// take costs. zstd: 0.25 to 1 GB/s on what it shrinks poorly. lz4: 4.5 GB/s, but a whole
// block per value. In compact and archive a scan is bound by the reading of bytes, so
// factors are only there to break ties towards what is quick.
struct Row {
  EncodingId id;
  double random;
  double compact;
  double archive;
};
constexpr std::array<Row, 11> kFactors = {{
    {EncodingId::kRunEnd, 1.05, 1.05, 1.01},
    {EncodingId::kSparse, 1.05, 1.02, 1.01},
    {EncodingId::kDict, 1.02, 1.02, 1.01},
    {EncodingId::kDeltaBase, 6.00, 1.06, 1.01},
    {EncodingId::kFsst, 1.05, 1.05, 1.01},
    {EncodingId::kAlp, 1.05, 1.02, 1.00},
    {EncodingId::kAlpRd, 1.05, 1.02, 1.00},
    {EncodingId::kCast, 1.02, 1.01, 1.00},
    {EncodingId::kPredict, 1.60, 1.05, 1.00},
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

// Differences of where exceptions stand: there are few of them in a block, so that adding
// up all costs no more than the search. Runs may be short and many: the search among ends
// as they are costs a third of the sum.
constexpr double kDifferencesOfExceptions = 1.10;
constexpr double kDifferencesOfEnds = 1.60;

double FactorOfDifferences(const EncodingTree& tree, size_t node, double own) {
  if (node == 0 || tree.nodes[node].id != EncodingId::kDeltaBase) {
    return own;
  }
  switch (tree.nodes[node - 1].id) {
    case EncodingId::kSparse:
      return std::min(own, kDifferencesOfExceptions);
    case EncodingId::kRunEnd:
      return std::min(own, kDifferencesOfEnds);
    default:
      return own;
  }
}

double FactorOf(const Row& row, Profile profile) {
  switch (profile) {
    case Profile::kRandom:
      return row.random;
    case Profile::kCompact:
      return row.compact;
    case Profile::kArchive:
      break;
  }
  return row.archive;
}

// zstd without short matches over planes: noise stands raw in it, the rest is a table
// look-up a byte, 2 to 4 GB/s.
bool ArePlanes(const EncodingTree& tree, size_t node) {
  return tree.nodes[node].id == EncodingId::kZstd &&
         tree.nodes[node].parameter == kFewMatches && tree.nodes[node].child_count == 1 &&
         tree.nodes[node + 1].id == EncodingId::kShuffle;
}
constexpr double kPlanes = 1.02;

// A writer spends twice the time on it, which is to gain more than 5 %.
constexpr double kMiddle = 1.105;

}  // namespace

double TreeFactor(const EncodingTree& tree, Profile profile) {
  double factor = 1.0;
  for (size_t i = 0; i < tree.nodes.size(); ++i) {
    for (const Row& row : kFactors) {
      if (row.id == tree.nodes[i].id) {
        double own = FactorOfDifferences(tree, i, FactorOf(row, profile));
        if (tree.nodes[i].id == EncodingId::kZstd && profile == Profile::kCompact &&
            tree.nodes[i].parameter == kMiddleLevel) {
          own = kMiddle;
        }
        if (ArePlanes(tree, i) && profile != Profile::kRandom) {
          own = std::min(own, kPlanes);
        }
        factor = std::max(factor, own);
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
