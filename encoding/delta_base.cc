// delta_base (spec: encodings, "delta_base"): differences of neighbours, with the first
// number of each 1,024 kept whole, so that a value costs at most 1,023 additions.
//
//   header: nothing
//   body:   [number 0][number 1024][number 2048] ... `width` bytes each
//   child:  `count` differences of the same width, unsigned; 0 at every 1,024th place
//   parameter: 0 differences wrap (meant for numbers that do not fall), 1 zigzag
#include <algorithm>
#include <cstring>

#include "encoding/bit_pack.h"
#include "encoding/encoding.h"
#include "encoding/gather.h"
#include "encoding/scratch.h"

namespace lancer::encoding {
namespace {

constexpr uint8_t kZigzag = 1;

template <typename T>
T ToZigzag(T difference) {
  const T sign = static_cast<T>(0 - (difference >> (8 * sizeof(T) - 1)));
  return static_cast<T>(static_cast<T>(difference << 1) ^ sign);
}

template <typename T>
T FromZigzag(T stored) {
  return static_cast<T>((stored >> 1) ^ static_cast<T>(0 - (stored & 1)));
}

template <typename T>
void Subtract(const std::byte* in, uint64_t count, bool zigzag, std::byte* out) {
  T last = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const T value = LoadLe<T>(in + i * sizeof(T));
    T difference = i % kPackChunk == 0 ? T{0} : static_cast<T>(value - last);
    if (zigzag) {
      difference = ToZigzag(difference);
    }
    StoreLe<T>(out + i * sizeof(T), difference);
    last = value;
  }
}

// Turns `count` differences behind a base into numbers, in place.
template <typename T>
void Add(std::byte* values, uint64_t count, bool zigzag, T base) {
  for (uint64_t i = 0; i < count; ++i) {
    const T stored = LoadLe<T>(values + i * sizeof(T));
    base = static_cast<T>(base + (zigzag ? FromZigzag(stored) : stored));
    StoreLe<T>(values + i * sizeof(T), base);
  }
}

PhysicalType DifferenceType(PhysicalType type) {
  return {PhysicalKind::kFixed, NumberKind::kUnsigned, type.width};
}

class DeltaBase final : public Encoding {
 public:
  std::string_view name() const override { return "delta_base"; }

  bool Fits(PhysicalType type, const EncodingNode& node) const override {
    return type.kind == PhysicalKind::kFixed && !IsFloating(type.number) &&
           (type.width == 1 || type.width == 2 || type.width == 4 || type.width == 8) &&
           node.child_count == 1 && node.parameter <= kZigzag;
  }

  PhysicalType ChildType(PhysicalType type, const EncodingNode&,
                         unsigned) const override {
    return DifferenceType(type);
  }

  Status Encode(const EncodeContext& context, size_t node, const Values& values,
                const EncodeSink& sink) const override {
    const unsigned width = values.type.width;
    ByteWriter bodies(sink.bodies);
    for (uint64_t i = 0; i < values.count; i += kPackChunk) {
      bodies.WriteSpan(values.data.subspan(static_cast<size_t>(i * width), width));
    }
    const bool zigzag = context.tree->nodes[node].parameter == kZigzag;
    Scratch differences(static_cast<size_t>(values.count * width));
    const std::byte* in = values.data.data();
    switch (width) {
      case 1:
        Subtract<uint8_t>(in, values.count, zigzag, differences.data());
        break;
      case 2:
        Subtract<uint16_t>(in, values.count, zigzag, differences.data());
        break;
      case 4:
        Subtract<uint32_t>(in, values.count, zigzag, differences.data());
        break;
      default:
        Subtract<uint64_t>(in, values.count, zigzag, differences.data());
    }
    Values child;
    child.type = DifferenceType(values.type);
    child.count = values.count;
    child.data = differences.bytes();
    return EncodeNode(context, node + 1, child, sink);
  }

  Status ParseHeader(ByteReader*, ParsedNode* node) const override {
    const uint64_t bases = node->count / kPackChunk + (node->count % kPackChunk != 0);
    node->body_size = bases * node->type.width;
    node->child_types[0] = DifferenceType(node->type);
    node->child_counts[0] = node->count;
    return Status::Ok();
  }

  Status DecodeFixed(ParsedStream* stream, ParsedNode& node,
                     std::byte* target) const override {
    ParsedNode& child = stream->child(node, 0);
    LANCER_RETURN_IF_ERROR(child.encoding->DecodeFixed(stream, child, target));
    for (uint64_t first = 0; first < node.count; first += kPackChunk) {
      AddChunk(node, first, std::min(kPackChunk, node.count - first),
               target + first * node.type.width);
    }
    return Status::Ok();
  }

  // The chunks that hold the range, in one go.
  Status DecodeFixedRange(ParsedStream* stream, ParsedNode& node, uint64_t first,
                          uint64_t n, std::byte* target) const override {
    if (n == 0) {
      return Status::Ok();
    }
    ParsedNode& child = stream->child(node, 0);
    const size_t width = node.type.width;
    const uint64_t begin = first / kPackChunk * kPackChunk;
    const uint64_t rest = (first + n) % kPackChunk;
    const uint64_t end =
        std::min(rest == 0 ? first + n : first + n - rest + kPackChunk, node.count);
    Scratch chunks(static_cast<size_t>(end - begin) * width);
    LANCER_RETURN_IF_ERROR(
        DecodeValues(stream, child, begin, end - begin, chunks.data()));
    for (uint64_t at = begin; at < end; at += kPackChunk) {
      AddChunk(node, at, std::min(kPackChunk, end - at),
               chunks.data() + (at - begin) * width);
    }
    std::memcpy(target, chunks.data() + (first - begin) * width,
                static_cast<size_t>(n) * width);
    return Status::Ok();
  }

  Status DecodeFixedAt(ParsedStream* stream, ParsedNode& node,
                       std::span<const uint32_t> positions, std::byte* target,
                       size_t stride_bytes) const override {
    ParsedNode& child = stream->child(node, 0);
    const size_t width = node.type.width;
    if (child.keeps_children && positions.size() > 1) {
      // A codec unpacks all of its values for each chunk, so they are all made of one.
      Scratch all(static_cast<size_t>(node.count) * width);
      LANCER_RETURN_IF_ERROR(DecodeFixed(stream, node, all.data()));
      Gather(all.data(), width, positions, target, stride_bytes);
      return Status::Ok();
    }
    Scratch chunk(static_cast<size_t>(kPackChunk) * width);
    uint64_t held = UINT64_MAX;  // first value of the chunk that is decoded
    for (const uint32_t position : positions) {
      const uint64_t first = position / kPackChunk * kPackChunk;
      if (first != held) {
        const uint64_t n = std::min(kPackChunk, node.count - first);
        LANCER_RETURN_IF_ERROR(DecodeValues(stream, child, first, n, chunk.data()));
        AddChunk(node, first, n, chunk.data());
        held = first;
      }
      std::memcpy(target, chunk.data() + (position - first) * width, width);
      target += stride_bytes;
    }
    return Status::Ok();
  }

 private:
  static void AddChunk(const ParsedNode& node, uint64_t first, uint64_t n,
                       std::byte* values) {
    const unsigned width = node.type.width;
    const uint64_t base =
        LoadNumber(node.body.data() + first / kPackChunk * width, width);
    const bool zigzag = node.node.parameter == kZigzag;
    switch (width) {
      case 1:
        return Add<uint8_t>(values, n, zigzag, static_cast<uint8_t>(base));
      case 2:
        return Add<uint16_t>(values, n, zigzag, static_cast<uint16_t>(base));
      case 4:
        return Add<uint32_t>(values, n, zigzag, static_cast<uint32_t>(base));
      default:
        return Add<uint64_t>(values, n, zigzag, base);
    }
  }
};

}  // namespace

const Encoding& DeltaBaseEncoding() {
  static constexpr DeltaBase kDeltaBase;
  return kDeltaBase;
}

}  // namespace lancer::encoding
