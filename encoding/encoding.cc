#include "encoding/encoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#include "encoding/scratch.h"

namespace lancer::encoding {
namespace {

Status NotImplemented(const Encoding& encoding, const PhysicalType& type) {
  return Status::Internal(fmt::format("{}: asked to decode values of kind {}",
                                      encoding.name(), static_cast<int>(type.kind)));
}

}  // namespace

PhysicalType Encoding::ChildType(PhysicalType type, const EncodingNode&, unsigned) const {
  return type;
}

Status Encoding::DecodeFixed(ParsedStream*, ParsedNode& node, std::byte*) const {
  return NotImplemented(*this, node.type);
}

Status Encoding::DecodeFixedRange(ParsedStream* stream, ParsedNode& node, uint64_t first,
                                  uint64_t n, std::byte* target) const {
  // One value by itself costs some four times its share of all.
  if (n > node.count / 4) {
    Scratch all(static_cast<size_t>(node.count) * node.type.width);
    LANCER_RETURN_IF_ERROR(DecodeFixed(stream, node, all.data()));
    std::memcpy(target, all.data() + first * node.type.width,
                static_cast<size_t>(n) * node.type.width);
    return Status::Ok();
  }
  std::array<uint32_t, 256> positions;
  for (uint64_t done = 0; done < n;) {
    const uint64_t part = std::min<uint64_t>(n - done, positions.size());
    std::iota(positions.begin(), positions.end(), static_cast<uint32_t>(first + done));
    LANCER_RETURN_IF_ERROR(
        DecodeFixedAt(stream, node, std::span(positions).first(static_cast<size_t>(part)),
                      target + done * node.type.width, node.type.width));
    done += part;
  }
  return Status::Ok();
}

Status Encoding::DecodeFixedAt(ParsedStream*, ParsedNode& node, std::span<const uint32_t>,
                               std::byte*, size_t) const {
  return NotImplemented(*this, node.type);
}

Status Encoding::DecodeBits(ParsedStream*, ParsedNode& node, const FixedTarget&) const {
  return NotImplemented(*this, node.type);
}

Status Encoding::DecodeBitsAt(ParsedStream*, ParsedNode& node, std::span<const uint32_t>,
                              const FixedTarget&) const {
  return NotImplemented(*this, node.type);
}

Status Encoding::DecodeBytes(ParsedStream*, ParsedNode& node, uint64_t, uint64_t,
                             BytesTarget*) const {
  return NotImplemented(*this, node.type);
}

Status Encoding::DecodeBytesAt(ParsedStream*, ParsedNode& node, std::span<const uint32_t>,
                               BytesTarget*) const {
  return NotImplemented(*this, node.type);
}

size_t SecondChild(const EncodingTree& tree, size_t node) {
  size_t at = node + 1;
  for (size_t open = 1; open > 0; --open) {
    open += tree.nodes[at].child_count;
    ++at;
  }
  return at;
}

Status EncodeNode(const EncodeContext& context, size_t node, const Values& values,
                  const EncodeSink& sink) {
  const RegistryRow* row = FindEncoding(context.tree->nodes[node].id);
  return row->encoding->Encode(context, node, values, sink);
}

Status AssignBodies(ParsedStream* stream, ParsedNode* node, ByteReader* bodies) {
  if (!bodies->ReadSpan(node->body_size, &node->body)) {
    return NodeCorruption(
        *node->encoding,
        fmt::format("body of {} bytes at {} of the bodies, where {} are left",
                    node->body_size, bodies->position(), bodies->remaining()));
  }
  if (!node->keeps_children) {
    for (unsigned i = 0; i < node->node.child_count; ++i) {
      LANCER_RETURN_IF_ERROR(AssignBodies(stream, &stream->child(*node, i), bodies));
    }
  }
  return Status::Ok();
}

uint64_t SubtreeBodyBytes(ParsedStream* stream, const ParsedNode& node) {
  uint64_t bytes = node.body_size;
  if (!node.keeps_children) {
    for (unsigned i = 0; i < node.node.child_count; ++i) {
      bytes += SubtreeBodyBytes(stream, stream->child(node, i));
    }
  }
  return bytes;
}

Status DecodeValues(ParsedStream* stream, ParsedNode& node, uint64_t first, uint64_t n,
                    std::byte* target) {
  return n == node.count
             ? node.encoding->DecodeFixed(stream, node, target)
             : node.encoding->DecodeFixedRange(stream, node, first, n, target);
}

Status NodeCorruption(const Encoding& encoding, std::string_view what) {
  return Status::Corruption(fmt::format("{}: {}", encoding.name(), what));
}

Status GrowBytes(BytesTarget* target, uint64_t payload) {
  const uint64_t have = target->data.size();
  if (have > target->limit || payload > target->limit - have) {
    return Status::ResourceExhausted(
        fmt::format("decoding {} bytes behind {} is over the limit of {}", payload, have,
                    target->limit));
  }
  target->data.Resize(static_cast<size_t>(have + payload));
  return Status::Ok();
}

}  // namespace lancer::encoding
