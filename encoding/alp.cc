// alp (spec: encodings, "alp"): floats that were decimal numbers, as the integers that
// they are in units of 10^-scale. After Afroozeh, Kuffo and Boncz, "ALP: Adaptive
// Lossless floating-Point Compression", SIGMOD 2024, but with one exact division by a
// power of ten where the paper multiplies twice: then every decimal of few enough digits
// comes back, no pair of exponents has to be searched for, and the dividers of current
// processors still outrun the memory that values are written to. No scale is below 0:
// multiples of 10 or 100 are integers at scale 0, and take what integers of that size
// take anywhere here, 3.3 bits for each digit 0 at the end of all.
//
//   header: [scale u8][exceptions, as in exceptions.cc]
//   body:   [positions of exceptions][exceptions: whole values]
//   child:  `count` signed integers of the same width; at exceptions any
#include <cstring>

#include "encoding/decimal_scale.h"
#include "encoding/encoding.h"
#include "encoding/exceptions.h"
#include "encoding/scratch.h"
#include "encoding/simd/decimal_kernels.h"

namespace lancer::encoding {
namespace {

struct Header {
  unsigned scale = 0;
  Exceptions exceptions;
};

PhysicalType IntegerType(PhysicalType type) {
  return {PhysicalKind::kFixed, NumberKind::kSigned, type.width};
}

class Alp final : public EncodingWithExceptions<Alp, Header> {
 public:
  std::string_view name() const override { return "alp"; }

  bool Fits(PhysicalType type, const EncodingNode& node) const override {
    return type.kind == PhysicalKind::kFixed && type.number == NumberKind::kFloat &&
           (type.width == 4 || type.width == 8) && node.child_count == 1;
  }

  PhysicalType ChildType(PhysicalType type, const EncodingNode&,
                         unsigned) const override {
    return IntegerType(type);
  }

  Status Encode(const EncodeContext& context, size_t node, const Values& values,
                const EncodeSink& sink) const override {
    const unsigned width = values.type.width;
    const std::byte* in = values.data.data();
    if (values.count > UINT32_MAX) {
      return Status::InvalidArgument("alp: more than 2^32 values in a stream");
    }
    const unsigned scale = ChooseDecimalScale(width, in, values.count);
    Scratch integers(static_cast<size_t>(values.count * width));
    Scratch places(static_cast<size_t>(values.count * sizeof(uint32_t)));
    const uint64_t missed = simd::FloatsToDecimals(
        width, in, values.count, scale, integers.data(), places.as<uint32_t>());
    const std::span<const uint32_t> misses(places.as<uint32_t>(),
                                           static_cast<size_t>(missed));
    Exceptions::RepeatBefore(misses, values.count, width, integers.data());
    ByteWriter(sink.headers).Write(static_cast<uint8_t>(scale));
    Exceptions::Write(misses, values, sink);
    Values child;
    child.type = IntegerType(values.type);
    child.count = values.count;
    child.data = integers.bytes();
    return EncodeNode(context, node + 1, child, sink);
  }

  Status DecodeFixed(ParsedStream* stream, ParsedNode& node,
                     std::byte* target) const override {
    const Header header = HeaderOf(node);
    ParsedNode& child = stream->child(node, 0);
    LANCER_RETURN_IF_ERROR(header.exceptions.CheckPositions(*this, node.count));
    LANCER_RETURN_IF_ERROR(child.encoding->DecodeFixed(stream, child, target));
    const unsigned width = node.type.width;
    simd::DecimalsToFloats(width, target, node.count, header.scale);
    header.exceptions.Overwrite(target);
    return Status::Ok();
  }

  Status DecodeFixedAt(ParsedStream* stream, ParsedNode& node,
                       std::span<const uint32_t> positions, std::byte* target,
                       size_t stride_bytes) const override {
    const Header header = HeaderOf(node);
    ParsedNode& child = stream->child(node, 0);
    LANCER_RETURN_IF_ERROR(
        child.encoding->DecodeFixedAt(stream, child, positions, target, stride_bytes));
    for (const uint32_t i : positions) {
      const std::byte* exception = header.exceptions.Find(i);
      if (exception != nullptr) {
        std::memcpy(target, exception, node.type.width);
      } else {
        simd::DecimalsToFloats(node.type.width, target, 1, header.scale);
      }
      target += stride_bytes;
    }
    return Status::Ok();
  }

 private:
  friend EncodingWithExceptions;

  Status ReadHeader(ByteReader* reader, const ParsedNode& node, Header* header) const {
    uint8_t scale = 0;
    if (!reader->Read(&scale)) {
      return NodeCorruption(*this, "header is cut short");
    }
    if (scale > simd::MaxDecimalScale(node.type.width)) {
      return NodeCorruption(*this, "the scale is too large");
    }
    header->scale = scale;
    return Exceptions::ReadHeader(*this, reader, node.count, node.type.width,
                                  &header->exceptions);
  }
};

}  // namespace

const Encoding& AlpEncoding() {
  static constexpr Alp kAlp;
  return kAlp;
}

}  // namespace lancer::encoding
