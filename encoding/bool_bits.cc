// bool_bits (spec: encodings, "bool_bits"): one bit per value.
//
//   header: nothing      body: bitmap, lowest bit first, spare bits of the last byte 0
#include "encoding/encoding.h"
#include "types/bitmap.h"

namespace lancer::encoding {
namespace {

class BoolBits final : public Encoding {
 public:
  std::string_view name() const override { return "bool_bits"; }

  bool Fits(PhysicalType type, const EncodingNode& node) const override {
    return type.kind == PhysicalKind::kBits && node.child_count == 0;
  }

  Status Encode(const EncodeContext&, size_t, const Values& values,
                const EncodeSink& sink) const override {
    const auto size = static_cast<size_t>((values.count + 7) / 8);
    ByteWriter(sink.bodies).WriteSpan(values.data.first(size));
    if (values.count % 8 != 0) {
      sink.bodies->back() &= static_cast<std::byte>((1U << (values.count % 8)) - 1);
    }
    return Status::Ok();
  }

  Status ParseHeader(ByteReader*, ParsedNode* node) const override {
    node->body_size = (node->count + 7) / 8;
    return Status::Ok();
  }

  Status DecodeBits(ParsedStream*, ParsedNode& node,
                    const FixedTarget& target) const override {
    CopyBits(node.body.data(), 0, target.data, static_cast<int64_t>(target.bit_offset),
             static_cast<int64_t>(node.count));
    return Status::Ok();
  }

  Status DecodeBitsAt(ParsedStream*, ParsedNode& node,
                      std::span<const uint32_t> positions,
                      const FixedTarget& target) const override {
    auto to = static_cast<int64_t>(target.bit_offset);
    for (const uint32_t position : positions) {
      if (GetBit(node.body.data(), position)) {
        SetBit(target.data, to);
      } else {
        ClearBit(target.data, to);
      }
      ++to;
    }
    return Status::Ok();
  }
};

}  // namespace

const Encoding& BoolBitsEncoding() {
  static constexpr BoolBits kBoolBits;
  return kBoolBits;
}

}  // namespace lancer::encoding
