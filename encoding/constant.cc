// constant (spec: encodings, "constant"): one value that all rows share.
//
//   fixed:  header: [value of `width` bytes]      body: nothing
//   bits:   header: [u8, 0 or 1]                  body: nothing
//   bytes:  header: [length u32]                  body: [value]
//
// A stream of no values has a zero value.
#include <fmt/format.h>

#include <cstring>

#include "encoding/bytes_appender.h"
#include "encoding/encoding.h"
#include "encoding/repeat.h"
#include "types/bitmap.h"

namespace lancer::encoding {
namespace {

bool AllEqualFixed(const Values& values) {
  const size_t width = values.type.width;
  return values.count < 2 || width == 0 ||
         std::memcmp(values.data.data(), values.data.data() + width,
                     (static_cast<size_t>(values.count) - 1) * width) == 0;
}

bool AllEqualBytes(const Values& values) {
  const uint64_t length = values.offsets[1] - values.offsets[0];
  const std::byte* first = values.data.data() + values.offsets[0];
  for (uint64_t i = 1; i < values.count; ++i) {
    const uint64_t begin = values.offsets[i];
    if (values.offsets[i + 1] - begin != length ||
        (length > 0 && std::memcmp(values.data.data() + begin, first,
                                   static_cast<size_t>(length)) != 0)) {
      return false;
    }
  }
  return true;
}

Status NotConstant() {
  return Status::InvalidArgument("constant: the values are not all equal");
}

class Constant final : public Encoding {
 public:
  std::string_view name() const override { return "constant"; }

  bool Fits(PhysicalType, const EncodingNode& node) const override {
    return node.child_count == 0;
  }

  Status Encode(const EncodeContext&, size_t, const Values& values,
                const EncodeSink& sink) const override {
    ByteWriter headers(sink.headers);
    switch (values.type.kind) {
      case PhysicalKind::kFixed:
        return EncodeFixed(values, &headers);
      case PhysicalKind::kBits:
        return EncodeBits(values, &headers);
      case PhysicalKind::kBytes:
        return EncodeBytes(values, &headers, sink);
    }
    return Status::Internal("constant: unknown kind");
  }

  Status ParseHeader(ByteReader* reader, ParsedNode* node) const override {
    if (node->type.kind == PhysicalKind::kBytes) {
      uint32_t length = 0;
      if (!reader->Read(&length)) {
        return NodeCorruption(*this, "header is cut short");
      }
      node->body_size = length;
      return Status::Ok();
    }
    const bool bits = node->type.kind == PhysicalKind::kBits;
    if (!reader->ReadSpan(bits ? 1 : node->type.width, &node->header)) {
      return NodeCorruption(*this, "header is cut short");
    }
    if (bits && std::to_integer<unsigned>(node->header[0]) > 1) {
      return NodeCorruption(*this, "a bit is neither 0 nor 1");
    }
    node->body_size = 0;
    return Status::Ok();
  }

  Status DecodeFixed(ParsedStream*, ParsedNode& node, std::byte* target) const override {
    Repeat(node.header, node.count, node.header.size(), target);
    return Status::Ok();
  }

  Status DecodeFixedAt(ParsedStream*, ParsedNode& node,
                       std::span<const uint32_t> positions, std::byte* target,
                       size_t stride_bytes) const override {
    Repeat(node.header, positions.size(), stride_bytes, target);
    return Status::Ok();
  }

  Status DecodeBits(ParsedStream*, ParsedNode& node,
                    const FixedTarget& target) const override {
    FillBits(target.data, static_cast<int64_t>(target.bit_offset),
             static_cast<int64_t>(node.count), node.header[0] != std::byte{0});
    return Status::Ok();
  }

  Status DecodeBitsAt(ParsedStream*, ParsedNode& node,
                      std::span<const uint32_t> positions,
                      const FixedTarget& target) const override {
    FillBits(target.data, static_cast<int64_t>(target.bit_offset),
             static_cast<int64_t>(positions.size()), node.header[0] != std::byte{0});
    return Status::Ok();
  }

  Status DecodeBytes(ParsedStream*, ParsedNode& node, uint64_t, uint64_t n,
                     BytesTarget* target) const override {
    return Append(node.body, n, target);
  }

  Status DecodeBytesAt(ParsedStream*, ParsedNode& node,
                       std::span<const uint32_t> positions,
                       BytesTarget* target) const override {
    return Append(node.body, positions.size(), target);
  }

 private:
  static Status EncodeFixed(const Values& values, ByteWriter* headers) {
    if (!AllEqualFixed(values)) {
      return NotConstant();
    }
    std::byte* value = headers->Extend(values.type.width);
    if (values.count > 0 && values.type.width > 0) {
      std::memcpy(value, values.data.data(), values.type.width);
    }
    return Status::Ok();
  }

  static Status EncodeBits(const Values& values, ByteWriter* headers) {
    const auto count = static_cast<int64_t>(values.count);
    const bool first = count > 0 && GetBit(values.data.data(), 0);
    if (FindBit(values.data.data(), 0, count, !first) != count) {
      return NotConstant();
    }
    headers->Write<uint8_t>(first ? 1 : 0);
    return Status::Ok();
  }

  static Status EncodeBytes(const Values& values, ByteWriter* headers,
                            const EncodeSink& sink) {
    if (values.count == 0) {
      headers->Write<uint32_t>(0);
      return Status::Ok();
    }
    const uint64_t length = values.offsets[1] - values.offsets[0];
    if (!AllEqualBytes(values) || length > UINT32_MAX) {
      return NotConstant();
    }
    headers->Write(static_cast<uint32_t>(length));
    ByteWriter(sink.bodies)
        .WriteSpan(values.data.subspan(static_cast<size_t>(values.offsets[0]),
                                       static_cast<size_t>(length)));
    return Status::Ok();
  }

  static Status Append(std::span<const std::byte> value, uint64_t n,
                       BytesTarget* target) {
    BytesAppender appender(target);
    LANCER_RETURN_IF_ERROR(appender.Start(n, BytesOf(n, value.size())));
    appender.Append(value, n);
    return Status::Ok();
  }
};

}  // namespace

const Encoding& ConstantEncoding() {
  static constexpr Constant kConstant;
  return kConstant;
}

}  // namespace lancer::encoding
