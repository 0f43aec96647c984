// shuffle (spec: encodings, "shuffle"): the parts of values that are alike beside each
// other, for a codec above.
//
//   header: nothing
//   body, count * width bytes:
//     parameter 0  [byte 0 of each value][byte 1 of each] ...
//     parameter 1  [bit 0 of each of the first 8 * m values][bit 1] ... m bytes each,
//                  then count mod 8 values as they are
//     parameter 2  as 0, of each value rotated left by one bit: the exponent of a float
//                  stands alone in its highest byte (of 2 bytes: with mantissa bits)
//
// Bytes of one plane have their own distribution: mantissas are noise, exponents are not.
// So the codec is told where planes of bytes begin, and codes each with a table of its
// own; noise then costs nothing but itself.
#include <algorithm>
#include <bit>
#include <cstring>

#include "encoding/encoding.h"
#include "encoding/scratch.h"
#include "encoding/simd/shuffle_kernels.h"

namespace lancer::encoding {
namespace {

constexpr uint8_t kBytes = 0;
constexpr uint8_t kBits = 1;
constexpr uint8_t kExponents = 2;
constexpr uint32_t kWidestBits = 32;  // bytes
// A table of its own costs a plane about 100 bytes.
constexpr uint64_t kLeastCutBytes = 1024;

// What a value of parameter 2 was before it was rotated and split.
template <typename T>
void JoinRotated(const std::byte* body, uint64_t count, uint64_t at, std::byte* target) {
  T value = 0;
  for (unsigned plane = 0; plane < sizeof(T); ++plane) {
    const T byte = std::to_integer<uint8_t>(body[plane * count + at]);
    value = static_cast<T>(value | static_cast<T>(byte << (8 * plane)));
  }
  StoreLe<T>(target, std::rotr(value, 1));
}

class Shuffle final : public Encoding {
 public:
  std::string_view name() const override { return "shuffle"; }

  bool Fits(PhysicalType type, const EncodingNode& node) const override {
    if (type.kind != PhysicalKind::kFixed || type.width == 0 || node.child_count != 0) {
      return false;
    }
    switch (node.parameter) {
      case kBytes:
        return true;
      case kBits:
        return type.width <= kWidestBits;
      case kExponents:
        return type.width == 2 || type.width == 4 || type.width == 8;
      default:
        return false;
    }
  }

  Status Encode(const EncodeContext& context, size_t node, const Values& values,
                const EncodeSink& sink) const override {
    const uint64_t count = values.count;
    const uint32_t width = values.type.width;
    const size_t first = sink.bodies->size();
    sink.bodies->resize(first + static_cast<size_t>(count * width));
    std::byte* out = sink.bodies->data() + first;
    switch (context.tree->nodes[node].parameter) {
      case kBits:
        SplitBits(values.data.data(), count, width, out);
        return Status::Ok();
      case kExponents:
        simd::SplitRotatedBytes(values.data.data(), count, width, out);
        break;
      default:
        simd::SplitBytes(values.data.data(), count, width, out);
    }
    if (sink.cuts != nullptr && count >= kLeastCutBytes) {
      for (uint32_t plane = 1; plane < width; ++plane) {
        sink.cuts->push_back(first + static_cast<size_t>(plane * count));
      }
    }
    return Status::Ok();
  }

  Status ParseHeader(ByteReader*, ParsedNode* node) const override {
    node->body_size = node->count * node->type.width;
    return Status::Ok();
  }

  Status DecodeFixed(ParsedStream*, ParsedNode& node, std::byte* target) const override {
    const std::byte* body = node.body.data();
    const uint32_t width = node.type.width;
    switch (node.node.parameter) {
      case kBits:
        JoinBits(body, node.count, width, target);
        break;
      case kExponents:
        simd::JoinRotatedBytes(body, node.count, width, target);
        break;
      default:
        simd::JoinBytes(body, node.count, width, target);
    }
    return Status::Ok();
  }

  Status DecodeFixedAt(ParsedStream*, ParsedNode& node,
                       std::span<const uint32_t> positions, std::byte* target,
                       size_t stride_bytes) const override {
    for (const uint32_t position : positions) {
      JoinValue(node, position, target);
      target += stride_bytes;
    }
    return Status::Ok();
  }

 private:
  static void SplitBits(const std::byte* in, uint64_t count, uint32_t width,
                        std::byte* out) {
    const uint64_t plane_bytes = count / 8;
    const uint64_t whole = plane_bytes * 8;
    Scratch planes(static_cast<size_t>(whole * width));
    simd::SplitBytes(in, whole, width, planes.data());
    simd::TransposeBits(planes.data(), plane_bytes * width);
    for (uint32_t plane = 0; plane < width; ++plane) {
      simd::SplitBytes(planes.data() + plane * whole, plane_bytes, 8,
                       out + plane * whole);
    }
    std::copy_n(in + whole * width, (count - whole) * width, out + whole * width);
  }

  static void JoinBits(const std::byte* body, uint64_t count, uint32_t width,
                       std::byte* target) {
    const uint64_t plane_bytes = count / 8;
    const uint64_t whole = plane_bytes * 8;
    Scratch planes(static_cast<size_t>(whole * width));
    for (uint32_t plane = 0; plane < width; ++plane) {
      simd::JoinBytes(body + plane * whole, plane_bytes, 8,
                      planes.data() + plane * whole);
    }
    simd::TransposeBits(planes.data(), plane_bytes * width);
    simd::JoinBytes(planes.data(), whole, width, target);
    std::copy_n(body + whole * width, (count - whole) * width, target + whole * width);
  }

  static void JoinValue(const ParsedNode& node, uint64_t at, std::byte* target) {
    const std::byte* body = node.body.data();
    const uint32_t width = node.type.width;
    switch (node.node.parameter) {
      case kBits:
        return JoinBitsOfValue(node, at, target);
      case kExponents:
        return width == 2   ? JoinRotated<uint16_t>(body, node.count, at, target)
               : width == 4 ? JoinRotated<uint32_t>(body, node.count, at, target)
                            : JoinRotated<uint64_t>(body, node.count, at, target);
      default:
        for (uint32_t plane = 0; plane < width; ++plane) {
          target[plane] = body[plane * node.count + at];
        }
    }
  }

  static void JoinBitsOfValue(const ParsedNode& node, uint64_t at, std::byte* target) {
    const std::byte* body = node.body.data();
    const uint32_t width = node.type.width;
    const uint64_t plane_bytes = node.count / 8;
    if (at >= plane_bytes * 8) {
      std::copy_n(body + at * width, width, target);
      return;
    }
    for (uint32_t byte = 0; byte < width; ++byte) {
      unsigned value = 0;
      for (unsigned bit = 0; bit < 8; ++bit) {
        const auto plane =
            std::to_integer<unsigned>(body[(byte * 8 + bit) * plane_bytes + at / 8]);
        value |= ((plane >> (at % 8)) & 1) << bit;
      }
      target[byte] = static_cast<std::byte>(value);
    }
  }
};

}  // namespace

const Encoding& ShuffleEncoding() {
  static constexpr Shuffle kShuffle;
  return kShuffle;
}

}  // namespace lancer::encoding
