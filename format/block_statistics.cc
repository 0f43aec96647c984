// A block statistics section (spec: statistics, "Per block"), integers little-endian:
//
//   page count u32
//   per page:  block count u32
//              per block: null count u32, flags u8, min size u8, max size u8, zero u8,
//                         min bytes, max bytes
//
// flags: bit 0 min is exact, bit 1 max is exact, bit 2 min present, bit 3 max present.

#include "format/block_statistics.h"

#include <fmt/format.h>

#include <algorithm>

#include "encoding/bound_cut.h"
#include "encoding/byte_reader.h"
#include "encoding/byte_writer.h"

namespace lancer::format {
namespace {

using encoding::Bound;
using encoding::PhysicalKind;

constexpr size_t kPrefixBytes = 8;
constexpr size_t kEntryBytes = 8;  // without the bounds
constexpr unsigned kMinExact = 1;
constexpr unsigned kMaxExact = 2;
constexpr unsigned kMinPresent = 4;
constexpr unsigned kMaxPresent = 8;
constexpr unsigned kAllFlags = 15;

Bound CutMin(const Bound& bound) {
  return bound.size <= kPrefixBytes ? bound
                                    : encoding::CutMinimum(bound.view(), kPrefixBytes);
}

std::optional<Bound> CutMax(const Bound& bound) {
  return bound.size <= kPrefixBytes ? bound
                                    : encoding::CutMaximum(bound.view(), kPrefixBytes);
}

Status Ends() { return Status::Corruption("the section ends too early"); }

Status ReadBound(encoding::ByteReader* reader, bool present, bool exact, uint8_t size,
                 std::optional<Bound>* bound) {
  if (!present) {
    return size == 0 ? Status::Ok() : Status::Corruption("an absent bound has bytes");
  }
  Bound value;
  if (size > value.bytes.size()) {
    return Status::Corruption(fmt::format("a bound of {} bytes; at most 32", size));
  }
  std::span<const std::byte> bytes;
  if (!reader->ReadSpan(size, &bytes)) {
    return Ends();
  }
  std::ranges::copy(bytes, value.bytes.begin());
  value.size = size;
  value.exact = exact;
  *bound = value;
  return Status::Ok();
}

Result<BlockBounds> ReadBlock(encoding::ByteReader* reader) {
  BlockBounds block;
  uint8_t flags = 0;
  uint8_t min_size = 0;
  uint8_t max_size = 0;
  uint8_t zero = 0;
  if (!reader->Read(&block.null_count) || !reader->Read(&flags) ||
      !reader->Read(&min_size) || !reader->Read(&max_size) || !reader->Read(&zero)) {
    return Ends();
  }
  if (zero != 0 || flags > kAllFlags) {
    return Status::Corruption("reserved bits are set");
  }
  LANCER_RETURN_IF_ERROR(ReadBound(reader, (flags & kMinPresent) != 0,
                                   (flags & kMinExact) != 0, min_size, &block.min));
  LANCER_RETURN_IF_ERROR(ReadBound(reader, (flags & kMaxPresent) != 0,
                                   (flags & kMaxExact) != 0, max_size, &block.max));
  return block;
}

Result<PagesOfBounds> ReadPages(encoding::ByteReader* reader, uint64_t page_count) {
  uint32_t stored_pages = 0;
  if (!reader->Read(&stored_pages)) {
    return Ends();
  }
  if (stored_pages != page_count) {
    return Status::Corruption(
        fmt::format("{} pages expected, {} found", page_count, stored_pages));
  }
  PagesOfBounds pages(page_count);
  for (auto& page : pages) {
    uint32_t blocks = 0;
    if (!reader->Read(&blocks) || blocks > reader->remaining() / kEntryBytes) {
      return Ends();
    }
    page.reserve(blocks);
    for (uint32_t i = 0; i < blocks; ++i) {
      LANCER_ASSIGN_OR_RETURN(BlockBounds block, ReadBlock(reader));
      page.push_back(block);
    }
  }
  if (reader->remaining() != 0) {
    return Status::Corruption(fmt::format("{} bytes too many", reader->remaining()));
  }
  return pages;
}

uint8_t FlagsOf(const BlockBounds& block) {
  unsigned flags = 0;
  if (block.min) {
    flags |= kMinPresent | (block.min->exact ? kMinExact : 0U);
  }
  if (block.max) {
    flags |= kMaxPresent | (block.max->exact ? kMaxExact : 0U);
  }
  return static_cast<uint8_t>(flags);
}

}  // namespace

bool HasBlockBounds(const PageInput& input) {
  constexpr uint64_t kLongestBytes = 256;
  constexpr uint32_t kWidest = 16;
  if (!input.shape.levels.empty() || input.shape.packed ||
      input.shape.role == LeafRole::kStructure) {
    return false;
  }
  switch (input.values.type.kind) {
    case PhysicalKind::kBits:
      return false;
    case PhysicalKind::kFixed:
      return input.values.type.width > 0 && input.values.type.width <= kWidest;
    case PhysicalKind::kBytes:
      return input.statistics.max_length <= kLongestBytes;
  }
  return false;
}

BlockBounds StoredBounds(const encoding::Statistics& statistics) {
  BlockBounds bounds;
  bounds.null_count = static_cast<uint32_t>(statistics.null_count);
  bool bytes = statistics.type.kind == PhysicalKind::kBytes;
  if (statistics.min) {
    bounds.min = bytes ? CutMin(*statistics.min) : *statistics.min;
  }
  if (statistics.max) {
    bounds.max = bytes ? CutMax(*statistics.max) : *statistics.max;
  }
  return bounds;
}

std::vector<std::byte> SerializeBlockStatistics(const PagesOfBounds& pages) {
  std::vector<std::byte> out;
  encoding::ByteWriter writer(&out);
  writer.Write(static_cast<uint32_t>(pages.size()));
  for (const auto& page : pages) {
    writer.Write(static_cast<uint32_t>(page.size()));
    for (const BlockBounds& block : page) {
      writer.Write(block.null_count);
      writer.Write(FlagsOf(block));
      writer.Write(block.min ? block.min->size : uint8_t{0});
      writer.Write(block.max ? block.max->size : uint8_t{0});
      writer.Write(uint8_t{0});
      if (block.min) {
        writer.WriteSpan(block.min->view());
      }
      if (block.max) {
        writer.WriteSpan(block.max->view());
      }
    }
  }
  return out;
}

Result<PagesOfBounds> ParseBlockStatistics(std::span<const std::byte> bytes,
                                           uint64_t page_count,
                                           const std::string& where) {
  encoding::ByteReader reader(bytes);
  Result<PagesOfBounds> pages = ReadPages(&reader, page_count);
  if (!pages) {
    return pages.error().WithContext(where + ": block statistics");
  }
  return pages;
}

}  // namespace lancer::format
