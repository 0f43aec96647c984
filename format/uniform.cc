// Layout U (spec: layouts, "U"): rows of a fixed stride.
//
//   page:   the body of the page's one stream of values, and nothing else:
//           plain      [row of stride bytes] * rows
//           bool_bits  one bit per value
//           ffor       numbers of one width, no patches, in chunks of 1,024
//           constant   no bytes
//   index:  [null kinds and validity] (page_validity.h)
//           [stream bytes u32]
//           [the stream's node headers; of constant the whole stream]
//           [checksum u32 per check unit]
//
// Check unit: one row when the stride is 1 KiB or more, else the smallest 2^j rows of
// 4 KiB or more (bit-packed: j >= 10; bits: j >= 3). The last one is what is left.
#include "format/uniform.h"

#include <fmt/format.h>

#include <algorithm>

#include "encoding/byte_writer.h"
#include "encoding/checksum.h"
#include "format/block_statistics.h"
#include "format/page_validity.h"

namespace lancer::format {
namespace {

using encoding::EncodingId;

constexpr uint64_t kUnitBytes = 4096;
constexpr uint64_t kWholeRowBytes = 1024;
constexpr uint8_t kMaxShift = 40;

// Bytes of 2^shift rows.
uint64_t UnitBytes(const UniformGeometry& geometry, uint8_t shift) {
  const uint64_t rows = uint64_t{1} << shift;
  switch (geometry.body) {
    case UniformBody::kPlain:
      return rows * geometry.stride;
    case UniformBody::kBits:
      return rows / 8 * geometry.per_row;
    case UniformBody::kPacked:
      return rows / 1024 * geometry.per_row * (1024 / 8) * geometry.packed.width;
    case UniformBody::kNone:
      break;
  }
  return kUnitBytes;
}

}  // namespace

Result<UniformGeometry> UniformGeometry::Make(const LeafShape& shape,
                                              const encoding::EncodingTree& tree,
                                              std::span<const std::byte> headers,
                                              uint64_t rows, uint64_t values) {
  UniformGeometry geometry;
  geometry.rows = rows;
  geometry.per_row = shape.values_per_row();
  const EncodingId id = tree.nodes.front().id;
  if (tree.nodes.size() == 1 && id == EncodingId::kConstant) {
    return geometry;
  }
  if (tree.nodes.size() == 1 && id == EncodingId::kPlain && headers.empty()) {
    geometry.stride = shape.row_stride();
    geometry.size = rows * geometry.stride;
    geometry.body = UniformBody::kPlain;
  } else if (tree.nodes.size() == 1 && id == EncodingId::kBoolBits && headers.empty()) {
    geometry.size = (values + 7) / 8;
    geometry.body = UniformBody::kBits;
  } else if (tree.nodes.size() == 1 && id == EncodingId::kFfor) {
    LANCER_ASSIGN_OR_RETURN(geometry.packed,
                            encoding::ParsePackedBody(shape.type, headers, values));
    geometry.size = encoding::PackedBodyBytes(geometry.packed);
    geometry.body = UniformBody::kPacked;
  } else {
    return Status::Corruption(
        fmt::format("encoding tree {} cannot be of layout U", tree.ToString()));
  }
  if (geometry.size == 0) {
    geometry.body = UniformBody::kNone;  // no values, or equal ones in no bits
  }
  return geometry;
}

uint64_t UniformGeometry::BytesBefore(uint64_t row) const {
  if (row >= rows) {
    return size;
  }
  switch (body) {
    case UniformBody::kNone:
      return 0;
    case UniformBody::kPlain:
      return row * stride;
    case UniformBody::kBits:
      return row * per_row / 8;
    case UniformBody::kPacked:
      return encoding::PackedBytes(row * per_row, packed.width);
  }
  return 0;
}

uint8_t UniformGeometry::UnitShift() const {
  if (body == UniformBody::kPlain && stride >= kWholeRowBytes) {
    return 0;
  }
  uint8_t shift = body == UniformBody::kPacked ? 10 : body == UniformBody::kBits ? 3 : 0;
  while (shift < kMaxShift && UnitBytes(*this, shift) < kUnitBytes) {
    ++shift;
  }
  return shift;
}

bool UniformGeometry::ShiftFits(uint8_t shift) const {
  const uint8_t least = body == UniformBody::kPacked ? 10
                        : body == UniformBody::kBits ? 3
                                                     : 0;
  return shift >= least && shift <= kMaxShift;
}

Status WriteUniform(const PageInput& input, EncodedPage* page) {
  const encoding::EncodingTree& tree = page->trees.back();
  const encoding::PhysicalType type = input.values.type;
  std::vector<std::byte> stream;
  LANCER_RETURN_IF_ERROR(
      encoding::EncodeStream(tree, input.resources, input.values, &stream));
  uint64_t headers = stream.size();
  if (tree.nodes.front().id != EncodingId::kConstant) {
    LANCER_ASSIGN_OR_RETURN(
        headers, encoding::StreamHeaderBytes({tree, type, stream, input.values.count}));
  }
  const auto split = stream.begin() + static_cast<std::ptrdiff_t>(headers);
  encoding::ByteWriter index(&page->index);
  PageValidity::Write(input, &page->index);
  index.Write(static_cast<uint32_t>(headers));
  index.WriteSpan(std::span(stream).first(static_cast<size_t>(headers)));
  LANCER_ASSIGN_OR_RETURN(
      const UniformGeometry geometry,
      UniformGeometry::Make(input.shape, tree, std::span(stream.begin(), split),
                            input.buffer.rows, input.values.count));
  if (headers > 0) {
    stream.erase(stream.begin(), split);
  }
  page->bytes = std::move(stream);
  PageMeta& meta = page->meta;
  meta.layout = LayoutKind::kUniform;
  meta.block_shift = geometry.UnitShift();
  const uint64_t units = geometry.UnitCount(meta.block_shift);
  const bool bounds = HasBlockBounds(input);
  for (uint64_t unit = 0; unit < units; ++unit) {
    const uint64_t row = unit << meta.block_shift;
    const uint64_t end = std::min(input.buffer.rows, (unit + 1) << meta.block_shift);
    const uint64_t from = geometry.BytesBefore(row);
    index.Write(encoding::Checksum32(
        std::span(page->bytes)
            .subspan(static_cast<size_t>(from),
                     static_cast<size_t>(geometry.BytesBefore(end) - from))));
    if (bounds) {
      page->block_bounds.push_back(
          encoding::ComputeBounds(input.values.Slice(row, end - row)));
    }
  }
  return Status::Ok();
}

}  // namespace lancer::format
