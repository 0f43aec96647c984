// Selection: statistics are made once; sizes come from formulas where there are any, else
// from encoding a sample of the page (estimate.h). The steps, in order:
//
//   0. the caller's tree, when there is one
//   1. a page of one value is constant
//   2. the previous page's tree, when it does here what it did there
//   3. every candidate: bytes per value, times the factors of cost.h; the least wins,
//      if it costs clearly less than plain
#include "encoding/selection.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "encoding/candidates.h"
#include "encoding/cost.h"
#include "encoding/estimate.h"

namespace lancer::encoding {
namespace {

constexpr uint64_t kFullSearchEvery = 16;
constexpr double kReplayTolerance = 0.10;

class Selector {
 public:
  Selector(const Values& values, const Statistics& statistics,
           const EncodeResources& resources, const SelectionOptions& options)
      : values_(values),
        statistics_(statistics),
        resources_(resources),
        options_(options),
        estimator_(values, statistics, resources,
                   {options.block_values, options.frame_values, options.seed}) {}

  Choice Run() {
    if (std::optional<Choice> asked = Asked()) {
      return *std::move(asked);
    }
    if (HasOneValue()) {
      return Chosen(ChoiceReason::kOneValue, ConstantTree(), estimator_.ConstantBytes());
    }
    if (options_.random_policy) {
      return DrawTree();
    }
    if (std::optional<Candidate> again = Replay()) {
      Choice choice =
          Chosen(ChoiceReason::kReplayed, again->tree, again->bytes_per_value);
      choice.candidates.push_back(*std::move(again));
      return choice;
    }
    return Search();
  }

 private:
  LeafHas Has() const {
    return {.dictionary = resources_.dictionary != nullptr,
            .symbol_table = resources_.symbol_table != nullptr,
            .tensor = values_.tensor};
  }

  // Constant byte strings are stored with u32 lengths.
  bool HasOneValue() const {
    return statistics_.count == 0 ||
           (statistics_.run_count == 1 && statistics_.max_length <= UINT32_MAX);
  }

  Choice Chosen(ChoiceReason reason, EncodingTree tree, double bytes_per_value) const {
    Choice choice;
    choice.reason = reason;
    choice.stride_fixed = IsStrideFixed(tree, values_.type);
    choice.tree = std::move(tree);
    choice.bytes_per_value = bytes_per_value;
    return choice;
  }

  // The caller's tree, unless it refers to what the leaf does not have.
  std::optional<Choice> Asked() {
    const EncodingTree* tree = options_.asked;
    if (tree == nullptr || statistics_.count == 0 ||
        (Contains(*tree, EncodingId::kDict) && resources_.dictionary == nullptr) ||
        (Contains(*tree, EncodingId::kFsst) && resources_.symbol_table == nullptr)) {
      return std::nullopt;
    }
    const std::optional<SizeEstimate> size = estimator_.Size(*tree);
    return Chosen(ChoiceReason::kAsked, *tree,
                  size.has_value() ? size->bytes_per_value : estimator_.PlainBytes());
  }

  Choice DrawTree() const {
    const std::vector<EncodingTree> trees = AllTrees(values_.type, Has());
    // Each tree once in as many pages as there are trees, beginning anywhere.
    uint64_t draw = (options_.seed / trees.size() + 1) * 0x9E3779B97F4A7C15ULL;
    draw = (draw >> 32) + options_.seed;
    const EncodingTree& tree = trees[draw % trees.size()];
    return Chosen(ChoiceReason::kDrawn, tree, estimator_.PlainBytes());
  }

  // The tree of the page before, when it does here what it did there. A page that was
  // left plain says nothing of the next one, so after it the search starts anew.
  std::optional<Candidate> Replay() {
    if (options_.previous == nullptr || options_.seed % kFullSearchEvery == 0 ||
        *options_.previous == PlainTree(values_.type)) {
      return std::nullopt;
    }
    std::optional<Candidate> again = Weigh(*options_.previous);
    const double before = options_.previous_bytes_per_value;
    const bool near = again.has_value() && std::abs(again->bytes_per_value - before) <=
                                               kReplayTolerance * before;
    return near ? again : std::nullopt;
  }

  Choice Search() {
    std::vector<Candidate> candidates;
    for (const EncodingTree& tree :
         CandidateTrees(values_.type, options_.profile, Has())) {
      if (std::optional<Candidate> weighed = Weigh(tree)) {
        candidates.push_back(*std::move(weighed));
      }
    }
    const Candidate plain = candidates.front();
    std::stable_sort(
        candidates.begin(), candidates.end(),
        [](const Candidate& a, const Candidate& b) { return a.cost < b.cost; });
    const Candidate& least = candidates.front();
    const bool pays = least.cost <= (1 - options_.least_gain) * plain.cost;
    const Candidate& best = pays ? least : plain;
    Choice choice = Chosen(pays ? ChoiceReason::kLeastCost : ChoiceReason::kPlainKept,
                           best.tree, best.bytes_per_value);
    choice.candidates = std::move(candidates);
    return choice;
  }

  std::optional<Candidate> Weigh(const EncodingTree& tree) {
    const std::optional<SizeEstimate> size = estimator_.Size(tree);
    if (!size.has_value()) {
      return std::nullopt;
    }
    const double block_bytes =
        IsStrideFixed(tree, values_.type)
            ? 0
            : kBlockOverheadBytes / static_cast<double>(estimator_.block_values());
    Candidate candidate;
    candidate.tree = tree;
    candidate.sampled = size->sampled;
    candidate.bytes_per_value = size->bytes_per_value + block_bytes;
    candidate.cost = candidate.bytes_per_value * TreeFactor(tree, options_.profile) *
                     LatencyFactor(tree, options_.profile, estimator_.RawBlockBytes());
    return candidate;
  }

  const Values& values_;
  const Statistics& statistics_;
  const EncodeResources& resources_;
  const SelectionOptions& options_;
  Estimator estimator_;
};

}  // namespace

std::string_view ReasonText(ChoiceReason reason) {
  switch (reason) {
    case ChoiceReason::kAsked:
      return "the field's metadata asks for it";
    case ChoiceReason::kOfType:
      return "columns of the field's type, dictionary or packed struct, are stored so";
    case ChoiceReason::kOneValue:
      return "the page holds one value";
    case ChoiceReason::kReplayed:
      return "the tree of the page before takes as much here, within 10 %";
    case ChoiceReason::kLeastCost:
      return "least cost";
    case ChoiceReason::kPlainKept:
      return "nothing costs clearly less than plain";
    case ChoiceReason::kPlainSmaller:
      return "encoded, the page was no smaller than plain";
    case ChoiceReason::kStandAlone:
      return "long values that blocks do not shrink are stored one by one";
    case ChoiceReason::kDrawn:
      return "drawn among all trees that fit";
  }
  return "";
}

Choice SelectTree(const Values& values, const Statistics& statistics,
                  const EncodeResources& resources, const SelectionOptions& options) {
  return Selector(values, statistics, resources, options).Run();
}

}  // namespace lancer::encoding
