// ffor (spec: encodings, "ffor"):
//
//   header: [width u8][flags u8][patch count u16 or u32, if flagged]
//           [reference, as wide as the type]
//   body:   [packed numbers][patch positions: u16 or u32 each, ascending][patches: the
//           whole distance, 1, 2, 4 or 8 bytes each]
//   flags:  1 patches with u16 counts and positions, 2 the same with u32, 4 raw: the body
//           is plain values (wide numbers whose distances need more than 64 bits)
//
// Distances of wide numbers (16 and 32 bytes) are packed as 64-bit numbers.
#include "encoding/ffor.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "encoding/encoding.h"
#include "encoding/ffor_header.h"
#include "encoding/ffor_packer.h"
#include "encoding/gather.h"
#include "encoding/scratch.h"
#include "encoding/simd/scan_kernels.h"
#include "encoding/value_at.h"
#include "encoding/wide_number.h"

namespace lancer::encoding {
namespace {

// A parsed node's header, read again: cheaper than keeping it beside each node.
FforHeader HeaderOf(const ParsedNode& node) {
  FforHeader header;
  ByteReader reader(node.header);
  (void)ReadFforHeader(&reader, node.type, &header);
  return header;
}

// Smallest wide number in the stored order, and whether all distances fit 64 bits.
struct WideRange {
  std::array<uint64_t, 4> low = {};  // words, least significant first
  uint64_t range = 0;
  bool fits = true;
};

// Decimals of 16 bytes are the wide numbers that tables are full of.
__extension__ using Uint128 = unsigned __int128;

// With the sign flipped, so that unsigned numbers compare as the values do.
Uint128 LoadKey128(const std::byte* from, uint64_t flip) {
  return Uint128{LoadLe<uint64_t>(from + 8) ^ flip} << 64 | LoadLe<uint64_t>(from);
}

struct WideBounds {
  const std::byte* least = nullptr;
  const std::byte* most = nullptr;
};

WideBounds FindBounds128(const Values& values, uint64_t flip) {
  const std::byte* const data = values.data.data();
  Uint128 low = LoadKey128(data, flip);
  Uint128 high = low;
  WideBounds bounds{data, data};
  for (uint64_t i = 1; i < values.count; ++i) {
    const std::byte* const at = data + i * 16;
    const Uint128 key = LoadKey128(at, flip);
    if (key < low) {
      low = key;
      bounds.least = at;
    }
    if (key > high) {
      high = key;
      bounds.most = at;
    }
  }
  return bounds;
}

WideBounds FindBounds(const Values& values, bool is_signed) {
  std::span<const std::byte> least = ValueAt(values, 0);
  std::span<const std::byte> most = least;
  for (uint64_t i = 1; i < values.count; ++i) {
    const std::span<const std::byte> value = ValueAt(values, i);
    least = CompareWide(value, least, is_signed) < 0 ? value : least;
    most = CompareWide(value, most, is_signed) > 0 ? value : most;
  }
  return {least.data(), most.data()};
}

WideRange FindWideRange(const Values& values) {
  WideRange result;
  if (values.count == 0) {
    return result;
  }
  const bool is_signed = values.type.number == NumberKind::kSigned;
  const WideBounds bounds = values.type.width == 16
                                ? FindBounds128(values, is_signed ? uint64_t{1} << 63 : 0)
                                : FindBounds(values, is_signed);
  uint64_t borrow = 0;
  for (size_t word = 0; word < values.type.width / 8; ++word) {
    result.low[word] = LoadLe<uint64_t>(bounds.least + word * 8);
    const uint64_t high = LoadLe<uint64_t>(bounds.most + word * 8);
    const uint64_t difference = high - result.low[word] - borrow;
    borrow = high < result.low[word] || high - result.low[word] < borrow ? 1 : 0;
    if (word == 0) {
      result.range = difference;
    } else {
      result.fits = result.fits && difference == 0;
    }
  }
  return result;
}

FforHeader HeaderFor(const FforPacker& packer, uint64_t reference) {
  return {packer.width(), packer.flags(), packer.patch_count(), reference};
}

Status EncodeWide(const Values& values, bool patches, const EncodeSink& sink) {
  ByteWriter headers(sink.headers);
  ByteWriter bodies(sink.bodies);
  const uint32_t width = values.type.width;
  const WideRange range = FindWideRange(values);
  if (!range.fits) {
    headers.Write<uint8_t>(0);
    headers.Write(kFforRaw);
    headers.Extend(width);
    bodies.WriteSpan(values.data.first(static_cast<size_t>(values.count * width)));
    return Status::Ok();
  }
  Scratch distances(static_cast<size_t>(values.count * 8));
  for (uint64_t i = 0; i < values.count; ++i) {
    StoreLe<uint64_t>(distances.data() + i * 8,
                      LoadLe<uint64_t>(values.data.data() + i * width) - range.low[0]);
  }
  FforPacker packer(distances.data(), values.count, 8, 0, range.range);
  if (patches) {
    packer.AllowPatches();
  }
  FforHeader header = HeaderFor(packer, range.low[0]);
  std::copy(range.low.begin() + 1, range.low.end(), header.reference_high.begin());
  WriteFforHeader(header, values.type, &headers);
  packer.WriteBody(&bodies);
  return Status::Ok();
}

void DecodeWide(const FforHeader& header, std::span<const std::byte> body, uint64_t count,
                PhysicalType type, std::byte* target) {
  if (type.width == 16) {
    UnpackWide(body, count, header.width, header.reference, header.reference_high[0],
               target);
    return;
  }
  Scratch distances(static_cast<size_t>(count * 8));
  Unpack(8, body, count, header.width, 0, distances.data());
  for (uint64_t i = 0; i < count; ++i) {
    StoreFforValue(header, LoadLe<uint64_t>(distances.data() + i * 8),
                   target + i * type.width, type);
  }
}

class Ffor final : public Encoding {
 public:
  std::string_view name() const override { return "ffor"; }

  bool Fits(PhysicalType type, const EncodingNode& node) const override {
    return type.kind == PhysicalKind::kFixed && std::has_single_bit(type.width) &&
           type.width <= 32 && node.child_count == 0 &&
           node.parameter <= kFforWithoutPatches;
  }

  Status Encode(const EncodeContext& context, size_t node, const Values& values,
                const EncodeSink& sink) const override {
    const PhysicalType type = values.type;
    const bool patches = context.tree->nodes[node].parameter != kFforWithoutPatches;
    if (IsFforWide(type)) {
      return EncodeWide(values, patches, sink);
    }
    const simd::KeyRange keys =
        simd::FindRange(type.number, type.width, values.data.data(), values.count);
    const uint64_t range = values.count == 0 ? 0 : keys.max - keys.min;
    uint64_t reference = values.count == 0 ? 0 : keys.min;
    if (type.number == NumberKind::kSigned && values.count > 0) {
      reference ^= uint64_t{1} << (8 * type.width - 1);
    }
    FforPacker packer(values.data.data(), values.count, type.width, reference, range);
    if (patches) {
      packer.AllowPatches();
    }
    ByteWriter headers(sink.headers);
    WriteFforHeader(HeaderFor(packer, reference), type, &headers);
    ByteWriter bodies(sink.bodies);
    packer.WriteBody(&bodies);
    return Status::Ok();
  }

  Status ParseHeader(ByteReader* reader, ParsedNode* node) const override {
    FforHeader header;
    ByteReader whole = *reader;
    if (!ReadFforHeader(reader, node->type, &header)) {
      return NodeCorruption(*this, "header is cut short");
    }
    (void)whole.ReadSpan(reader->position() - whole.position(), &node->header);
    const std::string_view fault = FforFault(header, node->type, node->count);
    if (!fault.empty()) {
      return NodeCorruption(*this, fault);
    }
    node->body_size = FforBodyBytes(header, node->type, node->count);
    return Status::Ok();
  }

  Status DecodeFixed(ParsedStream*, ParsedNode& node, std::byte* target) const override {
    const FforHeader header = HeaderOf(node);
    if (header.flags == kFforRaw) {
      std::memcpy(target, node.body.data(), node.body.size());
      return Status::Ok();
    }
    if (IsFforWide(node.type)) {
      DecodeWide(header, node.body, node.count, node.type, target);
    } else {
      Unpack(node.type.width, node.body, node.count, header.width, header.reference,
             target);
    }
    return ApplyPatches(header, node, 0, node.count, target);
  }

  Status DecodeFixedRange(ParsedStream* stream, ParsedNode& node, uint64_t first,
                          uint64_t n, std::byte* target) const override {
    const FforHeader header = HeaderOf(node);
    const uint64_t chunked =
        node.count / kPackChunk * kPackChunk;  // the rest is in order
    if (header.flags == kFforRaw || IsFforWide(node.type) || first % kPackChunk != 0 ||
        (first + n < chunked && n % kPackChunk != 0)) {
      return Encoding::DecodeFixedRange(stream, node, first, n, target);
    }
    const uint64_t begin = first / kPackChunk * (kPackChunk / 8) * header.width;
    Unpack(node.type.width, node.body.subspan(static_cast<size_t>(begin)), n,
           header.width, header.reference, target);
    return ApplyPatches(header, node, first, n, target);
  }

  Status DecodeFixedAt(ParsedStream*, ParsedNode& node,
                       std::span<const uint32_t> positions, std::byte* target,
                       size_t stride_bytes) const override {
    const FforHeader header = HeaderOf(node);
    if (header.flags == kFforRaw) {
      Gather(node.body.data(), node.type.width, positions, target, stride_bytes);
      return Status::Ok();
    }
    for (const uint32_t i : positions) {
      uint64_t distance =
          UnpackOne(FforDistanceBytes(node.type), node.body, node.count, header.width, i);
      if (header.patch_count > 0) {
        FindPatch(header, node, i, &distance);
      }
      StoreFforValue(header, distance, target, node.type);
      target += stride_bytes;
    }
    return Status::Ok();
  }

 private:
  // Those of values [first, first + n), which stand at the target.
  Status ApplyPatches(const FforHeader& header, const ParsedNode& node, uint64_t first,
                      uint64_t n, std::byte* target) const {
    const unsigned position_bytes = FforPositionBytes(header.flags);
    const unsigned distance_bytes = FforDistanceBytes(node.type);
    const uint64_t skipped = PatchesBelow(header, node, first);
    const std::byte* positions = node.body.data() + PackedBytes(node.count, header.width);
    const std::byte* position = positions + skipped * position_bytes;
    const std::byte* patch =
        positions + header.patch_count * position_bytes + skipped * distance_bytes;
    uint64_t least = first;
    for (uint64_t k = skipped; k < header.patch_count; ++k) {
      const uint64_t i = LoadNumber(position, position_bytes);
      if (i < least || i >= node.count) {
        return NodeCorruption(
            *this, fmt::format("patch {} at value {}, expected [{}, {})", k, i, least,
                               node.count));
      }
      if (i >= first + n) {
        break;
      }
      least = i + 1;
      StoreFforValue(header, LoadNumber(patch, distance_bytes),
                     target + (i - first) * node.type.width, node.type);
      position += position_bytes;
      patch += distance_bytes;
    }
    return Status::Ok();
  }

  // Patches of values before `i`.
  static uint64_t PatchesBelow(const FforHeader& header, const ParsedNode& node,
                               uint64_t i) {
    const unsigned position_bytes = FforPositionBytes(header.flags);
    const std::byte* positions = node.body.data() + PackedBytes(node.count, header.width);
    uint64_t low = 0;
    uint64_t high = header.patch_count;
    while (low < high) {
      const uint64_t middle = (low + high) / 2;
      if (LoadNumber(positions + middle * position_bytes, position_bytes) < i) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  static void FindPatch(const FforHeader& header, const ParsedNode& node, uint64_t i,
                        uint64_t* distance) {
    const unsigned position_bytes = FforPositionBytes(header.flags);
    const std::byte* positions = node.body.data() + PackedBytes(node.count, header.width);
    const uint64_t low = PatchesBelow(header, node, i);
    if (low < header.patch_count &&
        LoadNumber(positions + low * position_bytes, position_bytes) == i) {
      const unsigned bytes = FforDistanceBytes(node.type);
      *distance = LoadNumber(
          positions + header.patch_count * position_bytes + low * bytes, bytes);
    }
  }
};

}  // namespace

const Encoding& FforEncoding() {
  static constexpr Ffor kFfor;
  return kFfor;
}

Result<PackedBody> ParsePackedBody(PhysicalType type, std::span<const std::byte> header,
                                   uint64_t count) {
  ByteReader reader(header);
  FforHeader parsed;
  if (!ReadFforHeader(&reader, type, &parsed)) {
    return Status::Corruption("ffor: header is cut short");
  }
  const std::string_view fault = FforFault(parsed, type, count);
  if (!fault.empty() || reader.remaining() != 0) {
    return Status::Corruption(fmt::format(
        "ffor: {}", fault.empty() ? "bytes are left behind the header" : fault));
  }
  if (parsed.flags != 0) {
    return Status::Unsupported("ffor: patches where values are addressed one by one");
  }
  PackedBody body{type, count, parsed.width, {}};
  std::memcpy(body.reference.data(), header.data() + 2, type.width);
  return body;
}

uint64_t PackedBodyBytes(const PackedBody& body) {
  return PackedBytes(body.count, body.width);
}

PackedRange PackedBodyRange(const PackedBody& body, uint64_t i) {
  return PackedChunkRange(body.count, body.width, i);
}

namespace {

FforHeader HeaderOf(const PackedBody& body) {
  FforHeader header;
  header.width = body.width;
  header.reference = LoadNumber(body.reference.data(), FforDistanceBytes(body.type));
  for (uint32_t at = 8; at < body.type.width; at += 8) {
    header.reference_high[at / 8 - 1] = LoadLe<uint64_t>(body.reference.data() + at);
  }
  return header;
}

}  // namespace

void PackedValueAt(const PackedBody& body, std::span<const std::byte> chunk, uint64_t i,
                   std::byte* target) {
  const bool full = i / kPackChunk < body.count / kPackChunk;
  const uint64_t distance = UnpackOneOfChunk(FforDistanceBytes(body.type), chunk, full,
                                             body.width, i % kPackChunk);
  StoreFforValue(HeaderOf(body), distance, target, body.type);
}

void PackedValues(const PackedBody& body, std::span<const std::byte> bytes,
                  uint64_t first, uint64_t n, std::byte* target) {
  (void)first;  // chunks look alike; only the rest of the body does not
  const FforHeader header = HeaderOf(body);
  if (IsFforWide(body.type)) {
    DecodeWide(header, bytes, n, body.type, target);
  } else {
    Unpack(body.type.width, bytes, n, body.width, header.reference, target);
  }
}

}  // namespace lancer::encoding
