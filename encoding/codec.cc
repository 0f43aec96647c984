// Codecs (spec: encodings, "zstd, lz4"):
//
//   header: [flags u8][stored size u32]
//   body:   [stored size bytes]: the compressed bytes, or, flagged, the raw bytes
//   flags:  1 stored raw, 2 compressed with the leaf's codec dictionary
//
// The raw bytes are the bodies of the child's subtree in pre-order; without a child,
// `count` values of `width` bytes. Their size follows from headers outside of them, so
// it is known, and checked, before anything is decompressed.
#include "encoding/codec.h"

#include <fmt/format.h>

#include <cstring>

#include "encoding/gather.h"
#include "encoding/scratch.h"

namespace lancer::encoding {
namespace {

constexpr uint8_t kStoredRaw = 1;
constexpr uint8_t kWithDictionary = 2;

}  // namespace

bool Codec::Fits(PhysicalType type, const EncodingNode& node) const {
  return type.kind == PhysicalKind::kFixed && node.child_count <= 1;
}

Status Codec::Encode(const EncodeContext& context, size_t node, const Values& values,
                     const EncodeSink& sink) const {
  const EncodingNode& self = context.tree->nodes[node];
  std::vector<std::byte> child_headers;
  std::vector<std::byte> child_bodies;
  std::vector<size_t> cuts;
  std::span<const std::byte> raw =
      values.data.first(static_cast<size_t>(values.count * values.type.width));
  if (self.child_count == 1) {
    LANCER_RETURN_IF_ERROR(
        EncodeNode(context, node + 1, values, {&child_headers, &child_bodies, &cuts}));
    raw = child_bodies;
  }
  if (raw.size() > UINT32_MAX) {
    return Status::InvalidArgument(
        fmt::format("{}: a block of {} bytes", name(), raw.size()));
  }
  const CodecDictionary* dictionary = context.resources->codec_dictionary;
  const size_t before = sink.bodies->size();
  LANCER_RETURN_IF_ERROR(Compress(raw, cuts, dictionary, self.parameter, sink.bodies));
  uint8_t flags = dictionary != nullptr ? kWithDictionary : 0;
  if (sink.bodies->size() == before) {
    flags = kStoredRaw;
    ByteWriter(sink.bodies).WriteSpan(raw);
  }
  ByteWriter headers(sink.headers);
  headers.Write(flags);
  headers.Write(static_cast<uint32_t>(sink.bodies->size() - before));
  headers.WriteSpan(child_headers);
  return Status::Ok();
}

Status Codec::ParseHeader(ByteReader* reader, ParsedNode* node) const {
  uint32_t stored = 0;
  if (!reader->ReadSpan(1, &node->header) || !reader->Read(&stored)) {
    return NodeCorruption(*this, "header is cut short");
  }
  const auto flags = std::to_integer<uint8_t>(node->header[0]);
  if (flags > kWithDictionary) {
    return NodeCorruption(*this, "unknown flags");
  }
  node->body_size = stored;
  node->keeps_children = true;
  if (node->node.child_count == 1) {
    node->child_types[0] = node->type;
    node->child_counts[0] = node->count;
    return Status::Ok();
  }
  // Checked here, because callers make room for the raw bytes before they are unpacked.
  const uint64_t raw = node->count * node->type.width;
  const uint64_t most = flags == kStoredRaw ? stored : stored * MaxRatio();
  if (raw > most || (flags == kStoredRaw && raw != stored)) {
    return NodeCorruption(*this,
                          fmt::format("{} stored bytes cannot hold {}", stored, raw));
  }
  return Status::Ok();
}

Status Codec::Unpack(const ParsedStream& stream, const ParsedNode& node, size_t raw_size,
                     std::span<std::byte> prefix) const {
  const auto flags = std::to_integer<uint8_t>(node.header[0]);
  if (flags == kStoredRaw) {
    if (node.body.size() != raw_size) {
      return NodeCorruption(*this, fmt::format("{} raw bytes stored, expected {}",
                                               node.body.size(), raw_size));
    }
    if (!prefix.empty()) {
      std::memcpy(prefix.data(), node.body.data(), prefix.size());
    }
    return Status::Ok();
  }
  const CodecDictionary* dictionary = nullptr;
  if (flags == kWithDictionary) {
    dictionary = stream.resources->codec_dictionary;
    if (dictionary == nullptr) {
      return NodeCorruption(*this, "the leaf has no codec dictionary");
    }
  }
  return DecompressPrefix(node.body, dictionary, raw_size, prefix);
}

template <typename Decode>
Status Codec::WithChild(ParsedStream* stream, ParsedNode& node, Decode decode) const {
  ParsedNode& child = stream->child(node, 0);
  const uint64_t size = SubtreeBodyBytes(stream, child);
  if (size > node.body_size * MaxRatio()) {
    return NodeCorruption(
        *this, fmt::format("{} stored bytes cannot hold {}", node.body_size, size));
  }
  Scratch raw(static_cast<size_t>(size));
  LANCER_RETURN_IF_ERROR(Unpack(*stream, node, raw.size(), raw.bytes()));
  ByteReader bodies(raw.bytes());
  LANCER_RETURN_IF_ERROR(AssignBodies(stream, &child, &bodies));
  return decode(child);
}

Status Codec::DecodeFixed(ParsedStream* stream, ParsedNode& node,
                          std::byte* target) const {
  if (node.node.child_count == 0) {
    const auto size = static_cast<size_t>(node.count * node.type.width);
    return Unpack(*stream, node, size, {target, size});
  }
  return WithChild(stream, node, [&](ParsedNode& child) {
    return child.encoding->DecodeFixed(stream, child, target);
  });
}

Status Codec::DecodeFixedAt(ParsedStream* stream, ParsedNode& node,
                            std::span<const uint32_t> positions, std::byte* target,
                            size_t stride_bytes) const {
  Scratch values(static_cast<size_t>(node.count * node.type.width));
  LANCER_RETURN_IF_ERROR(DecodeFixed(stream, node, values.data()));
  Gather(values.data(), node.type.width, positions, target, stride_bytes);
  return Status::Ok();
}

Status Codec::DecodeFixedRange(ParsedStream* stream, ParsedNode& node, uint64_t first,
                               uint64_t n, std::byte* target) const {
  const size_t width = node.type.width;
  const auto skip = static_cast<size_t>(first * width);
  const auto size = static_cast<size_t>(n * width);
  const auto whole = static_cast<size_t>(node.count * width);
  if (node.node.child_count == 1) {
    return WithChild(stream, node, [&](ParsedNode& child) {
      return DecodeValues(stream, child, first, n, target);
    });
  }
  if (first == 0) {
    return Unpack(*stream, node, whole, {target, size});
  }
  Scratch values(skip + size);
  LANCER_RETURN_IF_ERROR(Unpack(*stream, node, whole, values.bytes()));
  if (size > 0) {
    std::memcpy(target, values.data() + skip, size);
  }
  return Status::Ok();
}

}  // namespace lancer::encoding
