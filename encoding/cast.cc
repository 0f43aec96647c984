// cast (spec: encodings, "cast"): floats as values of a narrower type of floats that
// holds them exactly.
//
//   header: [exceptions, as in exceptions.cc]
//   body:   [positions of exceptions][exceptions: whole values]
//   child:  as many values of the type that the parameter says: 0 float of 4 bytes (of 8
//           bytes only), 1 float of 2, 2 opaque of 2: bfloat16, the upper half of 4
#include "encoding/cast.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "encoding/encoding.h"
#include "encoding/exceptions.h"
#include "encoding/scratch.h"
#include "encoding/simd/cast_kernels.h"

namespace lancer::encoding {
namespace {

constexpr uint64_t kCheckedAtOnce = 512;

simd::Narrow NarrowOf(uint8_t parameter) {
  return parameter == kCastToFloat  ? simd::Narrow::kFloat
         : parameter == kCastToHalf ? simd::Narrow::kHalf
                                    : simd::Narrow::kBfloat16;
}

struct Header {
  Exceptions exceptions;
};

class Cast final : public EncodingWithExceptions<Cast, Header> {
 public:
  std::string_view name() const override { return "cast"; }

  bool Fits(PhysicalType type, const EncodingNode& node) const override {
    return node.child_count == 1 && CastType(type, node.parameter).width > 0;
  }

  PhysicalType ChildType(PhysicalType type, const EncodingNode& node,
                         unsigned) const override {
    return CastType(type, node.parameter);
  }

  Status Encode(const EncodeContext& context, size_t node, const Values& values,
                const EncodeSink& sink) const override {
    if (values.count > UINT32_MAX) {
      return Status::InvalidArgument("cast: more than 2^32 values in a stream");
    }
    const uint8_t parameter = context.tree->nodes[node].parameter;
    Values child;
    child.type = CastType(values.type, parameter);
    child.count = values.count;
    Scratch narrow(static_cast<size_t>(values.count * child.type.width));
    Scratch places(static_cast<size_t>(values.count * sizeof(uint32_t)));
    const uint64_t missed =
        simd::NarrowFloats(NarrowOf(parameter), values.type.width, values.data.data(),
                           values.count, narrow.data(), places.as<uint32_t>());
    const std::span<const uint32_t> misses(places.as<uint32_t>(),
                                           static_cast<size_t>(missed));
    Exceptions::RepeatBefore(misses, values.count, child.type.width, narrow.data());
    Exceptions::Write(misses, values, sink);
    child.data = narrow.bytes();
    return EncodeNode(context, node + 1, child, sink);
  }

  Status DecodeFixed(ParsedStream* stream, ParsedNode& node,
                     std::byte* target) const override {
    const Exceptions exceptions = HeaderOf(node).exceptions;
    LANCER_RETURN_IF_ERROR(exceptions.CheckPositions(*this, node.count));
    ParsedNode& child = stream->child(node, 0);
    Scratch narrow(static_cast<size_t>(node.count * child.type.width));
    LANCER_RETURN_IF_ERROR(child.encoding->DecodeFixed(stream, child, narrow.data()));
    simd::Widen(NarrowOf(node.node.parameter), node.type.width, narrow.data(), node.count,
                target);
    exceptions.Overwrite(target);
    return Status::Ok();
  }

  Status DecodeFixedAt(ParsedStream* stream, ParsedNode& node,
                       std::span<const uint32_t> positions, std::byte* target,
                       size_t stride_bytes) const override {
    const Exceptions exceptions = HeaderOf(node).exceptions;
    ParsedNode& child = stream->child(node, 0);
    const size_t narrow_width = child.type.width;
    Scratch narrow(positions.size() * narrow_width);
    LANCER_RETURN_IF_ERROR(child.encoding->DecodeFixedAt(stream, child, positions,
                                                         narrow.data(), narrow_width));
    const std::byte* from = narrow.data();
    for (const uint32_t i : positions) {
      const std::byte* exception = exceptions.Find(i);
      if (exception != nullptr) {
        std::memcpy(target, exception, node.type.width);
      } else {
        simd::Widen(NarrowOf(node.node.parameter), node.type.width, from, 1, target);
      }
      from += narrow_width;
      target += stride_bytes;
    }
    return Status::Ok();
  }

 private:
  friend EncodingWithExceptions;

  Status ReadHeader(ByteReader* reader, const ParsedNode& node, Header* header) const {
    return Exceptions::ReadHeader(*this, reader, node.count, node.type.width,
                                  &header->exceptions);
  }
};

}  // namespace

PhysicalType CastType(PhysicalType type, uint8_t parameter) {
  if (type.kind != PhysicalKind::kFixed || type.number != NumberKind::kFloat) {
    return {};
  }
  const bool wide = type.width == 8;
  if (!wide && type.width != 4) {
    return {};
  }
  switch (parameter) {
    case kCastToFloat:
      return {PhysicalKind::kFixed, NumberKind::kFloat, wide ? 4U : 0U};
    case kCastToHalf:
      return {PhysicalKind::kFixed, NumberKind::kFloat, 2};
    case kCastToBfloat16:
      return {PhysicalKind::kFixed, NumberKind::kOpaque, 2};
    default:
      return {};
  }
}

bool IsExactCast(const Values& values, uint8_t parameter) {
  std::array<std::byte, kCheckedAtOnce * 4> narrow;
  std::array<uint32_t, kCheckedAtOnce> misses;
  const size_t width = values.type.width;
  for (uint64_t first = 0; first < values.count; first += kCheckedAtOnce) {
    const uint64_t n = std::min(kCheckedAtOnce, values.count - first);
    if (simd::NarrowFloats(NarrowOf(parameter), values.type.width,
                           values.data.data() + first * width, n, narrow.data(),
                           misses.data()) > 0) {
      return false;
    }
  }
  return true;
}

const Encoding& CastEncoding() {
  static constexpr Cast kCast;
  return kCast;
}

}  // namespace lancer::encoding
