#include "format/block_size.h"

#include <algorithm>
#include <bit>

#include "encoding/candidates.h"
#include "format/blocks.h"
#include "format/layout_choice.h"

namespace lancer::format {
namespace {

using encoding::PhysicalKind;

constexpr uint64_t kRandomBlockBytes = 8 << 10;  // encoded, at most; half at least
// Raw, since one value costs half a block to decode: long values leave less to choose.
constexpr uint64_t kRandomCodecBytes = 2 << 10;
constexpr uint64_t kRandomShortCodecBytes = 1 << 10;
// Encoded: of fsst a value is read alone, but the numbers of codes of its block are read
// as well, which are few where values are long.
constexpr uint64_t kRandomSymbolBytes = 4 << 10;
constexpr uint64_t kRandomShortSymbolBytes = 2 << 10;
constexpr double kLongestShortValue = 128;          // mean bytes
constexpr uint64_t kCompactBlockBytes = 64 << 10;   // raw
constexpr uint64_t kArchiveBlockBytes = 256 << 10;  // raw
constexpr uint64_t kMaxBlockRows = uint64_t{1} << kMaxBlockShift;

uint64_t TargetBytes(const PageInput& input, const encoding::EncodingTree& tree) {
  switch (input.options.profile) {
    case Profile::kRandom:
      break;
    case Profile::kCompact:
      return kCompactBlockBytes;
    case Profile::kArchive:
      return kArchiveBlockBytes;
  }
  const bool is_short = input.shape.type.kind == PhysicalKind::kBytes &&
                        input.MeanLength() <= kLongestShortValue;
  if (HasCodec(tree)) {
    return is_short ? kRandomShortCodecBytes : kRandomCodecBytes;
  }
  if (encoding::Contains(tree, encoding::EncodingId::kFsst)) {
    return is_short ? kRandomShortSymbolBytes : kRandomSymbolBytes;
  }
  return kRandomBlockBytes;
}

uint64_t FewestRows(const PageInput& input) {
  const bool flat_fixed =
      input.shape.levels.empty() && input.shape.type.kind != PhysicalKind::kBytes;
  return flat_fixed ? kFewestFixedRows : 1;
}

// Rows of a block that takes the target when a row takes `row_bytes`; a power of two.
uint64_t RowsOfTarget(const PageInput& input, uint64_t target, double row_bytes) {
  const double rows = static_cast<double>(target) / std::max(row_bytes, 1e-3);
  return std::bit_floor(std::clamp(static_cast<uint64_t>(std::min(rows, 1e9)),
                                   FewestRows(input), kMaxBlockRows));
}

double PlainRowBytes(const PageInput& input) {
  return input.PlainBytesPerValue() * input.ValuesPerRow();
}

// On average, but whole tensors.
uint64_t ValuesOfRows(const PageInput& input, uint64_t rows) {
  const auto values =
      static_cast<uint64_t>(static_cast<double>(rows) * input.ValuesPerRow());
  const uint64_t step = std::max<uint64_t>(input.shape.tensor.elements, 1);
  return std::max(step, values / step * step);
}

// Rows that hold a group of frames, of which the first is whole, within the bounds.
uint64_t FrameRows(const PageInput& input, uint64_t target, double row_bytes) {
  const double tensors_per_row =
      input.ValuesPerRow() / std::max<double>(input.shape.tensor.elements, 1);
  const double group = encoding::kFrameGroup / std::max(tensors_per_row, 1.0);
  const double bytes = std::min<double>(kMaxFrameBytes, group * row_bytes);
  return RowsOfTarget(input, std::max(target, static_cast<uint64_t>(bytes)), row_bytes);
}

}  // namespace

uint64_t ExpectedBlockValues(const PageInput& input) {
  const uint64_t target = TargetBytes(input, encoding::PlainTree(input.shape.type));
  return ValuesOfRows(input, RowsOfTarget(input, target, PlainRowBytes(input)));
}

uint64_t ExpectedFrameValues(const PageInput& input) {
  return ValuesOfRows(input, FrameRows(input, kCompactBlockBytes, PlainRowBytes(input)));
}

// Codecs want raw bytes before them, all else is cut by what is stored.
uint64_t BlockRows(const PageInput& input, const encoding::Choice& choice,
                   std::span<const double> lengths_bytes) {
  const bool raw = HasCodec(choice.tree) || input.options.profile != Profile::kRandom;
  double row_bytes =
      (raw ? input.PlainBytesPerValue() : choice.bytes_per_value) * input.ValuesPerRow();
  for (size_t i = 0, list = 0; i < input.shape.levels.size(); ++i) {
    if (input.shape.levels[i].kind == LevelKind::kList) {
      row_bytes += lengths_bytes[list++] *
                   static_cast<double>(input.buffer.levels[i].lengths.size()) /
                   static_cast<double>(std::max<uint64_t>(input.buffer.rows, 1));
    }
  }
  const uint64_t target = TargetBytes(input, choice.tree);
  return encoding::HasFrames(choice.tree) ? FrameRows(input, target, row_bytes)
                                          : RowsOfTarget(input, target, row_bytes);
}

bool MissesBlockTarget(const PageInput& input, const encoding::EncodingTree& tree,
                       const EncodedPage& page) {
  const uint64_t target = TargetBytes(input, tree);
  const bool uneven = page.meta.flags != 0;
  const uint64_t blocks = page.index.size() / BlockEntryBytes(uneven);
  if (uneven || blocks < 4) {
    return false;
  }
  const uint64_t mean = page.bytes.size() / blocks;
  const int fewest_shift = std::countr_zero(FewestRows(input));
  return (mean > target && page.meta.block_shift > fewest_shift) ||
         (mean < target / 2 && page.meta.block_shift < kMaxBlockShift);
}

}  // namespace lancer::format
