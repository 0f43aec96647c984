// Reading layout K (blocks.cc draws it): finds and checks blocks. Single rows of a leaf
// without levels are read here, all else by block_slots.h.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "encoding/gather.h"
#include "encoding/scratch.h"
#include "format/block_slots.h"
#include "format/blocks.h"
#include "format/page_checks.h"
#include "types/bitmap.h"

namespace lancer::format {
namespace {

using encoding::LoadLe;
using encoding::NullKind;
using encoding::PhysicalKind;
using encoding::Scratch;

class BlocksPage final : public PageReader {
 public:
  static PageResult Open(PageSource source);

  void PlanRows(std::span<const uint32_t> rows, Verify due,
                std::vector<ByteRange>* ranges) const override {
    uint64_t end = 0;
    for (const uint32_t row : rows) {
      if (row >= end) {
        const uint64_t block = BlockOf(row);
        end = FirstRow(block + 1);
        if (checks_.Due(block, due)) {
          AddRange(meta_.offset + Offset(block), Offset(block + 1) - Offset(block),
                   ranges);
        }
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
        trees_(source.trees),
        resources_(source.resources),
        slots_(shape_, trees_, resources_, meta_.values),
        index_(std::move(source.index)),
        where_(std::move(source.where)),
        uneven_((meta_.flags & kPageUnevenBlocks) != 0),
        entry_bytes_(BlockEntryBytes(uneven_)),
        blocks_(blocks),
        checks_(blocks, &where_) {}

  Status CheckIndex() const;
  bool EvenAndInOrder() const;

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
  // Asks for a row's block before it is needed: rows of a take lie far apart, and a block
  // that is not in the processor's caches costs as much as decoding it. Only what a row
  // needs is asked for, as the caches take few requests at once: headers at the start,
  // lengths at the end, and its bytes, mostly as far into the block as the row is.
  void Prefetch(const FetchedBytes& bytes, uint64_t row) const {
    constexpr uint64_t kCacheLine = 64;
    constexpr uint64_t kFirstLines = 4;
    constexpr uint64_t kLinesAround = 2;  // on either side
    constexpr uint64_t kLastLines = 3;
    const uint64_t block = BlockOf(row);
    const uint64_t offset = Offset(block);
    const uint64_t size = Offset(block + 1) - offset;
    const uint64_t first = FirstRow(block);
    const std::span<const std::byte> whole = bytes.Find(meta_.offset + offset, size);
    const auto prefetch = [&whole](uint64_t from, uint64_t lines) {
      const uint64_t end = std::min<uint64_t>(whole.size(), from + lines * kCacheLine);
      for (uint64_t at = from; at < end; at += kCacheLine) {
        __builtin_prefetch(whole.data() + at);
      }
    };
    const uint64_t rows = FirstRow(block + 1) - first;
    assert(rows > 0);  // CheckIndex lets no empty block pass
    const uint64_t place = size * (row - first) / rows;
    prefetch(0, kFirstLines);
    prefetch(place - std::min(place, kLinesAround * kCacheLine), 2 * kLinesAround + 1);
    prefetch(size - std::min(size, kLastLines * kCacheLine), kLastLines);
  }
  Status Damaged(uint64_t block, std::string_view what) const {
    return Status::Corruption(fmt::format("{}: block {} at offset {}: {}", where_, block,
                                          meta_.offset + Offset(block), what));
  }
  Status Within(uint64_t block, const Status& status) const {
    return status.code() == StatusCode::kCorruption ? Damaged(block, status.message())
                                                    : status.WithContext(where_);
  }

  Status ReadFlatRows(std::span<const std::byte> block, uint64_t first_row,
                      uint64_t block_rows, std::span<const uint32_t> rows,
                      LeafBuffer* out) const;
  const LeafShape& shape_;
  const PageMeta meta_;
  const TreeSet& trees_;
  const encoding::DecodeResources& resources_;
  BlockSlots slots_;
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
  const uint64_t entry = BlockEntryBytes(uneven);
  const uint64_t blocks = source.index.size() / entry;
  if (meta.block_shift > kMaxBlockShift || source.index.size() % entry != 0) {
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

// What CheckIndex asks of every block of an even page, without a branch per block: it
// runs over thousands of them when a page is first used.
bool BlocksPage::EvenAndInOrder() const {
  static_assert(kBlockHeaderBytes == kBlockAlignment);
  static_assert(uint64_t{1} << kMaxBlockShift <= kMaxUnevenRows);
  if (uneven_ || blocks_ == 0) {
    return false;
  }
  bool ordered = Offset(blocks_ - 1) + kBlockHeaderBytes <= meta_.size;
  const std::byte* entry = index_.data();
  for (uint64_t block = 1; block < blocks_; ++block, entry += entry_bytes_) {
    ordered &= LoadLe<uint32_t>(entry) < LoadLe<uint32_t>(entry + entry_bytes_);
  }
  return ordered;
}

// Blocks are in order, not empty, and inside the page.
Status BlocksPage::CheckIndex() const {
  if ((blocks_ == 0) != (meta_.rows == 0) ||
      (blocks_ > 0 && (Offset(0) != 0 || FirstRow(0) != 0))) {
    return IndexCorruption(where_, fmt::format("{} blocks for {} rows, the first at {}",
                                               blocks_, meta_.rows, Offset(0)));
  }
  if (EvenAndInOrder()) {
    return Status::Ok();
  }
  for (uint64_t block = 0; block < blocks_; ++block) {
    const uint64_t first = FirstRow(block);
    const uint64_t end = FirstRow(block + 1);
    if (end <= first || end - first > kMaxUnevenRows) {
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
      ParseLeafPart(block, block_rows, block.subspan(kBlockHeaderBytes), &part));
  constexpr size_t kFew = 64;
  std::array<uint32_t, kFew> few;
  Scratch many(rows.size() <= kFew ? 0 : rows.size() * sizeof(uint32_t));
  uint32_t* places = rows.size() <= kFew ? few.data() : many.as<uint32_t>();
  for (size_t i = 0; i < rows.size(); ++i) {
    places[i] = static_cast<uint32_t>(rows[i] - first_row);
  }
  const std::span<const uint32_t> positions(places, rows.size());
  const encoding::StoredStream stream{trees_.back(), shape_.type, part.stream, block_rows,
                                      resources_};
  switch (shape_.type.kind) {
    case PhysicalKind::kFixed: {
      const size_t at = static_cast<size_t>(out->values) * shape_.type.width;
      LANCER_RETURN_IF_ERROR(out->GrowFixed(shape_.type, rows.size()));
      std::byte* target = out->fixed.data() + at;
      if (rows.size() <= block_rows / 16) {
        LANCER_RETURN_IF_ERROR(
            encoding::DecodeFixedAt(stream, positions, target, shape_.type.width));
        break;
      }
      Scratch whole(static_cast<size_t>(block_rows) * shape_.type.width);
      LANCER_RETURN_IF_ERROR(encoding::DecodeFixed(stream, {whole.data(), 0}));
      encoding::Gather(whole.data(), shape_.type.width, positions, target,
                       shape_.type.width);
      break;
    }
    case PhysicalKind::kBits:
      LANCER_RETURN_IF_ERROR(out->GrowFixed(shape_.type, rows.size()));
      LANCER_RETURN_IF_ERROR(
          encoding::DecodeBitsAt(stream, positions, {out->fixed.data(), out->values}));
      break;
    case PhysicalKind::kBytes:
      LANCER_RETURN_IF_ERROR(encoding::DecodeBytesAt(stream, positions, &out->bytes));
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

Status BlocksPage::ReadRows(const FetchedBytes& bytes, std::span<const uint32_t> rows,
                            const PageReadOptions& options, LeafBuffer* out) const {
  LANCER_RETURN_IF_ERROR(CheckRows(where_, rows, meta_.rows));
  const UsedBytes used(options, *out);
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
    if (stop < rows.size()) {
      Prefetch(bytes, rows[stop]);
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
      status = slots_.Read(block, end - first, &ranges, out);
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
  const UsedBytes used(options, *out);
  std::span<const std::byte> block;
  std::vector<SlotRange> ranges;
  for (uint64_t row = first; row < first + n;) {
    const uint64_t index = BlockOf(row);
    const uint64_t block_first = FirstRow(index);
    const uint64_t block_end = FirstRow(index + 1);
    const uint64_t stop = std::min(first + n, block_end);
    LANCER_RETURN_IF_ERROR(Block(bytes, index, options, &block));
    ranges.assign(1, {row - block_first, stop - row});
    const Status status = slots_.Read(block, block_end - block_first, &ranges, out);
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
