// Encoding a page: statistics, then a tree per stream, then the layout that the tree and
// the shape of the leaf allow at the least cost (spec: layouts, "Which layout").
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "encoding/candidates.h"
#include "format/blocks.h"
#include "format/layout.h"

namespace lancer::format {
namespace {

using encoding::EncodingId;
using encoding::PhysicalKind;

constexpr uint64_t kRandomBlockBytes = 8 << 10;  // encoded, at most; half at least
// Raw, since one value costs half a block to decode: long values leave less to choose.
constexpr uint64_t kRandomCodecBytes = 2 << 10;
constexpr uint64_t kRandomShortCodecBytes = 1 << 10;
constexpr double kLongestShortValue = 128;          // mean bytes
constexpr uint64_t kCompactBlockBytes = 64 << 10;   // raw
constexpr uint64_t kArchiveBlockBytes = 256 << 10;  // raw
constexpr uint64_t kFewestFixedRows = 1024;         // of a block of fixed width
constexpr uint64_t kMostBlockRows = uint64_t{1} << kMostBlockShift;
constexpr double kShortestVariable = 1024;   // mean bytes of a value in V
constexpr double kLongestBlockValue = 4096;  // mean bytes of a value in K
constexpr double kLongestCompactValue = 64 << 10;
constexpr uint64_t kLongestConstant = 64 << 10;  // bytes, in a page index

bool HasCodec(const encoding::EncodingTree& tree) {
  return encoding::Contains(tree, EncodingId::kZstd) ||
         encoding::Contains(tree, EncodingId::kLz4);
}

class PageEncoder {
 public:
  PageEncoder(const LeafShape& shape, const LeafBuffer& buffer,
              const encoding::EncodeResources& resources, const PageOptions& options)
      : options_(options),
        resources_(resources),
        statistics_(encoding::ComputeStatistics(ValuesOf(shape, buffer))),
        input_{shape,       buffer,     ValuesOf(shape, buffer),
               statistics_, resources_, options_} {
    // Draws are spread, so that neighbouring pages differ in all of them.
    draw_ = (options.page_ordinal + 1) * 0x9E3779B97F4A7C15ULL;
    draw_ ^= draw_ >> 29;
  }

  Result<EncodedPage> Run() {
    Status status = Encode();
    if (status.code() == StatusCode::kResourceExhausted) {
      resources_.dictionary = nullptr;  // it is full: choose among the other trees
      status = Encode();
    }
    LANCER_RETURN_IF_ERROR(status);
    const encoding::EncodingTree plain = encoding::PlainTree(input_.shape.type);
    if (!options_.random_policy && page_.trees.back() != plain && !BeatsPlain()) {
      page_.trees.back() = plain;
      choice_ = {plain, PlainBytesPerValue(), true, std::move(choice_.candidates)};
      LANCER_RETURN_IF_ERROR(Write());
    }
    Describe();
    return std::move(page_);
  }

 private:
  uint64_t Draw(uint64_t choices) {
    draw_ ^= draw_ << 13;
    draw_ ^= draw_ >> 7;
    draw_ ^= draw_ << 17;
    return draw_ % choices;
  }

  Status Encode() {
    page_.trees.clear();
    lengths_bytes_.clear();
    ChooseLengths();
    ChooseValues();
    return Write();
  }

  encoding::SelectionOptions SelectionFor(uint64_t block_values, size_t stream) const {
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
  void ChooseLengths() {
    for (size_t i = 0; i < input_.shape.levels.size(); ++i) {
      if (input_.shape.levels[i].kind != LevelKind::kList) {
        continue;
      }
      encoding::Values lengths;
      lengths.type = kLengthType;
      lengths.count = input_.buffer.levels[i].lengths.size();
      lengths.data = std::as_bytes(std::span(input_.buffer.levels[i].lengths));
      encoding::SelectionOptions options = SelectionFor(kFewestFixedRows, SIZE_MAX);
      const encoding::Choice choice = encoding::SelectTree(
          lengths, encoding::ComputeStatistics(lengths), {}, options);
      page_.trees.push_back(choice.tree);
      lengths_bytes_.push_back(choice.bytes_per_value);
    }
  }

  void ChooseValues() {
    if (input_.shape.type.kind == PhysicalKind::kFixed && input_.shape.type.width == 0) {
      choice_ = {encoding::ConstantTree(), 0, true, {}};
    } else {
      choice_ = encoding::SelectTree(input_.values, statistics_, resources_,
                                     SelectionFor(BlockValues(), page_.trees.size()));
    }
    page_.trees.push_back(choice_.tree);
  }

  double PlainBytesPerValue() const {
    const encoding::PhysicalType& type = input_.shape.type;
    if (type.kind == PhysicalKind::kBits) {
      return 1.0 / 8;
    }
    return type.kind == PhysicalKind::kFixed ? type.width : MeanLength() + 4;
  }

  double MeanLength() const {
    const uint64_t valid = statistics_.count - statistics_.null_count;
    return static_cast<double>(statistics_.total_bytes) /
           static_cast<double>(std::max<uint64_t>(valid, 1));
  }

  double ValuesPerRow() const {
    return static_cast<double>(input_.values.count) /
           static_cast<double>(std::max<uint64_t>(input_.buffer.rows, 1));
  }

  uint64_t BlockTarget() const {
    if (options_.profile == Profile::kRandom && HasCodec(choice_.tree)) {
      const bool is_short = input_.shape.type.kind == PhysicalKind::kBytes &&
                            MeanLength() <= kLongestShortValue;
      return is_short ? kRandomShortCodecBytes : kRandomCodecBytes;
    }
    switch (options_.profile) {
      case Profile::kCompact:
        return kCompactBlockBytes;
      case Profile::kArchive:
        return kArchiveBlockBytes;
      default:
        return kRandomBlockBytes;
    }
  }

  // Rows of a block that takes the target when a row takes `row_bytes`; a power of two.
  uint64_t BlockRowsFor(double row_bytes) const {
    const double rows = static_cast<double>(BlockTarget()) / std::max(row_bytes, 1e-3);
    const bool flat_fixed =
        input_.shape.levels.empty() && input_.shape.type.kind != PhysicalKind::kBytes;
    const uint64_t least = flat_fixed ? kFewestFixedRows : 1;
    return std::bit_floor(
        std::clamp(static_cast<uint64_t>(std::min(rows, 1e9)), least, kMostBlockRows));
  }

  // What selection is told before it knows what a value will take.
  uint64_t BlockValues() const {
    const uint64_t rows = BlockRowsFor(PlainBytesPerValue() * ValuesPerRow());
    return std::max<uint64_t>(
        1, static_cast<uint64_t>(static_cast<double>(rows) * ValuesPerRow()));
  }

  // Codecs want raw bytes before them, all else is cut by what is stored.
  uint64_t BlockRows() const {
    const bool raw = options_.profile != Profile::kRandom || HasCodec(choice_.tree);
    double row_bytes =
        (raw ? PlainBytesPerValue() : choice_.bytes_per_value) * ValuesPerRow();
    for (size_t i = 0, list = 0; i < input_.shape.levels.size(); ++i) {
      if (input_.shape.levels[i].kind == LevelKind::kList) {
        row_bytes += lengths_bytes_[list++] *
                     static_cast<double>(input_.buffer.levels[i].lengths.size()) /
                     static_cast<double>(std::max<uint64_t>(input_.buffer.rows, 1));
      }
    }
    return BlockRowsFor(row_bytes);
  }

  bool FitsUniform() const {
    const LeafShape& shape = input_.shape;
    if (shape.has_lists()) {
      return false;
    }
    if (choice_.tree == encoding::ConstantTree()) {
      return shape.type.kind != PhysicalKind::kBytes ||
             statistics_.max_length <= kLongestConstant;
    }
    const bool fixed_lists = shape.values_per_row() != 1;
    return choice_.stride_fixed && shape.type.kind != PhysicalKind::kBytes &&
           (!fixed_lists || input_.buffer.validity.null_count == 0);
  }

  bool FitsVariable() const {
    return input_.shape.type.kind == PhysicalKind::kBytes && !input_.shape.has_lists() &&
           !std::ranges::any_of(input_.shape.levels, [](const Level& level) {
             return level.kind == LevelKind::kFixedList;
           });
  }

  // Long values that blocks would not make smaller.
  bool PrefersVariable() const {
    if (!FitsVariable() || MeanLength() < kShortestVariable ||
        encoding::Contains(choice_.tree, EncodingId::kDict)) {
      return false;
    }
    const bool random = options_.profile == Profile::kRandom;
    if (MeanLength() > (random ? kLongestBlockValue : kLongestCompactValue)) {
      return true;
    }
    return !HasCodec(choice_.tree);
  }

  LayoutKind ChooseLayout() {
    if (options_.random_policy) {
      if (FitsVariable() && Draw(3) == 0) {
        return LayoutKind::kVariable;
      }
      return FitsUniform() && Draw(2) == 0 ? LayoutKind::kUniform : LayoutKind::kBlocks;
    }
    if (FitsUniform()) {
      return LayoutKind::kUniform;
    }
    return PrefersVariable() ? LayoutKind::kVariable : LayoutKind::kBlocks;
  }

  BlockCut DrawCut() {
    BlockCut cut;
    cut.shift = static_cast<uint8_t>(Draw(kMostBlockShift + 1));
    cut.uneven = Draw(3) == 0;
    if (cut.uneven) {
      const uint64_t most = 1 + Draw(2048);
      for (uint64_t row = 0; row < input_.buffer.rows; row += 1 + Draw(most)) {
        cut.starts.push_back(row);
      }
      cut.starts.push_back(input_.buffer.rows);
      cut.shift = 0;
    }
    return cut;
  }

  Status Write() {
    Clear();
    switch (ChooseLayout()) {
      case LayoutKind::kUniform:
        return WriteUniform(input_, &page_);
      case LayoutKind::kVariable:
        page_.trees.back() = encoding::PlainTree(input_.shape.type);
        return WriteVariable(input_, &page_);
      case LayoutKind::kBlocks:
        break;
    }
    if (options_.random_policy) {
      return WriteBlocks(input_, DrawCut(), &page_);
    }
    LANCER_RETURN_IF_ERROR(WriteCut());
    if (options_.profile == Profile::kRandom && !HasCodec(choice_.tree) &&
        MissesTarget()) {
      // The estimate was off: what the page took is the better one.
      choice_.bytes_per_value = static_cast<double>(page_.bytes.size()) /
                                static_cast<double>(input_.values.count);
      return WriteCut();
    }
    return Status::Ok();
  }

  Status WriteCut() {
    Clear();
    return WriteBlocks(
        input_, CutBlocks(input_, choice_.bytes_per_value, lengths_bytes_, BlockRows()),
        &page_);
  }

  void Clear() {
    page_.meta = {};
    page_.bytes.clear();
    page_.index.clear();
    page_.block_bounds.clear();
  }

  // Is the mean block far from what it should be, and can another cut mend it?
  bool MissesTarget() const {
    const bool uneven = page_.meta.flags != 0;
    const uint64_t blocks = page_.index.size() / BlockEntryBytes(uneven);
    if (uneven || blocks < 4) {
      return false;
    }
    const uint64_t mean = page_.bytes.size() / blocks;
    const bool flat_fixed =
        input_.shape.levels.empty() && input_.shape.type.kind != PhysicalKind::kBytes;
    const int least = flat_fixed ? std::countr_zero(kFewestFixedRows) : 0;
    return (mean > kRandomBlockBytes && page_.meta.block_shift > least) ||
           (mean < kRandomBlockBytes / 2 && page_.meta.block_shift < kMostBlockShift);
  }

  bool BeatsPlain() const {
    if (input_.shape.type.kind == PhysicalKind::kBytes) {
      return true;
    }
    const double plain = PlainBytesPerValue() * static_cast<double>(input_.values.count);
    return static_cast<double>(page_.bytes.size()) <= plain + 4096;
  }

  void Describe() {
    PageMeta& meta = page_.meta;
    meta.rows = input_.buffer.rows;
    meta.values = input_.values.count;
    meta.size = page_.bytes.size();
    meta.statistics.null_count = input_.buffer.validity.null_count;
    const encoding::PhysicalType& type = input_.shape.type;
    if (input_.shape.levels.empty() &&
        (type.kind != PhysicalKind::kFixed || type.width > 0)) {
      meta.statistics.min = statistics_.min;
      meta.statistics.max = statistics_.max;
      meta.statistics.distinct_count = statistics_.distinct;
      if (type.number == encoding::NumberKind::kFloat) {
        meta.statistics.nan_count = statistics_.nan_count;
      }
    }
    page_.bytes_per_value =
        static_cast<double>(page_.bytes.size()) /
        static_cast<double>(std::max<uint64_t>(input_.values.count, 1));
  }

  const PageOptions& options_;
  encoding::EncodeResources resources_;
  encoding::Statistics statistics_;
  PageInput input_;
  uint64_t draw_;
  encoding::Choice choice_;
  std::vector<double> lengths_bytes_;
  EncodedPage page_;
};

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
