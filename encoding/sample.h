// Samples: what a tree makes of a part of a page, for selection.
//
// Ownership: looks at the caller's values. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "encoding/encoding_tree.h"
#include "encoding/stream.h"
#include "encoding/values.h"

namespace lancer::encoding {

// A run of neighbouring values of a page.
struct SampleRun {
  uint64_t first = 0;
  uint64_t count = 0;
};

// Runs of `run_values` values spread over the page, about `budget_bytes` in all, at most
// 16, at least one; shifted by the seed within their strides. The whole page when small.
std::vector<SampleRun> ChooseRuns(const Values& values, uint64_t run_values,
                                  uint64_t budget_bytes, uint64_t seed);

// Stored bytes per value when each run becomes a stream of its own; nothing when the
// tree cannot hold the values.
std::optional<double> MeasureTree(const EncodingTree& tree,
                                  const EncodeResources& resources, const Values& values,
                                  const std::vector<SampleRun>& runs);

// The same for a tree whose root is dict, with a dictionary of the sample alone: what
// the codes cost. The dictionary's own bytes are not counted.
std::optional<double> MeasureDictCodes(const EncodingTree& tree, const Values& values,
                                       const std::vector<SampleRun>& runs);

}  // namespace lancer::encoding
