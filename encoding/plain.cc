// plain (spec: encodings, "plain"): values of fixed width as they are.
//
//   header: nothing      body: [value of `width` bytes] * count
#include <cstring>

#include "encoding/encoding.h"
#include "encoding/gather.h"

namespace lancer::encoding {
namespace {

class Plain final : public Encoding {
 public:
  std::string_view name() const override { return "plain"; }

  bool Fits(PhysicalType type, const EncodingNode& node) const override {
    return type.kind == PhysicalKind::kFixed && node.child_count == 0;
  }

  Status Encode(const EncodeContext&, size_t, const Values& values,
                const EncodeSink& sink) const override {
    ByteWriter(sink.bodies)
        .WriteSpan(
            values.data.first(static_cast<size_t>(values.count * values.type.width)));
    return Status::Ok();
  }

  Status ParseHeader(ByteReader*, ParsedNode* node) const override {
    node->body_size = node->count * node->type.width;
    return Status::Ok();
  }

  Status DecodeFixed(ParsedStream*, ParsedNode& node, std::byte* target) const override {
    if (!node.body.empty()) {
      std::memcpy(target, node.body.data(), node.body.size());
    }
    return Status::Ok();
  }

  Status DecodeFixedRange(ParsedStream*, ParsedNode& node, uint64_t first, uint64_t n,
                          std::byte* target) const override {
    const size_t width = node.type.width;
    if (n * width > 0) {
      std::memcpy(target, node.body.data() + first * width,
                  static_cast<size_t>(n * width));
    }
    return Status::Ok();
  }

  Status DecodeFixedAt(ParsedStream*, ParsedNode& node,
                       std::span<const uint32_t> positions, std::byte* target,
                       size_t stride_bytes) const override {
    Gather(node.body.data(), node.type.width, positions, target, stride_bytes);
    return Status::Ok();
  }
};

}  // namespace

const Encoding& PlainEncoding() {
  static constexpr Plain kPlain;
  return kPlain;
}

}  // namespace lancer::encoding
