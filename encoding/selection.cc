// Selection: statistics are made once; sizes come from formulas where there are any, else
// from encoding a sample of the page. The steps, in order:
//
//   1. a page of one value is constant
//   2. the previous page's tree, when it does here what it did there
//   3. every candidate: bytes per value, times the factors of cost.h; the least wins,
//      if it costs at most 95 % of plain
#include "encoding/selection.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "encoding/bit_pack.h"
#include "encoding/byte_order.h"
#include "encoding/candidates.h"
#include "encoding/cost.h"
#include "encoding/dictionary.h"
#include "encoding/ffor.h"
#include "encoding/sample.h"
#include "encoding/value_at.h"

namespace lancer::encoding {
namespace {

constexpr uint64_t kSampleBytes = uint64_t{64} << 10;
constexpr uint64_t kCodecSampleBytes = uint64_t{32} << 10;
constexpr uint64_t kFullSearchEvery = 16;
constexpr double kReplayTolerance = 0.10;
constexpr uint64_t kDictionaryProbes = 256;

class Selector {
 public:
  Selector(const Values& values, const Statistics& statistics,
           const EncodeResources& resources, const SelectionOptions& options)
      : values_(values),
        statistics_(statistics),
        resources_(resources),
        options_(options),
        block_values_(std::clamp<uint64_t>(options.block_values, 1,
                                           std::max<uint64_t>(values.count, 1))) {}

  Choice Run() {
    if (statistics_.count == 0 || IsConstant()) {
      return Chosen(ConstantTree(), ConstantBytes());
    }
    if (options_.random_policy) {
      return DrawTree();
    }
    if (options_.previous != nullptr && options_.seed % kFullSearchEvery != 0) {
      const std::optional<Candidate> again = Weigh(*options_.previous);
      if (again.has_value() && Near(again->bytes_per_value)) {
        Choice choice = Chosen(again->tree, again->bytes_per_value);
        choice.candidates.push_back(*again);
        return choice;
      }
    }
    return Search();
  }

 private:
  LeafHas Has() const {
    return {.dictionary = resources_.dictionary != nullptr,
            .symbol_table = resources_.symbol_table != nullptr};
  }

  // Constant byte strings are stored with u32 lengths.
  bool IsConstant() const {
    return statistics_.run_count == 1 && statistics_.max_length <= UINT32_MAX;
  }

  double ConstantBytes() const {
    const auto size = static_cast<double>(values_.type.kind == PhysicalKind::kBytes
                                              ? statistics_.max_length + 4
                                              : values_.type.width + 1);
    return size / static_cast<double>(std::max<uint64_t>(values_.count, 1));
  }

  bool Near(double bytes_per_value) const {
    const double before = options_.previous_bytes_per_value;
    return std::abs(bytes_per_value - before) <= kReplayTolerance * before;
  }

  Choice Chosen(EncodingTree tree, double bytes_per_value) const {
    Choice choice;
    choice.stride_fixed = IsStrideFixed(tree, values_.type);
    choice.tree = std::move(tree);
    choice.bytes_per_value = bytes_per_value;
    return choice;
  }

  Choice DrawTree() const {
    const std::vector<EncodingTree> trees = AllTrees(values_.type, Has());
    uint64_t draw = (options_.seed + 1) * 0x9E3779B97F4A7C15ULL;
    draw ^= draw >> 32;
    const EncodingTree& tree = trees[draw % trees.size()];
    return Chosen(tree, PlainBytes());
  }

  Choice Search() {
    std::vector<Candidate> candidates;
    for (const EncodingTree& tree :
         CandidateTrees(values_.type, options_.profile, Has())) {
      if (std::optional<Candidate> weighed = Weigh(tree)) {
        candidates.push_back(std::move(*weighed));
      }
    }
    const Candidate plain = candidates.front();
    std::stable_sort(
        candidates.begin(), candidates.end(),
        [](const Candidate& a, const Candidate& b) { return a.cost < b.cost; });
    const Candidate& best =
        candidates.front().cost <= kWorthwhile * plain.cost ? candidates.front() : plain;
    Choice choice = Chosen(best.tree, best.bytes_per_value);
    choice.candidates = std::move(candidates);
    return choice;
  }

  std::optional<Candidate> Weigh(const EncodingTree& tree) {
    Candidate candidate;
    candidate.tree = tree;
    const std::optional<double> bytes = Estimate(tree, &candidate.sampled);
    if (!bytes.has_value()) {
      return std::nullopt;
    }
    const bool blocks = !IsStrideFixed(tree, values_.type);
    candidate.bytes_per_value =
        *bytes + (blocks ? kBlockOverheadBytes / static_cast<double>(block_values_) : 0);
    candidate.cost = candidate.bytes_per_value * TreeFactor(tree, options_.profile) *
                     LatencyFactor(tree, options_.profile, RawBlockBytes());
    return candidate;
  }

  std::optional<double> Estimate(const EncodingTree& tree, bool* sampled) {
    const EncodingNode& root = tree.nodes[0];
    switch (root.id) {
      case EncodingId::kConstant:
        return std::nullopt;  // Run has found that the page is not
      case EncodingId::kPlain:
      case EncodingId::kBoolBits:
        return PlainBytes();
      case EncodingId::kDict:
        *sampled = true;
        return DictBytes(tree);
      case EncodingId::kFfor:
        if (root.parameter == kFforWithoutPatches) {
          return PageWideBytes();
        }
        break;
      case EncodingId::kVarBytes:
        if (tree.nodes.size() == 2) {
          *sampled = true;
          return VarBytesPlain();
        }
        break;
      default:
        break;
    }
    if (CannotPay(tree)) {
      return std::nullopt;
    }
    *sampled = true;
    const bool codec =
        Contains(tree, EncodingId::kZstd) || Contains(tree, EncodingId::kLz4);
    return MeasureTree(tree, resources_, values_, codec ? CodecRuns() : Runs());
  }

  // Trees that a look at the statistics rules out.
  bool CannotPay(const EncodingTree& tree) const {
    const EncodingNode& root = tree.nodes[0];
    if (root.id == EncodingId::kDeltaBase) {
      return (root.parameter == 0) != statistics_.ascending;
    }
    return false;
  }

  double PlainBytes() const {
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

  double MeanLength() const {
    return static_cast<double>(statistics_.total_bytes) /
           static_cast<double>(std::max<uint64_t>(values_.count, 1));
  }

  double RawBlockBytes() const {
    return MeanLength() * static_cast<double>(block_values_);
  }

  // The page-wide width follows from the bounds.
  std::optional<double> PageWideBytes() const {
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
  std::optional<double> VarBytesPlain() {
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
  std::optional<double> DictBytes(const EncodingTree& tree) {
    const DictionaryBuilder* builder = resources_.dictionary;
    if (builder == nullptr || !statistics_.distinct ||
        *statistics_.distinct > values_.count / 4) {
      return std::nullopt;
    }
    const auto count = static_cast<double>(values_.count);
    const double added =
        static_cast<double>(*statistics_.distinct) * (1 - ShareInDictionary());
    const double entry_bytes =
        MeanLength() + (values_.type.kind == PhysicalKind::kBytes ? 4 : 0);
    if (static_cast<double>(builder->size_bytes()) + added * entry_bytes >
        static_cast<double>(builder->max_bytes())) {
      return std::nullopt;
    }
    const double entries = static_cast<double>(builder->entry_count()) + added;
    const double code_bytes = std::ceil(std::log2(std::max(entries, 2.0))) / 8;
    const double rank_bytes = 2;
    const double dictionary = added * (entry_bytes + rank_bytes) / count;
    if (tree.nodes.size() == 2 && tree.nodes[1].id == EncodingId::kFfor) {
      const double header = 6.0 / static_cast<double>(block_values_);
      return code_bytes + header + dictionary;
    }
    const std::optional<double> codes = MeasureDictCodes(tree, values_, CodecRuns());
    return codes.has_value() ? std::optional(*codes + dictionary) : std::nullopt;
  }

  double ShareInDictionary() const {
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

  const std::vector<SampleRun>& Runs() {
    if (runs_.empty()) {
      runs_ = ChooseRuns(values_, block_values_, kSampleBytes, options_.seed);
    }
    return runs_;
  }

  const std::vector<SampleRun>& CodecRuns() {
    if (codec_runs_.empty()) {
      codec_runs_ = ChooseRuns(values_, block_values_, kCodecSampleBytes, options_.seed);
    }
    return codec_runs_;
  }

  const Values& values_;
  const Statistics& statistics_;
  const EncodeResources& resources_;
  const SelectionOptions& options_;
  uint64_t block_values_;
  std::vector<SampleRun> runs_;
  std::vector<SampleRun> codec_runs_;
};

}  // namespace

Choice SelectTree(const Values& values, const Statistics& statistics,
                  const EncodeResources& resources, const SelectionOptions& options) {
  return Selector(values, statistics, resources, options).Run();
}

}  // namespace lancer::encoding
