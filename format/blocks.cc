// Layout K (spec: layouts, "K"): blocks of whole rows.
//
//   page:   [block] * blocks, each zero padded to a multiple of 8 bytes
//   block:  [rows u16][null kind of the leaf's own slots u8][zero u8][body length u32]
//           when there are levels: [level table, validity and lengths of each level]
//           when the kind is positions: [null count u16]
//           [validity of the leaf's own slots] [stream of the values]
//   level table, 16 bytes a level:
//           [null kind u8][zero u8[3]][slots below u32][validity bytes u32]
//           [lengths bytes u32]
//   then of each level, outermost first: [validity][stream of the lengths, lists only]
//   index:  even: [offset / 8 from the page's start u32][check u32] per block
//           uneven: the same and [first row u32] per block
//
// The check covers the block up to the next one, padding included.
#include "format/blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "encoding/byte_writer.h"
#include "encoding/checksum.h"
#include "encoding/nulls.h"
#include "format/block_statistics.h"
#include "types/bitmap.h"

namespace lancer::format {
namespace {

using encoding::NullKind;

class BlockWriter {
 public:
  BlockWriter(const PageInput& input, EncodedPage* page)
      : input_(input), page_(page), writer_(&page->bytes) {}

  Status Run(const BlockCut& cut) {
    next_.assign(input_.shape.levels.size() + 1, 0);
    const bool bounds = HasBlockBounds(input_) && (cut.uneven || cut.shift >= 3);
    const uint64_t rows = input_.buffer.rows;
    encoding::ByteWriter index(&page_->index);
    for (uint64_t row = 0, block = 0; row < rows; ++block) {
      const uint64_t end = cut.uneven ? cut.starts[block + 1]
                                      : std::min(rows, row + (uint64_t{1} << cut.shift));
      const size_t begin = page_->bytes.size();
      if (begin / kBlockAlignment > UINT32_MAX) {
        return Status::InvalidArgument("a page of blocks is longer than 32 GiB");
      }
      LANCER_RETURN_IF_ERROR(AddBlock(row, end));
      index.Write(static_cast<uint32_t>(begin / kBlockAlignment));
      index.Write(encoding::Checksum32(std::span(page_->bytes).subspan(begin)));
      if (cut.uneven) {
        index.Write(static_cast<uint32_t>(row));
      }
      if (bounds) {
        page_->block_bounds.push_back(BoundsOf(row, end));
      }
      row = end;
    }
    PageMeta& meta = page_->meta;
    meta.layout = LayoutKind::kBlocks;
    meta.block_shift = cut.uneven ? uint8_t{0} : cut.shift;
    meta.flags = cut.uneven ? kPageUnevenBlocks : uint8_t{0};
    return Status::Ok();
  }

 private:
  Status AddBlock(uint64_t row, uint64_t end) {
    const size_t begin = page_->bytes.size();
    writer_.Extend(kBlockHeaderBytes);
    const size_t levels = input_.shape.levels.size();
    const size_t table = page_->bytes.size();
    writer_.Extend(levels * kBlockLevelBytes);
    uint64_t slots = end - row;
    for (size_t i = 0, list = 0; i < levels; ++i) {
      uint64_t below = 0;
      LANCER_RETURN_IF_ERROR(
          AddLevel(i, table + i * kBlockLevelBytes, slots, &list, &below));
      slots = below;
    }
    NullKind kind = NullKind::kNone;
    LANCER_RETURN_IF_ERROR(AddValues(slots, &kind));
    const size_t body = page_->bytes.size() - begin - kBlockHeaderBytes;
    if (body > UINT32_MAX - kBlockAlignment) {
      return Status::InvalidArgument(fmt::format(
          "rows {} to {} take {} bytes, where a block holds 4 GiB", row, end, body));
    }
    std::byte* header = page_->bytes.data() + begin;
    encoding::StoreLe(header, static_cast<uint16_t>(end - row));
    encoding::StoreLe(header + 2, static_cast<uint8_t>(kind));
    encoding::StoreLe(header + 4, static_cast<uint32_t>(body));
    writer_.Pad(kBlockAlignment);
    return Status::Ok();
  }

  // Writes level `i` of a block, its table entry at `entry`; gives the slots below.
  Status AddLevel(size_t i, size_t entry, uint64_t slots, size_t* list, uint64_t* below) {
    const Level& level = input_.shape.levels[i];
    const LevelBuffer& buffer = input_.buffer.levels[i];
    const uint64_t first = next_[i];
    next_[i] += slots;
    const size_t validity_at = page_->bytes.size();
    const NullKind kind = AddValidity(buffer.validity, first, slots);
    const size_t lengths_at = page_->bytes.size();
    *below = slots;
    if (level.kind == LevelKind::kFixedList) {
      *below = slots * level.fixed_size;
    } else if (level.kind == LevelKind::kList) {
      const auto lengths =
          std::span(buffer.lengths)
              .subspan(static_cast<size_t>(first), static_cast<size_t>(slots));
      *below = 0;
      for (const uint32_t length : lengths) {
        *below += length;
      }
      encoding::Values values;
      values.type = kLengthType;
      values.count = slots;
      values.data = std::as_bytes(lengths);
      LANCER_RETURN_IF_ERROR(
          encoding::EncodeStream(page_->trees[*list], {}, values, &page_->bytes));
      ++*list;
    }
    if (std::max(slots, *below) > MostBlockSlots(input_.values.count)) {
      return Status::InvalidArgument(
          fmt::format("a row has {} items at level {}, where a block may have {}",
                      std::max(slots, *below), i, MostBlockSlots(input_.values.count)));
    }
    std::byte* target = page_->bytes.data() + entry;
    encoding::StoreLe(target, static_cast<uint8_t>(kind));
    encoding::StoreLe(target + 4, static_cast<uint32_t>(*below));
    encoding::StoreLe(target + 8, static_cast<uint32_t>(lengths_at - validity_at));
    encoding::StoreLe(target + 12,
                      static_cast<uint32_t>(page_->bytes.size() - lengths_at));
    return Status::Ok();
  }

  NullKind AddValidity(const ValidityBuffer& validity, uint64_t first, uint64_t slots) {
    if (validity.null_count == 0) {
      return NullKind::kNone;
    }
    return encoding::AppendValidity(validity.data(), first, slots, &page_->bytes);
  }

  Status AddValues(uint64_t slots, NullKind* kind) {
    const uint64_t first = next_.back();
    next_.back() += slots;
    const size_t at = page_->bytes.size();
    *kind = AddValidity(input_.buffer.validity, first, slots);
    if (*kind == NullKind::kPositions) {
      std::array<std::byte, 2> nulls;
      encoding::StoreLe(nulls.data(),
                        static_cast<uint16_t>((page_->bytes.size() - at) / 2));
      page_->bytes.insert(page_->bytes.begin() + static_cast<std::ptrdiff_t>(at),
                          nulls.begin(), nulls.end());
    }
    return encoding::EncodeStream(page_->trees.back(), input_.resources,
                                  SliceValues(input_.values, first, slots, &shifted_),
                                  &page_->bytes);
  }

  encoding::Statistics BoundsOf(uint64_t row, uint64_t end) {
    encoding::Values values = SliceValues(input_.values, row, end - row, &shifted_);
    std::vector<std::byte> validity;
    if (input_.values.validity != nullptr) {
      validity.resize(BitmapBytes(static_cast<int64_t>(end - row)));
      CopyBits(input_.values.validity, static_cast<int64_t>(row), validity.data(), 0,
               static_cast<int64_t>(end - row));
      values.validity = validity.data();
    }
    return encoding::ComputeBounds(values);
  }

  const PageInput& input_;
  EncodedPage* page_;
  encoding::ByteWriter writer_;
  std::vector<uint64_t> next_;  // first slot of the next block: levels, then the leaf
  std::vector<std::byte> shifted_;
};

}  // namespace

Status WriteBlocks(const PageInput& input, const BlockCut& cut, EncodedPage* page) {
  return BlockWriter(input, page).Run(cut);
}

}  // namespace lancer::format
