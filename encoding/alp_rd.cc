// alp_rd (spec: encodings, "alp_rd"): floats that are no decimals, cut in two. The left
// parts, sign, exponent and a few bits more, are codes into up to eight of them; the
// right parts are noise and are packed. After Afroozeh, Kuffo and Boncz, "ALP: Adaptive
// Lossless floating-Point Compression", SIGMOD 2024.
//
//   header: [right bits u8][count of left parts u8][left parts u16 each]
//           [exceptions, as in exceptions.cc]
//   body:   [positions of exceptions][exceptions: left parts, u16 each]
//   child 0: `count` codes of 1 byte; at exceptions any
//   child 1: `count` right parts, unsigned of the same width
#include <fmt/format.h>

#include <algorithm>

#include "encoding/byte_order.h"
#include "encoding/encoding.h"
#include "encoding/exceptions.h"
#include "encoding/left_parts.h"
#include "encoding/scratch.h"

namespace lancer::encoding {
namespace {

constexpr PhysicalType kCodeType{PhysicalKind::kFixed, NumberKind::kUnsigned, 1};
constexpr PhysicalType kLeftType{PhysicalKind::kFixed, NumberKind::kUnsigned, 2};

PhysicalType RightType(PhysicalType type) {
  return {PhysicalKind::kFixed, NumberKind::kUnsigned, type.width};
}

struct Header {
  LeftParts left;
  Exceptions exceptions;
};

// Values cut in two, and which left parts are none of the eight.
struct CutValues {
  CutValues(uint64_t count, unsigned width)
      : codes(static_cast<size_t>(count)),
        lefts(static_cast<size_t>(count * sizeof(uint16_t))),
        rights(static_cast<size_t>(count * width)),
        places(static_cast<size_t>(count * sizeof(uint32_t))) {}

  Scratch codes;
  Scratch lefts;
  Scratch rights;
  Scratch places;
  uint64_t missed = 0;
};

template <typename Bits>
void Cut(const Values& values, const LeftParts& left, CutValues* cut) {
  std::array<uint16_t, kMaxLeftParts> parts = left.parts;
  std::fill(parts.begin() + left.count, parts.end(), parts[0]);
  const unsigned right_bits = left.right_bits;
  const Bits mask = static_cast<Bits>((Bits{1} << right_bits) - 1);
  uint64_t missed = 0;
  uint8_t* codes = cut->codes.as<uint8_t>();
  uint32_t* places = cut->places.as<uint32_t>();
  for (uint64_t i = 0; i < values.count; ++i) {
    const Bits bits = LoadLe<Bits>(values.data.data() + i * sizeof(Bits));
    const auto part = static_cast<uint16_t>(bits >> right_bits);
    StoreLe<uint16_t>(cut->lefts.data() + i * sizeof(uint16_t), part);
    StoreLe<Bits>(cut->rights.data() + i * sizeof(Bits), bits & mask);
    unsigned code = kMaxLeftParts;
    for (unsigned k = kMaxLeftParts; k-- > 0;) {
      code = parts[k] == part ? k : code;
    }
    codes[i] = static_cast<uint8_t>(code);
    places[missed] = static_cast<uint32_t>(i);
    missed += code == kMaxLeftParts ? 1 : 0;
  }
  cut->missed = missed;
}

// Puts the left parts above right parts. REQUIRES: codes below 8.
template <typename Bits>
void Join(const LeftParts& left, const std::byte* codes, uint64_t count,
          std::byte* values) {
  std::array<Bits, kMaxLeftParts> lefts;
  for (unsigned k = 0; k < kMaxLeftParts; ++k) {
    lefts[k] = static_cast<Bits>(Bits{left.parts[k]} << left.right_bits);
  }
  const Bits mask = static_cast<Bits>((Bits{1} << left.right_bits) - 1);
  for (uint64_t i = 0; i < count; ++i) {
    std::byte* at = values + i * sizeof(Bits);
    const auto code = std::to_integer<unsigned>(codes[i]) % kMaxLeftParts;
    StoreLe<Bits>(at, (LoadLe<Bits>(at) & mask) | lefts[code]);
  }
}

// Gives the value at `at` another left part, its right part being kept.
void Replace(unsigned width, unsigned right_bits, const std::byte* part, std::byte* at) {
  const uint64_t right = LoadNumber(at, width) & ((uint64_t{1} << right_bits) - 1);
  StoreNumber(uint64_t{LoadLe<uint16_t>(part)} << right_bits | right, at, width);
}

class AlpRd final : public EncodingWithExceptions<AlpRd, Header> {
 public:
  std::string_view name() const override { return "alp_rd"; }

  bool Fits(PhysicalType type, const EncodingNode& node) const override {
    return type.kind == PhysicalKind::kFixed && type.number == NumberKind::kFloat &&
           (type.width == 4 || type.width == 8) && node.child_count == 2;
  }

  PhysicalType ChildType(PhysicalType type, const EncodingNode&,
                         unsigned i) const override {
    return i == 0 ? kCodeType : RightType(type);
  }

  Status Encode(const EncodeContext& context, size_t node, const Values& values,
                const EncodeSink& sink) const override {
    const unsigned width = values.type.width;
    if (values.count > UINT32_MAX) {
      return Status::InvalidArgument("alp_rd: more than 2^32 values in a stream");
    }
    const LeftParts left = ChooseLeftParts(width, values.data.data(), values.count);
    CutValues cut(values.count, width);
    width == 8 ? Cut<uint64_t>(values, left, &cut) : Cut<uint32_t>(values, left, &cut);
    const std::span<const uint32_t> misses(cut.places.as<uint32_t>(),
                                           static_cast<size_t>(cut.missed));
    Exceptions::RepeatBefore(misses, values.count, 1, cut.codes.data());
    ByteWriter header(sink.headers);
    header.Write(static_cast<uint8_t>(left.right_bits));
    header.Write(static_cast<uint8_t>(left.count));
    for (unsigned k = 0; k < left.count; ++k) {
      header.Write(left.parts[k]);
    }
    Exceptions::Write(misses, Part(kLeftType, values.count, &cut.lefts), sink);
    LANCER_RETURN_IF_ERROR(
        EncodeNode(context, node + 1, Part(kCodeType, values.count, &cut.codes), sink));
    return EncodeNode(context, SecondChild(*context.tree, node),
                      Part(RightType(values.type), values.count, &cut.rights), sink);
  }

  Status DecodeFixed(ParsedStream* stream, ParsedNode& node,
                     std::byte* target) const override {
    const Header header = HeaderOf(node);
    LANCER_RETURN_IF_ERROR(header.exceptions.CheckPositions(*this, node.count));
    ParsedNode& first = stream->child(node, 0);
    ParsedNode& second = stream->child(node, 1);
    Scratch codes(static_cast<size_t>(node.count));
    LANCER_RETURN_IF_ERROR(first.encoding->DecodeFixed(stream, first, codes.data()));
    LANCER_RETURN_IF_ERROR(CheckCodes(header.left, codes.bytes()));
    LANCER_RETURN_IF_ERROR(second.encoding->DecodeFixed(stream, second, target));
    const unsigned width = node.type.width;
    width == 8 ? Join<uint64_t>(header.left, codes.data(), node.count, target)
               : Join<uint32_t>(header.left, codes.data(), node.count, target);
    for (uint64_t k = 0; k < header.exceptions.count(); ++k) {
      Replace(width, header.left.right_bits, header.exceptions.value(k),
              target + header.exceptions.position(k) * width);
    }
    return Status::Ok();
  }

  Status DecodeFixedAt(ParsedStream* stream, ParsedNode& node,
                       std::span<const uint32_t> positions, std::byte* target,
                       size_t stride_bytes) const override {
    const Header header = HeaderOf(node);
    ParsedNode& first = stream->child(node, 0);
    ParsedNode& second = stream->child(node, 1);
    Scratch codes(positions.size());
    LANCER_RETURN_IF_ERROR(
        first.encoding->DecodeFixedAt(stream, first, positions, codes.data(), 1));
    LANCER_RETURN_IF_ERROR(CheckCodes(header.left, codes.bytes()));
    LANCER_RETURN_IF_ERROR(
        second.encoding->DecodeFixedAt(stream, second, positions, target, stride_bytes));
    const unsigned width = node.type.width;
    const std::byte* code = codes.data();
    for (const uint32_t i : positions) {
      width == 8 ? Join<uint64_t>(header.left, code, 1, target)
                 : Join<uint32_t>(header.left, code, 1, target);
      const std::byte* exception = header.exceptions.Find(i);
      if (exception != nullptr) {
        Replace(width, header.left.right_bits, exception, target);
      }
      ++code;
      target += stride_bytes;
    }
    return Status::Ok();
  }

 private:
  friend EncodingWithExceptions;

  static Values Part(PhysicalType type, uint64_t count, Scratch* data) {
    Values values;
    values.type = type;
    values.count = count;
    values.data = data->bytes();
    return values;
  }

  Status CheckCodes(const LeftParts& left, std::span<const std::byte> codes) const {
    auto largest = std::byte{0};
    for (const std::byte code : codes) {
      largest = std::max(largest, code);
    }
    const auto code = std::to_integer<unsigned>(largest);
    if (code >= left.count) {
      return NodeCorruption(*this,
                            fmt::format("code {} of {} left parts", code, left.count));
    }
    return Status::Ok();
  }

  Status ReadHeader(ByteReader* reader, const ParsedNode& node, Header* header) const {
    uint8_t right_bits = 0;
    uint8_t count = 0;
    if (!reader->Read(&right_bits) || !reader->Read(&count)) {
      return NodeCorruption(*this, "header is cut short");
    }
    const unsigned bits = 8 * node.type.width;
    if (right_bits >= bits || right_bits + kMaxLeftBits < bits) {
      return NodeCorruption(*this, fmt::format("{} right bits of {}", right_bits, bits));
    }
    if (count == 0 || count > kMaxLeftParts) {
      return NodeCorruption(*this, fmt::format("{} left parts", count));
    }
    header->left.right_bits = right_bits;
    header->left.count = count;
    for (unsigned k = 0; k < count; ++k) {
      if (!reader->Read(&header->left.parts[k])) {
        return NodeCorruption(*this, "header is cut short");
      }
    }
    return Exceptions::ReadHeader(*this, reader, node.count, kLeftType.width,
                                  &header->exceptions);
  }
};

}  // namespace

const Encoding& AlpRdEncoding() {
  static constexpr AlpRd kAlpRd;
  return kAlpRd;
}

}  // namespace lancer::encoding
