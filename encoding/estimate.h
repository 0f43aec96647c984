// Estimator: what a tree would make of a page, by formula where there is one, else by
// encoding a sample of the page. One per page, so that samples are drawn once.
//
// Ownership: looks at the caller's values, statistics and resources, which outlive it.
// Thread rule: one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "encoding/encoding_tree.h"
#include "encoding/sample.h"
#include "encoding/statistics.h"
#include "encoding/stream.h"
#include "encoding/values.h"

namespace lancer::encoding {

struct SizeEstimate {
  double bytes_per_value = 0;
  bool sampled = false;  // measured on a sample, not by formula
};

class Estimator {
 public:
  // What a block holds, and what moves the samples.
  struct Blocks {
    uint64_t values = 1024;
    uint64_t frame_values = 1024;  // of a block whose tree has frames
    uint64_t seed = 0;
  };
  Estimator(const Values& values, const Statistics& statistics,
            const EncodeResources& resources, const Blocks& blocks);

  // Stored bytes per value under the tree, without what a block adds. Nothing when the
  // statistics say that it cannot pay, or when it cannot hold the values.
  std::optional<SizeEstimate> Size(const EncodingTree& tree);

  double PlainBytes() const;
  double ConstantBytes() const;
  uint64_t block_values() const { return block_values_; }
  // Bytes of a block's values before encoding.
  double RawBlockBytes() const;

 private:
  bool CannotPay(const EncodingTree& tree);
  double DominantShare();
  double MeanLength() const;
  std::optional<double> PageWideBytes() const;
  double PlainRunsBytes() const;
  std::optional<double> VarBytesPlain();
  std::optional<double> DictBytes(const EncodingTree& tree);
  double ShareInDictionary() const;
  const std::vector<SampleRun>& Runs();
  const std::vector<SampleRun>& CodecRuns();
  const std::vector<SampleRun>& FrameRuns();

  const Values& values_;
  const Statistics& statistics_;
  const EncodeResources& resources_;
  uint64_t block_values_;
  uint64_t frame_values_;
  uint64_t seed_;
  std::vector<SampleRun> runs_;
  std::vector<SampleRun> codec_runs_;
  std::optional<double> dominant_share_;
  std::vector<SampleRun> frame_runs_;
};

}  // namespace lancer::encoding
