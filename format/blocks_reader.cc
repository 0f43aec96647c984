// Reading layout K (blocks.cc draws it). A leaf without levels is read directly; one with
// levels by ranges of slots, from the rows down to the leaf.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#include "encoding/scratch.h"
#include "format/blocks.h"
#include "format/layout.h"
#include "types/bitmap.h"

namespace lancer::format {
namespace {

using encoding::LoadLe;
using encoding::NullKind;
using encoding::PhysicalKind;
using encoding::Scratch;

// Slots [first, first + n) of one level of a block.
struct SlotRange {
  uint64_t first = 0;
  uint64_t n = 0;
};

void AddSlots(uint64_t first, uint64_t n, std::vector<SlotRange>* ranges) {
  if (n == 0) {
    return;
  }
  if (!ranges->empty() && ranges->back().first + ranges->back().n == first) {
    ranges->back().n += n;
  } else {
    ranges->push_back({first, n});
  }
}

// The leaf's part of a block: what is left of it behind the levels.
struct LeafPart {
  StoredValidity validity;
  std::span<const std::byte> stream;
};

Status ParseLeafPart(NullKind kind, uint64_t slots, std::span<const std::byte> rest,
                     LeafPart* part) {
  uint64_t size = 0;
  if (kind == NullKind::kBitmap) {
    size = BitmapBytes(static_cast<int64_t>(slots));
  } else if (kind == NullKind::kPositions && rest.size() >= 2) {
    size = uint64_t{LoadLe<uint16_t>(rest.data())} * 2;
    rest = rest.subspan(2);
  }
  if (size > rest.size()) {
    return Status::Corruption(
        fmt::format("validity of {} bytes in a body with {} left", size, rest.size()));
  }
  part->validity = {kind, rest.first(static_cast<size_t>(size)), slots};
  part->stream = rest.subspan(static_cast<size_t>(size));
  return encoding::CheckValidity(kind, part->validity.bytes, slots);
}

class BlocksPage final : public PageReader {
 public:
  static PageResult Open(PageSource source);

  void PlanRows(std::span<const uint32_t> rows,
                std::vector<ByteRange>* ranges) const override {
    uint64_t end = 0;
    for (const uint32_t row : rows) {
      if (row >= end) {
        const uint64_t block = BlockOf(row);
        end = FirstRow(block + 1);
        AddRange(meta_.offset + Offset(block), Offset(block + 1) - Offset(block), ranges);
      }
    }
  }

  void PlanRange(uint64_t first, uint64_t n,
                 std::vector<ByteRange>* ranges) const override {
    if (n > 0) {
      const uint64_t from = Offset(BlockOf(first));
      AddRange(meta_.offset + from, Offset(BlockOf(first + n - 1) + 1) - from, ranges);
    }
  }

  Status ReadRows(const FetchedBytes& bytes, std::span<const uint32_t> rows,
                  const PageReadOptions& options, LeafBuffer* out) const override;
  Status ReadRange(const FetchedBytes& bytes, uint64_t first, uint64_t n,
                   const PageReadOptions& options, LeafBuffer* out) const override;
  Status VerifyUnits(const FetchedBytes& bytes, uint64_t first, uint64_t n,
                     const PageReadOptions& options) const override {
    std::span<const std::byte> block;
    for (uint64_t row = first; row < first + n;) {
      const uint64_t index = BlockOf(row);
      LANCER_RETURN_IF_ERROR(Block(bytes, index, options, &block));
      row = FirstRow(index + 1);
    }
    return Status::Ok();
  }

  ByteRange PlainValues() const override { return {}; }

  std::vector<uint64_t> BlockStarts() const override {
    std::vector<uint64_t> starts;
    for (uint64_t block = 0; block <= blocks_; ++block) {
      starts.push_back(FirstRow(block));
    }
    return starts;
  }

  uint64_t memory_bytes() const override {
    return sizeof(*this) + index_.size() + checks_.memory_bytes();
  }

 private:
  BlocksPage(PageSource source, uint64_t blocks)
      : shape_(source.shape),
        meta_(source.meta),
        trees_(source.column.tree_sets[meta_.trees]),
        resources_(source.resources),
        index_(std::move(source.index)),
        where_(std::move(source.where)),
        uneven_((meta_.flags & kPageUnevenBlocks) != 0),
        entry_bytes_(uneven_ ? 12 : 8),
        blocks_(blocks),
        checks_(blocks, &where_) {}

  Status CheckIndex() const;

  const std::byte* Entry(uint64_t block) const {
    return index_.data() + block * entry_bytes_;
  }
  // From the page's start.
  uint64_t Offset(uint64_t block) const {
    return block >= blocks_ ? meta_.size
                            : uint64_t{LoadLe<uint32_t>(Entry(block))} * kBlockAlignment;
  }
  uint64_t FirstRow(uint64_t block) const {
    if (block >= blocks_) {
      return meta_.rows;
    }
    return uneven_ ? LoadLe<uint32_t>(Entry(block) + 8) : block << meta_.block_shift;
  }
  uint64_t BlockOf(uint64_t row) const {
    if (!uneven_) {
      return row >> meta_.block_shift;
    }
    uint64_t low = 0;
    uint64_t high = blocks_;
    while (high - low > 1) {
      const uint64_t middle = (low + high) / 2;
      (FirstRow(middle) <= row ? low : high) = middle;
    }
    return low;
  }

  // A block's body without padding, checked; its header stands before it.
  Status Block(const FetchedBytes& bytes, uint64_t block, const PageReadOptions& options,
               std::span<const std::byte>* found) const;
  Status Damaged(uint64_t block, std::string_view what) const {
    return Status::Corruption(fmt::format("{}: block {} at offset {}: {}", where_, block,
                                          meta_.offset + Offset(block), what));
  }
  Status Within(uint64_t block, const Status& status) const {
    return status.code() == StatusCode::kCorruption ? Damaged(block, status.message())
                                                    : status.WithContext(where_);
  }
  static NullKind KindOf(std::span<const std::byte> block) {
    return static_cast<NullKind>(block[2]);
  }

  Status ReadFlatRows(std::span<const std::byte> block, uint64_t first_row,
                      uint64_t block_rows, std::span<const uint32_t> rows,
                      LeafBuffer* out) const;
  Status ReadSlots(std::span<const std::byte> block, uint64_t block_rows,
                   std::vector<SlotRange>* ranges, LeafBuffer* out) const;
  Status ReadLevels(std::span<const std::byte>* body, uint64_t* slots,
                    std::vector<SlotRange>* ranges, LeafBuffer* out) const;
  Status ReadLengths(const encoding::EncodingTree& tree,
                     std::span<const std::byte> stream, uint64_t slots, uint64_t below,
                     std::vector<SlotRange>* ranges, LevelBuffer* out) const;
  Status ReadValues(const LeafPart& part, uint64_t slots,
                    std::span<const SlotRange> ranges, LeafBuffer* out) const;
  Status ReadFixed(std::span<const std::byte> stream, uint64_t slots,
                   std::span<const SlotRange> ranges, uint64_t n,
                   std::byte* target) const;
  Status ReadBits(std::span<const std::byte> stream, uint64_t slots,
                  std::span<const SlotRange> ranges, uint64_t n, LeafBuffer* out) const;
  Status ReadBytes(std::span<const std::byte> stream, uint64_t slots,
                   std::span<const SlotRange> ranges, uint64_t n, LeafBuffer* out) const;

  const LeafShape& shape_;
  const PageMeta meta_;
  const TreeSet& trees_;
  const encoding::DecodeResources& resources_;
  std::vector<std::byte> index_;
  std::string where_;
  bool uneven_;
  uint64_t entry_bytes_;
  uint64_t blocks_;
  UnitChecks checks_;
};

PageResult BlocksPage::Open(PageSource source) {
  const PageMeta& meta = source.meta;
  const bool uneven = (meta.flags & kPageUnevenBlocks) != 0;
  const uint64_t entry = uneven ? 12 : 8;
  const uint64_t blocks = source.index.size() / entry;
  if (meta.block_shift > kMostBlockShift || source.index.size() % entry != 0) {
    return IndexCorruption(
        source.where, fmt::format("{} bytes, blocks of 2^{} rows", source.index.size(),
                                  meta.block_shift));
  }
  if (!uneven && blocks != ((meta.rows + (uint64_t{1} << meta.block_shift) - 1) >>
                            meta.block_shift)) {
    return IndexCorruption(source.where,
                           fmt::format("{} blocks of 2^{} rows for {} rows", blocks,
                                       meta.block_shift, meta.rows));
  }
  std::unique_ptr<BlocksPage> page(new BlocksPage(std::move(source), blocks));
  LANCER_RETURN_IF_ERROR(page->CheckIndex());
  return std::unique_ptr<const PageReader>(std::move(page));
}

// Blocks are in order, not empty, and inside the page.
Status BlocksPage::CheckIndex() const {
  if ((blocks_ == 0) != (meta_.rows == 0) ||
      (blocks_ > 0 && (Offset(0) != 0 || FirstRow(0) != 0))) {
    return IndexCorruption(where_, fmt::format("{} blocks for {} rows, the first at {}",
                                               blocks_, meta_.rows, Offset(0)));
  }
  for (uint64_t block = 0; block < blocks_; ++block) {
    const uint64_t first = FirstRow(block);
    const uint64_t end = FirstRow(block + 1);
    if (end <= first || end - first > kMostUnevenRows) {
      return IndexCorruption(
          where_, fmt::format("block {} has rows {} to {}", block, first, end));
    }
    if (Offset(block + 1) < Offset(block) + kBlockHeaderBytes) {
      return IndexCorruption(where_, fmt::format("block {} has bytes {} to {}", block,
                                                 Offset(block), Offset(block + 1)));
    }
  }
  return Status::Ok();
}

Status BlocksPage::Block(const FetchedBytes& bytes, uint64_t block,
                         const PageReadOptions& options,
                         std::span<const std::byte>* found) const {
  const uint64_t offset = Offset(block);
  const uint64_t size = Offset(block + 1) - offset;
  const std::span<const std::byte> whole = bytes.Find(meta_.offset + offset, size);
  if (whole.empty()) {
    return NotFetched(where_, meta_.offset + offset, size);
  }
  if (checks_.Due(block, options.verify)) {
    LANCER_RETURN_IF_ERROR(checks_.Check(block, whole, meta_.offset + offset,
                                         LoadLe<uint32_t>(Entry(block) + 4), 0, options));
  }
  const uint64_t rows = FirstRow(block + 1) - FirstRow(block);
  const uint64_t body = LoadLe<uint32_t>(whole.data() + 4);
  const auto kind = std::to_integer<unsigned>(whole[2]);
  if (LoadLe<uint16_t>(whole.data()) != rows || kind > 3 || whole[3] != std::byte{0} ||
      body > size - kBlockHeaderBytes ||
      size - kBlockHeaderBytes - body >= kBlockAlignment) {
    return Damaged(block, fmt::format("header of {} rows, null kind {}, body of {} bytes;"
                                      " expected {} rows in {} bytes",
                                      LoadLe<uint16_t>(whole.data()), kind, body, rows,
                                      size - kBlockHeaderBytes));
  }
  *found = whole.first(static_cast<size_t>(kBlockHeaderBytes + body));
  return Status::Ok();
}

// Rows of one block of a leaf without levels, in the order given.
Status BlocksPage::ReadFlatRows(std::span<const std::byte> block, uint64_t first_row,
                                uint64_t block_rows, std::span<const uint32_t> rows,
                                LeafBuffer* out) const {
  LeafPart part;
  LANCER_RETURN_IF_ERROR(
      ParseLeafPart(KindOf(block), block_rows, block.subspan(kBlockHeaderBytes), &part));
  constexpr size_t kFew = 64;
  std::array<uint32_t, kFew> few;
  Scratch many(rows.size() <= kFew ? 0 : rows.size() * sizeof(uint32_t));
  uint32_t* places = rows.size() <= kFew ? few.data() : many.as<uint32_t>();
  for (size_t i = 0; i < rows.size(); ++i) {
    places[i] = static_cast<uint32_t>(rows[i] - first_row);
  }
  const std::span<const uint32_t> positions(places, rows.size());
  const encoding::EncodingTree& tree = trees_.back();
  switch (shape_.type.kind) {
    case PhysicalKind::kFixed: {
      const size_t at = static_cast<size_t>(out->values) * shape_.type.width;
      out->fixed.Resize(at + rows.size() * shape_.type.width);
      LANCER_RETURN_IF_ERROR(
          encoding::DecodeFixedAt(tree, resources_, shape_.type, part.stream, block_rows,
                                  positions, out->fixed.data() + at, shape_.type.width));
      break;
    }
    case PhysicalKind::kBits:
      out->fixed.Resize(BitmapBytes(static_cast<int64_t>(out->values + rows.size())));
      LANCER_RETURN_IF_ERROR(encoding::DecodeBitsAt(tree, resources_, part.stream,
                                                    block_rows, positions,
                                                    {out->fixed.data(), out->values}));
      break;
    case PhysicalKind::kBytes:
      LANCER_RETURN_IF_ERROR(encoding::DecodeBytesAt(tree, resources_, part.stream,
                                                     block_rows, positions, &out->bytes));
      break;
  }
  if (part.validity.kind == NullKind::kNone) {
    out->validity.AppendValid(rows.size());
  } else {
    for (const uint32_t place : positions) {
      LANCER_RETURN_IF_ERROR(part.validity.Append(place, 1, &out->validity));
    }
  }
  out->values += rows.size();
  return Status::Ok();
}

// `ranges`, rows of the block, are replaced by the slots of the leaf that belong to them.
Status BlocksPage::ReadSlots(std::span<const std::byte> block, uint64_t block_rows,
                             std::vector<SlotRange>* ranges, LeafBuffer* out) const {
  std::span<const std::byte> body = block.subspan(kBlockHeaderBytes);
  uint64_t slots = block_rows;
  LANCER_RETURN_IF_ERROR(ReadLevels(&body, &slots, ranges, out));
  LeafPart part;
  LANCER_RETURN_IF_ERROR(ParseLeafPart(KindOf(block), slots, body, &part));
  return ReadValues(part, slots, *ranges, out);
}

// Leaves `body` at the leaf's part and `slots` at the leaf's slots.
Status BlocksPage::ReadLevels(std::span<const std::byte>* body, uint64_t* slots,
                              std::vector<SlotRange>* ranges, LeafBuffer* out) const {
  const std::vector<Level>& levels = shape_.levels;
  if (body->size() < levels.size() * kBlockLevelBytes) {
    return Status::Corruption(
        fmt::format("body of {} bytes with {} levels", body->size(), levels.size()));
  }
  const std::byte* entry = body->data();
  *body = body->subspan(levels.size() * kBlockLevelBytes);
  size_t list = 0;
  for (size_t i = 0; i < levels.size(); ++i, entry += kBlockLevelBytes) {
    const auto kind = LoadLe<uint32_t>(entry);  // with the zero bytes behind it
    const uint64_t below = LoadLe<uint32_t>(entry + 4);
    const uint64_t validity_bytes = LoadLe<uint32_t>(entry + 8);
    const uint64_t lengths_bytes = LoadLe<uint32_t>(entry + 12);
    const bool is_list = levels[i].kind == LevelKind::kList;
    const uint64_t factor =
        levels[i].kind == LevelKind::kFixedList ? levels[i].fixed_size : 1;
    if (kind > 3 || validity_bytes + lengths_bytes > body->size() ||
        below > MostBlockSlots(meta_.values) ||
        (!is_list && (below != *slots * factor || lengths_bytes != 0))) {
      return Status::Corruption(fmt::format(
          "level {}: null kind {}, {} slots below {}, {} + {} bytes in a body with {}", i,
          kind, below, *slots, validity_bytes, lengths_bytes, body->size()));
    }
    const StoredValidity validity{static_cast<NullKind>(kind),
                                  body->first(static_cast<size_t>(validity_bytes)),
                                  *slots};
    LANCER_RETURN_IF_ERROR(
        encoding::CheckValidity(validity.kind, validity.bytes, *slots));
    for (const SlotRange& range : *ranges) {
      LANCER_RETURN_IF_ERROR(
          validity.Append(range.first, range.n, &out->levels[i].validity));
    }
    const auto lengths = body->subspan(static_cast<size_t>(validity_bytes),
                                       static_cast<size_t>(lengths_bytes));
    *body = body->subspan(static_cast<size_t>(validity_bytes + lengths_bytes));
    if (is_list) {
      LANCER_RETURN_IF_ERROR(
          ReadLengths(trees_[list++], lengths, *slots, below, ranges, &out->levels[i]));
    } else if (factor != 1) {
      for (SlotRange& range : *ranges) {
        range = {range.first * factor, range.n * factor};
      }
    }
    *slots = below;
  }
  return Status::Ok();
}

// Appends the lengths of `ranges` and replaces these by the ranges of their items.
Status BlocksPage::ReadLengths(const encoding::EncodingTree& tree,
                               std::span<const std::byte> stream, uint64_t slots,
                               uint64_t below, std::vector<SlotRange>* ranges,
                               LevelBuffer* out) const {
  Scratch lengths(static_cast<size_t>(slots) * sizeof(uint32_t));
  LANCER_RETURN_IF_ERROR(
      encoding::DecodeFixed(tree, {}, kLengthType, stream, slots, {lengths.data(), 0}));
  Scratch starts(static_cast<size_t>(slots + 1) * sizeof(uint32_t));
  const auto* length = lengths.as<uint32_t>();
  auto* start = starts.as<uint32_t>();
  uint64_t sum = 0;
  for (uint64_t i = 0; i < slots; ++i) {
    start[i] = static_cast<uint32_t>(sum);
    sum += length[i];
  }
  start[slots] = static_cast<uint32_t>(sum);
  if (sum != below) {
    return Status::Corruption(
        fmt::format("lengths add up to {}, expected {}", sum, below));
  }
  std::vector<SlotRange> items;
  for (const SlotRange& range : *ranges) {
    out->lengths.insert(out->lengths.end(), length + range.first,
                        length + range.first + range.n);
    AddSlots(start[range.first], start[range.first + range.n] - start[range.first],
             &items);
  }
  *ranges = std::move(items);
  return Status::Ok();
}

Status BlocksPage::ReadValues(const LeafPart& part, uint64_t slots,
                              std::span<const SlotRange> ranges, LeafBuffer* out) const {
  uint64_t n = 0;
  for (const SlotRange& range : ranges) {
    n += range.n;
    LANCER_RETURN_IF_ERROR(part.validity.Append(range.first, range.n, &out->validity));
  }
  switch (shape_.type.kind) {
    case PhysicalKind::kFixed: {
      const size_t at = static_cast<size_t>(out->values) * shape_.type.width;
      out->fixed.Resize(at + static_cast<size_t>(n) * shape_.type.width);
      LANCER_RETURN_IF_ERROR(
          ReadFixed(part.stream, slots, ranges, n, out->fixed.data() + at));
      break;
    }
    case PhysicalKind::kBits:
      out->fixed.Resize(BitmapBytes(static_cast<int64_t>(out->values + n)));
      LANCER_RETURN_IF_ERROR(ReadBits(part.stream, slots, ranges, n, out));
      break;
    case PhysicalKind::kBytes:
      LANCER_RETURN_IF_ERROR(ReadBytes(part.stream, slots, ranges, n, out));
      break;
  }
  out->values += n;
  return Status::Ok();
}

// Calls `decode` with the positions of `ranges`, some at a time.
template <typename Decode>
Status ForPositions(std::span<const SlotRange> ranges, Decode decode) {
  std::array<uint32_t, 256> positions;
  size_t filled = 0;
  for (const SlotRange& range : ranges) {
    for (uint64_t i = 0; i < range.n; ++i) {
      positions[filled++] = static_cast<uint32_t>(range.first + i);
      if (filled == positions.size()) {
        LANCER_RETURN_IF_ERROR(decode(std::span<const uint32_t>(positions)));
        filled = 0;
      }
    }
  }
  return filled == 0 ? Status::Ok()
                     : decode(std::span<const uint32_t>(positions).first(filled));
}

Status BlocksPage::ReadFixed(std::span<const std::byte> stream, uint64_t slots,
                             std::span<const SlotRange> ranges, uint64_t n,
                             std::byte* target) const {
  const encoding::EncodingTree& tree = trees_.back();
  const size_t width = shape_.type.width;
  if (ranges.size() == 1 && n == slots) {
    return encoding::DecodeFixed(tree, resources_, shape_.type, stream, slots,
                                 {target, 0});
  }
  if (n <= slots / 16) {
    return ForPositions(ranges, [&](std::span<const uint32_t> positions) {
      Status status = encoding::DecodeFixedAt(tree, resources_, shape_.type, stream,
                                              slots, positions, target, width);
      target += positions.size() * width;
      return status;
    });
  }
  Scratch whole(static_cast<size_t>(slots) * width);
  LANCER_RETURN_IF_ERROR(encoding::DecodeFixed(tree, resources_, shape_.type, stream,
                                               slots, {whole.data(), 0}));
  for (const SlotRange& range : ranges) {
    std::memcpy(target, whole.data() + range.first * width,
                static_cast<size_t>(range.n) * width);
    target += range.n * width;
  }
  return Status::Ok();
}

Status BlocksPage::ReadBits(std::span<const std::byte> stream, uint64_t slots,
                            std::span<const SlotRange> ranges, uint64_t n,
                            LeafBuffer* out) const {
  const encoding::EncodingTree& tree = trees_.back();
  std::byte* target = out->fixed.data();
  if (ranges.size() == 1 && n == slots) {
    return encoding::DecodeFixed(tree, resources_, shape_.type, stream, slots,
                                 {target, out->values});
  }
  Scratch whole(BitmapBytes(static_cast<int64_t>(slots)));
  LANCER_RETURN_IF_ERROR(encoding::DecodeFixed(tree, resources_, shape_.type, stream,
                                               slots, {whole.data(), 0}));
  auto at = static_cast<int64_t>(out->values);
  for (const SlotRange& range : ranges) {
    CopyBits(whole.data(), static_cast<int64_t>(range.first), target, at,
             static_cast<int64_t>(range.n));
    at += static_cast<int64_t>(range.n);
  }
  return Status::Ok();
}

Status BlocksPage::ReadBytes(std::span<const std::byte> stream, uint64_t slots,
                             std::span<const SlotRange> ranges, uint64_t n,
                             LeafBuffer* out) const {
  const encoding::EncodingTree& tree = trees_.back();
  if (ranges.size() <= 1) {
    const SlotRange range = ranges.empty() ? SlotRange{} : ranges.front();
    return encoding::DecodeBytes(tree, resources_, stream, slots, range.first, range.n,
                                 &out->bytes);
  }
  Scratch positions(static_cast<size_t>(n) * sizeof(uint32_t));
  auto* place = positions.as<uint32_t>();
  for (const SlotRange& range : ranges) {
    std::iota(place, place + range.n, static_cast<uint32_t>(range.first));
    place += range.n;
  }
  return encoding::DecodeBytesAt(tree, resources_, stream, slots,
                                 {positions.as<uint32_t>(), static_cast<size_t>(n)},
                                 &out->bytes);
}

Status BlocksPage::ReadRows(const FetchedBytes& bytes, std::span<const uint32_t> rows,
                            const PageReadOptions& options, LeafBuffer* out) const {
  LANCER_RETURN_IF_ERROR(CheckRows(where_, rows, meta_.rows));
  std::span<const std::byte> block;
  std::vector<SlotRange> ranges;
  for (size_t i = 0; i < rows.size();) {
    const uint64_t index = BlockOf(rows[i]);
    const uint64_t first = FirstRow(index);
    const uint64_t end = FirstRow(index + 1);
    size_t stop = i + 1;
    while (stop < rows.size() && rows[stop] >= first && rows[stop] < end) {
      ++stop;
    }
    LANCER_RETURN_IF_ERROR(Block(bytes, index, options, &block));
    Status status;
    if (shape_.levels.empty()) {
      status = ReadFlatRows(block, first, end - first, rows.subspan(i, stop - i), out);
    } else {
      ranges.clear();
      for (size_t k = i; k < stop; ++k) {
        AddSlots(rows[k] - first, 1, &ranges);
      }
      status = ReadSlots(block, end - first, &ranges, out);
    }
    if (!status.ok()) {
      return Within(index, status);
    }
    i = stop;
  }
  out->rows += rows.size();
  return Status::Ok();
}

Status BlocksPage::ReadRange(const FetchedBytes& bytes, uint64_t first, uint64_t n,
                             const PageReadOptions& options, LeafBuffer* out) const {
  LANCER_RETURN_IF_ERROR(CheckRowRange(where_, first, n, meta_.rows));
  std::span<const std::byte> block;
  std::vector<SlotRange> ranges;
  for (uint64_t row = first; row < first + n;) {
    const uint64_t index = BlockOf(row);
    const uint64_t block_first = FirstRow(index);
    const uint64_t block_end = FirstRow(index + 1);
    const uint64_t stop = std::min(first + n, block_end);
    LANCER_RETURN_IF_ERROR(Block(bytes, index, options, &block));
    ranges.assign(1, {row - block_first, stop - row});
    const Status status = ReadSlots(block, block_end - block_first, &ranges, out);
    if (!status.ok()) {
      return Within(index, status);
    }
    row = stop;
  }
  out->rows += n;
  return Status::Ok();
}

}  // namespace

PageResult OpenBlocks(PageSource source) { return BlocksPage::Open(std::move(source)); }

}  // namespace lancer::format
