// Encoding a page: statistics, then a tree per stream, then the layout that goes with
// them (layout_choice.h), then its bytes.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "encoding/candidates.h"
#include "encoding/cost.h"
#include "encoding/distinct_estimate.h"
#include "format/block_size.h"
#include "format/blocks.h"
#include "format/layout_choice.h"
#include "format/random_layout.h"
#include "format/uniform.h"
#include "format/variable.h"

namespace lancer::format {
namespace {

using encoding::PhysicalKind;

// What a fixed-width page may take beyond its plain values without being written plain.
constexpr double kPlainSlackBytes = 4096;

class PageEncoder {
 public:
  PageEncoder(const LeafShape& shape, const LeafBuffer& buffer,
              const encoding::EncodeResources& resources, const PageOptions& options)
      : options_(options),
        resources_(resources),
        statistics_(encoding::ComputeStatistics(ValuesOf(shape, buffer))),
        input_{shape, buffer, ValuesOf(shape, buffer), statistics_, resources_, options_},
        random_(options.page_ordinal) {}

  Result<EncodedPage> Run();

 private:
  Status Encode();
  encoding::SelectionOptions SelectionFor(uint64_t block_values, size_t stream) const;
  void ChooseLengths();
  void ChooseValues();
  Status Write();
  Status WriteCut();
  void Clear();
  bool BeatsPlain() const;
  void Describe();

  const PageOptions& options_;
  encoding::EncodeResources resources_;
  encoding::Statistics statistics_;
  PageInput input_;
  RandomLayout random_;
  encoding::Choice choice_;            // of the values' tree
  std::vector<double> lengths_bytes_;  // of a length of each kList level
  EncodedPage page_;
};

Result<EncodedPage> PageEncoder::Run() {
  Status status = Encode();
  if (status.code() == StatusCode::kResourceExhausted) {
    resources_.dictionary = nullptr;  // it is full: choose among the other trees
    status = Encode();
  }
  LANCER_RETURN_IF_ERROR(status);
  const encoding::EncodingTree plain = encoding::PlainTree(input_.shape.type);
  const bool chosen =
      !options_.random_policy && choice_.reason != encoding::ChoiceReason::kAsked;
  if (chosen && page_.trees.back() != plain && !BeatsPlain()) {
    page_.trees.back() = plain;
    choice_.tree = plain;
    choice_.reason = encoding::ChoiceReason::kPlainSmaller;
    choice_.bytes_per_value = input_.PlainBytesPerValue();
    choice_.stride_fixed = true;
    LANCER_RETURN_IF_ERROR(Write());
  }
  Describe();
  page_.choice = std::move(choice_);
  return std::move(page_);
}

Status PageEncoder::Encode() {
  page_.trees.clear();
  lengths_bytes_.clear();
  ChooseLengths();
  ChooseValues();
  return Write();
}

encoding::SelectionOptions PageEncoder::SelectionFor(uint64_t block_values,
                                                     size_t stream) const {
  encoding::SelectionOptions options;
  options.profile = options_.profile;
  options.block_values = block_values;
  options.seed = options_.page_ordinal;
  options.random_policy = options_.random_policy;
  if (options_.previous != nullptr && stream < options_.previous->size()) {
    options.previous = &(*options_.previous)[stream];
    options.previous_bytes_per_value = options_.previous_bytes_per_value;
  }
  return options;
}

// A tree for the lengths of each kList level.
void PageEncoder::ChooseLengths() {
  for (size_t i = 0; i < input_.shape.levels.size(); ++i) {
    if (input_.shape.levels[i].kind != LevelKind::kList) {
      continue;
    }
    encoding::Values lengths;
    lengths.type = kLengthType;
    lengths.count = input_.buffer.levels[i].lengths.size();
    lengths.data = std::as_bytes(std::span(input_.buffer.levels[i].lengths));
    encoding::SelectionOptions options = SelectionFor(kFewestFixedRows, SIZE_MAX);
    const encoding::Choice choice =
        encoding::SelectTree(lengths, encoding::ComputeStatistics(lengths), {}, options);
    page_.trees.push_back(choice.tree);
    lengths_bytes_.push_back(choice.bytes_per_value);
  }
}

void PageEncoder::ChooseValues() {
  if (input_.shape.type.kind == PhysicalKind::kFixed && input_.shape.type.width == 0) {
    choice_ = {.tree = encoding::ConstantTree(),
               .reason = encoding::ChoiceReason::kOneValue,
               .stride_fixed = true};
  } else {
    encoding::SelectionOptions options =
        SelectionFor(ExpectedBlockValues(input_), page_.trees.size());
    options.frame_values = ExpectedFrameValues(input_);
    options.asked = options_.asked;
    if (input_.shape.tensor.elements != 0 ||
        (options_.profile == Profile::kRandom && input_.shape.values_per_row() > 1)) {
      options.least_gain = encoding::kLeastVectorGain;
    }
    choice_ = encoding::SelectTree(input_.values, statistics_, resources_, options);
  }
  page_.trees.push_back(choice_.tree);
}

Status PageEncoder::Write() {
  Clear();
  const LayoutKind layout = options_.random_policy ? random_.Layout(input_, choice_)
                                                   : ChooseLayout(input_, choice_);
  switch (layout) {
    case LayoutKind::kUniform:
      return WriteUniform(input_, &page_);
    case LayoutKind::kVariable:
      page_.trees.back() = encoding::PlainTree(input_.shape.type);
      if (!options_.random_policy) {
        choice_.reason = encoding::ChoiceReason::kStandAlone;
      }
      return WriteVariable(input_, &page_);
    case LayoutKind::kBlocks:
      break;
  }
  if (options_.random_policy) {
    return WriteBlocks(input_, random_.Cut(input_.buffer.rows), &page_);
  }
  LANCER_RETURN_IF_ERROR(WriteCut());
  if (options_.profile == Profile::kRandom && !HasCodec(choice_.tree) &&
      MissesBlockTarget(input_, choice_.tree, page_)) {
    // The estimate was off: what the page took is the better one.
    choice_.bytes_per_value = static_cast<double>(page_.bytes.size()) /
                              static_cast<double>(input_.values.count);
    return WriteCut();
  }
  return Status::Ok();
}

Status PageEncoder::WriteCut() {
  Clear();
  const uint64_t rows = BlockRows(input_, choice_, lengths_bytes_);
  return WriteBlocks(
      input_, CutBlocks(input_, choice_.bytes_per_value, lengths_bytes_, rows), &page_);
}

void PageEncoder::Clear() {
  page_.meta = {};
  page_.bytes.clear();
  page_.index.clear();
  page_.block_bounds.clear();
  page_.uses_codec_dictionary = false;
}

bool PageEncoder::BeatsPlain() const {
  const double plain =
      input_.PlainBytesPerValue() * static_cast<double>(input_.values.count);
  return static_cast<double>(page_.bytes.size()) <= plain + kPlainSlackBytes;
}

void PageEncoder::Describe() {
  PageMeta& meta = page_.meta;
  meta.rows = input_.buffer.rows;
  meta.values = input_.values.count;
  meta.size = page_.bytes.size();
  page_.uses_codec_dictionary |= std::ranges::any_of(page_.trees, HasCodec);
  meta.statistics.null_count = input_.buffer.validity.null_count;
  const encoding::PhysicalType& type = input_.shape.type;
  if (input_.shape.levels.empty() && !input_.shape.packed &&
      (type.kind != PhysicalKind::kFixed || type.width > 0)) {
    meta.statistics.min = statistics_.min;
    meta.statistics.max = statistics_.max;
    meta.statistics.distinct_count = statistics_.distinct
                                         ? *statistics_.distinct
                                         : encoding::EstimateDistinct(input_.values);
    if (encoding::IsFloating(type.number)) {
      meta.statistics.nan_count = statistics_.nan_count;
    }
  }
  page_.bytes_per_value = static_cast<double>(page_.bytes.size()) /
                          static_cast<double>(std::max<uint64_t>(input_.values.count, 1));
}

Status CheckBuffer(const LeafShape& shape, const LeafBuffer& buffer) {
  if (buffer.levels.size() != shape.levels.size() ||
      buffer.validity.count != buffer.values || buffer.rows > UINT32_MAX) {
    return Status::InvalidArgument(fmt::format(
        "a page of {} rows: {} slots with validity of {}, {} levels of {}", buffer.rows,
        buffer.values, buffer.validity.count, buffer.levels.size(), shape.levels.size()));
  }
  return Status::Ok();
}

}  // namespace

Result<EncodedPage> EncodePage(const LeafShape& shape, const LeafBuffer& buffer,
                               const encoding::EncodeResources& resources,
                               const PageOptions& options) {
  LANCER_RETURN_IF_ERROR(CheckBuffer(shape, buffer));
  return PageEncoder(shape, buffer, resources, options).Run();
}

}  // namespace lancer::format
