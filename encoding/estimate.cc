#include "encoding/estimate.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "encoding/bit_pack.h"
#include "encoding/byte_order.h"
#include "encoding/candidates.h"
#include "encoding/cast.h"
#include "encoding/dictionary.h"
#include "encoding/dominant.h"
#include "encoding/ffor.h"
#include "encoding/value_at.h"

namespace lancer::encoding {
namespace {

constexpr uint64_t kSampleBytes = uint64_t{64} << 10;
constexpr uint64_t kCodecSampleBytes = uint64_t{32} << 10;
constexpr uint64_t kDictionaryProbes = 256;
constexpr double kSmallestDominantShare = 0.80;  // of one value, for a look at sparse
constexpr uint64_t kShortestRun = 2;  // mean values of runs that are worth a look

// run_end over packed ends and values that all take the same.
bool IsPlainRuns(const EncodingTree& tree) {
  return tree.nodes.size() == 3 && tree.nodes[1].id == EncodingId::kFfor &&
         (tree.nodes[2].id == EncodingId::kPlain ||
          tree.nodes[2].id == EncodingId::kBoolBits);
}

}  // namespace

Estimator::Estimator(const Values& values, const Statistics& statistics,
                     const EncodeResources& resources, const Blocks& blocks)
    : values_(values),
      statistics_(statistics),
      resources_(resources),
      block_values_(
          std::clamp<uint64_t>(blocks.values, 1, std::max<uint64_t>(values.count, 1))),
      frame_values_(blocks.frame_values),
      seed_(blocks.seed) {}

std::optional<SizeEstimate> Estimator::Size(const EncodingTree& tree) {
  const auto formula = [](std::optional<double> bytes) {
    return bytes ? std::optional(SizeEstimate{*bytes, false}) : std::nullopt;
  };
  const auto sample = [](std::optional<double> bytes) {
    return bytes ? std::optional(SizeEstimate{*bytes, true}) : std::nullopt;
  };
  const EncodingNode& root = tree.nodes[0];
  switch (root.id) {
    case EncodingId::kConstant:
      return std::nullopt;  // selection has found that the page is not
    case EncodingId::kPlain:
    case EncodingId::kBoolBits:
      return formula(PlainBytes());
    case EncodingId::kDict:
      return sample(DictBytes(tree));
    case EncodingId::kFfor:
      if (root.parameter == kFforWithoutPatches) {
        return formula(PageWideBytes());
      }
      break;
    case EncodingId::kRunEnd:
      if (IsPlainRuns(tree) && !CannotPay(tree)) {
        return formula(PlainRunsBytes());
      }
      break;
    case EncodingId::kVarBytes:
      if (tree.nodes.size() == 2) {
        return sample(VarBytesPlain());
      }
      break;
    default:
      break;
  }
  if (CannotPay(tree)) {
    return std::nullopt;
  }
  const bool codec =
      Contains(tree, EncodingId::kZstd) || Contains(tree, EncodingId::kLz4);
  const std::vector<SampleRun>& runs = HasFrames(tree) ? FrameRuns()
                                       : codec         ? CodecRuns()
                                                       : Runs();
  return sample(MeasureTree(tree, resources_, values_, runs));
}

// Trees that a look at the statistics rules out.
bool Estimator::CannotPay(const EncodingTree& tree) {
  const EncodingNode& root = tree.nodes[0];
  if (root.id == EncodingId::kCast) {
    return !IsExactCast(values_, root.parameter);
  }
  if (root.id == EncodingId::kDeltaBase) {
    return (root.parameter == 0) != statistics_.ascending;
  }
  if (Contains(tree, EncodingId::kRunEnd)) {
    return statistics_.run_count > values_.count / kShortestRun;
  }
  if (Contains(tree, EncodingId::kSparse)) {
    return DominantShare() < kSmallestDominantShare;
  }
  return false;
}

double Estimator::DominantShare() {
  if (!dominant_share_.has_value()) {
    dominant_share_ = values_.count == 0 ? 1.0 : FindDominant(values_).share;
  }
  return *dominant_share_;
}

// Every run takes an end and a value; blocks begin and end runs too.
double Estimator::PlainRunsBytes() const {
  const auto per_block = static_cast<double>(block_values_);
  const double runs = 1 + static_cast<double>(statistics_.run_count) * per_block /
                              static_cast<double>(values_.count);
  const double end_bytes = static_cast<double>(std::bit_width(block_values_)) / 8;
  constexpr double kHeaders = 4 + 6;  // of run_end and of ffor
  return (kHeaders + runs * (end_bytes + PlainBytes())) / per_block;
}

double Estimator::PlainBytes() const {
  switch (values_.type.kind) {
    case PhysicalKind::kBits:
      return 1.0 / 8;
    case PhysicalKind::kFixed:
      return values_.type.width;
    case PhysicalKind::kBytes:
      break;
  }
  return MeanLength() + 4;
}

double Estimator::ConstantBytes() const {
  const auto size = static_cast<double>(values_.type.kind == PhysicalKind::kBytes
                                            ? statistics_.max_length + 4
                                            : values_.type.width + 1);
  return size / static_cast<double>(std::max<uint64_t>(values_.count, 1));
}

double Estimator::MeanLength() const {
  return static_cast<double>(statistics_.total_bytes) /
         static_cast<double>(std::max<uint64_t>(values_.count, 1));
}

double Estimator::RawBlockBytes() const {
  return MeanLength() * static_cast<double>(block_values_);
}

// The page-wide width follows from the bounds.
std::optional<double> Estimator::PageWideBytes() const {
  const PhysicalType type = values_.type;
  if (!statistics_.min || !statistics_.max) {
    return std::nullopt;
  }
  if (type.width > 8) {
    return MeasureTree({{{EncodingId::kFfor, 0, kFforWithoutPatches}}}, resources_,
                       values_, {{0, values_.count}});
  }
  const uint64_t low = LoadNumber(statistics_.min->bytes.data(), type.width);
  const uint64_t high = LoadNumber(statistics_.max->bytes.data(), type.width);
  const uint64_t range = (high - low) & (UINT64_MAX >> (64 - 8 * type.width));
  const auto width = static_cast<unsigned>(std::bit_width(range));
  return static_cast<double>(PackedBytes(values_.count, width) + 2 + type.width) /
         static_cast<double>(values_.count);
}

// The payload is as long as it is; only the lengths have to be looked at.
std::optional<double> Estimator::VarBytesPlain() {
  const std::vector<SampleRun>& runs = Runs();
  std::vector<uint32_t> lengths;
  std::vector<SampleRun> packed;
  for (const SampleRun& run : runs) {
    packed.push_back({lengths.size(), run.count});
    for (uint64_t i = run.first; i < run.first + run.count; ++i) {
      lengths.push_back(
          static_cast<uint32_t>(values_.offsets[i + 1] - values_.offsets[i]));
    }
  }
  Values as_numbers;
  as_numbers.type = {PhysicalKind::kFixed, NumberKind::kUnsigned, 4};
  as_numbers.count = lengths.size();
  as_numbers.data = std::as_bytes(std::span(lengths));
  const std::optional<double> bytes =
      MeasureTree({{{EncodingId::kFfor, 0, 0}}}, {}, as_numbers, packed);
  return *bytes + MeanLength() + 5.0 / static_cast<double>(block_values_);
}

// Codes by a sample (or their width), entries by how many are not in the dictionary.
std::optional<double> Estimator::DictBytes(const EncodingTree& tree) {
  const DictionaryBuilder* builder = resources_.dictionary;
  if (builder == nullptr || !statistics_.distinct || CannotPay(tree) ||
      *statistics_.distinct > values_.count / 4) {
    return std::nullopt;
  }
  const auto count = static_cast<double>(values_.count);
  const double added =
      static_cast<double>(*statistics_.distinct) * (1 - ShareInDictionary());
  const bool strings = values_.type.kind == PhysicalKind::kBytes;
  const double entry_bytes = MeanLength() + (strings ? 4 : 0);
  if (static_cast<double>(builder->size_bytes()) + added * entry_bytes >
      static_cast<double>(builder->max_bytes())) {
    return std::nullopt;
  }
  const double entries = static_cast<double>(builder->entry_count()) + added;
  const double code_bytes = std::ceil(std::log2(std::max(entries, 2.0))) / 8;
  // Dictionaries are stored compressed; strings shrink to half at most.
  const double stored_bytes = strings ? entry_bytes / 2 : entry_bytes;
  const double rank_bytes = entries <= double{kMaxRankedEntries} ? 2 : 0;
  const double dictionary = added * (stored_bytes + rank_bytes) / count;
  if (tree.nodes.size() == 2 && tree.nodes[1].id == EncodingId::kFfor) {
    const double header = 6.0 / static_cast<double>(block_values_);
    return code_bytes + header + dictionary;
  }
  const std::optional<double> codes = MeasureDictCodes(tree, values_, CodecRuns());
  return codes.has_value() ? std::optional(*codes + dictionary) : std::nullopt;
}

double Estimator::ShareInDictionary() const {
  const DictionaryBuilder& builder = *resources_.dictionary;
  if (builder.entry_count() == 0) {
    return 0;
  }
  const uint64_t probes = std::min(kDictionaryProbes, values_.count);
  uint64_t found = 0;
  for (uint64_t i = 0; i < probes; ++i) {
    const uint64_t at = i * values_.count / probes;
    found += builder.Find(ValueAt(values_, at)).has_value() ? 1 : 0;
  }
  return static_cast<double>(found) / static_cast<double>(probes);
}

const std::vector<SampleRun>& Estimator::Runs() {
  if (runs_.empty()) {
    runs_ = ChooseRuns(values_, block_values_, kSampleBytes, seed_);
  }
  return runs_;
}

const std::vector<SampleRun>& Estimator::FrameRuns() {
  if (frame_runs_.empty()) {
    frame_runs_ = ChooseRuns(values_, frame_values_, kCodecSampleBytes, seed_);
  }
  return frame_runs_;
}

const std::vector<SampleRun>& Estimator::CodecRuns() {
  if (codec_runs_.empty()) {
    codec_runs_ = ChooseRuns(values_, block_values_, kCodecSampleBytes, seed_);
  }
  return codec_runs_;
}

}  // namespace lancer::encoding
