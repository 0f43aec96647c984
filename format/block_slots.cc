// Slots of a block, level by level. A null list has no items; nulls of structs and
// fixed-size lists keep theirs.
#include "format/block_slots.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#include "encoding/scratch.h"
#include "format/blocks.h"
#include "format/layout_choice.h"
#include "types/bitmap.h"

namespace lancer::format {
namespace {

// Lengths of a block are decoded whole, however few rows are wanted: so many bytes of
// them fit any budget.
constexpr uint64_t kMaxLengthsBytes = 64 << 20;

}  // namespace

using encoding::LoadLe;
using encoding::NullKind;
using encoding::PhysicalKind;
using encoding::Scratch;

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

Status ParseLeafPart(std::span<const std::byte> block, uint64_t slots,
                     std::span<const std::byte> rest, LeafPart* part) {
  const auto kind = static_cast<NullKind>(block[2]);
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

// `ranges`, rows of the block, are replaced by the slots of the leaf that belong to them.
Status BlockSlots::Read(std::span<const std::byte> block, uint64_t block_rows,
                        std::vector<SlotRange>* ranges, LeafBuffer* out) const {
  std::span<const std::byte> body = block.subspan(kBlockHeaderBytes);
  uint64_t slots = block_rows;
  LANCER_RETURN_IF_ERROR(ReadLevels(&body, &slots, ranges, out));
  LeafPart part;
  LANCER_RETURN_IF_ERROR(ParseLeafPart(block, slots, body, &part));
  return ReadValues(part, *ranges, out);
}

// Leaves `body` at the leaf's part and `slots` at the leaf's slots.
Status BlockSlots::ReadLevels(std::span<const std::byte>* body, uint64_t* slots,
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
        below > MostBlockSlots(page_values_) ||
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
      if (*slots * sizeof(uint32_t) > std::max(out->most_bytes, kMaxLengthsBytes)) {
        return Status::ResourceExhausted(
            fmt::format("level {}: lengths of {} slots are over the limit of {} bytes", i,
                        *slots, std::max(out->most_bytes, kMaxLengthsBytes)));
      }
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
Status BlockSlots::ReadLengths(const encoding::EncodingTree& tree,
                               std::span<const std::byte> stream, uint64_t slots,
                               uint64_t below, std::vector<SlotRange>* ranges,
                               LevelBuffer* out) {
  Scratch lengths(static_cast<size_t>(slots) * sizeof(uint32_t));
  LANCER_RETURN_IF_ERROR(
      encoding::DecodeFixed({tree, kLengthType, stream, slots}, {lengths.data(), 0}));
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

Status BlockSlots::ReadValues(const LeafPart& part, Ranges ranges,
                              LeafBuffer* out) const {
  uint64_t n = 0;
  for (const SlotRange& range : ranges) {
    n += range.n;
  }
  LANCER_RETURN_IF_ERROR(shape_.type.kind == PhysicalKind::kBytes
                             ? out->CheckOffsets(n)
                             : out->GrowFixed(shape_.type, n));
  for (const SlotRange& range : ranges) {
    LANCER_RETURN_IF_ERROR(part.validity.Append(range.first, range.n, &out->validity));
  }
  switch (shape_.type.kind) {
    case PhysicalKind::kFixed: {
      const size_t at = static_cast<size_t>(out->values) * shape_.type.width;
      LANCER_RETURN_IF_ERROR(ReadFixed(part, ranges, n, out->fixed.data() + at));
      break;
    }
    case PhysicalKind::kBits:
      LANCER_RETURN_IF_ERROR(ReadBits(part, ranges, n, out));
      break;
    case PhysicalKind::kBytes:
      LANCER_RETURN_IF_ERROR(ReadBytes(part, ranges, n, out));
      break;
  }
  out->values += n;
  return Status::Ok();
}

namespace {

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

}  // namespace

Status BlockSlots::ReadFixed(const LeafPart& part, Ranges ranges, uint64_t n,
                             std::byte* target) const {
  const uint64_t slots = part.validity.slots;
  const encoding::StoredStream stream{trees_.back(), shape_.type, part.stream, slots,
                                      resources_};
  const size_t width = shape_.type.width;
  const encoding::EncodingTree& tree = trees_.back();
  const bool codec = HasCodec(tree);
  if (ranges.size() == 1 && (n == slots || !codec || IsCodec(tree.nodes[0].id))) {
    return encoding::DecodeFixedRange(stream, ranges[0].first, n, target);
  }
  if (n <= slots / 16 && !codec) {
    return ForPositions(ranges, [&](std::span<const uint32_t> positions) {
      Status status = encoding::DecodeFixedAt(stream, positions, target, width);
      target += positions.size() * width;
      return status;
    });
  }
  Scratch whole(static_cast<size_t>(slots) * width);
  LANCER_RETURN_IF_ERROR(encoding::DecodeFixed(stream, {whole.data(), 0}));
  for (const SlotRange& range : ranges) {
    std::memcpy(target, whole.data() + range.first * width,
                static_cast<size_t>(range.n) * width);
    target += range.n * width;
  }
  return Status::Ok();
}

Status BlockSlots::ReadBits(const LeafPart& part, Ranges ranges, uint64_t n,
                            LeafBuffer* out) const {
  const uint64_t slots = part.validity.slots;
  const encoding::StoredStream stream{trees_.back(), shape_.type, part.stream, slots,
                                      resources_};
  std::byte* target = out->fixed.data();
  if (ranges.size() == 1 && n == slots) {
    return encoding::DecodeFixed(stream, {target, out->values});
  }
  Scratch whole(BitmapBytes(static_cast<int64_t>(slots)));
  LANCER_RETURN_IF_ERROR(encoding::DecodeFixed(stream, {whole.data(), 0}));
  auto at = static_cast<int64_t>(out->values);
  for (const SlotRange& range : ranges) {
    CopyBits(whole.data(), static_cast<int64_t>(range.first), target, at,
             static_cast<int64_t>(range.n));
    at += static_cast<int64_t>(range.n);
  }
  return Status::Ok();
}

Status BlockSlots::ReadBytes(const LeafPart& part, Ranges ranges, uint64_t n,
                             LeafBuffer* out) const {
  const uint64_t slots = part.validity.slots;
  const encoding::StoredStream stream{trees_.back(), shape_.type, part.stream, slots,
                                      resources_};
  if (ranges.size() <= 1) {
    const SlotRange range = ranges.empty() ? SlotRange{} : ranges.front();
    return encoding::DecodeBytes(stream, range.first, range.n, &out->bytes);
  }
  Scratch positions(static_cast<size_t>(n) * sizeof(uint32_t));
  auto* place = positions.as<uint32_t>();
  for (const SlotRange& range : ranges) {
    std::iota(place, place + range.n, static_cast<uint32_t>(range.first));
    place += range.n;
  }
  return encoding::DecodeBytesAt(
      stream, {positions.as<uint32_t>(), static_cast<size_t>(n)}, &out->bytes);
}

}  // namespace lancer::format
