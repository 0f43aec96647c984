// A stream of values (spec: encodings, "Streams"):
//
//   [header of each node, pre-order][body of each node, pre-order]
//
// Bodies of nodes below a codec stand inside the codec's body, compressed as one.
#include "encoding/stream.h"

#include <fmt/format.h>

#include <algorithm>

#include "encoding/encoding.h"

namespace lancer::encoding {
namespace {

// Walks a tree in pre-order and checks each node; with a reader it parses headers too.
class TreeWalk {
 public:
  TreeWalk(const EncodingTree& tree, ParsedStream* stream, ByteReader* headers)
      : tree_(tree), stream_(stream), headers_(headers) {}

  Status Run(PhysicalType type, uint64_t count) {
    LANCER_RETURN_IF_ERROR(Visit(type, count, 1));
    if (next_ != tree_.nodes.size()) {
      return Status::Corruption(
          fmt::format("encoding tree: {} nodes, where the first {} are a whole tree",
                      tree_.nodes.size(), next_));
    }
    stream_->node_count = next_;
    return Status::Ok();
  }

 private:
  Status Check(PhysicalType type, size_t depth) const {
    if (next_ >= tree_.nodes.size() || next_ >= kMaxTreeNodes || depth > kMaxTreeDepth) {
      return Status::Corruption(
          fmt::format("encoding tree: malformed at node {} of {}, depth {}", next_,
                      tree_.nodes.size(), depth));
    }
    const EncodingNode& node = tree_.nodes[next_];
    const RegistryRow* row = FindEncoding(node.id);
    if (row == nullptr || row->encoding == nullptr) {
      return Status::Unsupported(
          row == nullptr
              ? fmt::format("encoding number {}", static_cast<unsigned>(node.id))
              : fmt::format("encoding \"{}\"", row->name));
    }
    if (!row->encoding->Fits(type, node)) {
      return Status::Corruption(fmt::format(
          "encoding tree: \"{}\" with {} children does not fit kind {} of width {}",
          row->name, node.child_count, static_cast<unsigned>(type.kind), type.width));
    }
    return Status::Ok();
  }

  Status Visit(PhysicalType type, uint64_t count, size_t depth) {
    LANCER_RETURN_IF_ERROR(Check(type, depth));
    ParsedNode& node = stream_->nodes[next_];
    node.node = tree_.nodes[next_];
    node.encoding = FindEncoding(node.node.id)->encoding;
    node.type = type;
    node.count = count;
    ++next_;
    if (headers_ != nullptr) {
      LANCER_RETURN_IF_ERROR(node.encoding->ParseHeader(headers_, &node));
    }
    for (unsigned i = 0; i < node.node.child_count; ++i) {
      node.children[i] = static_cast<uint8_t>(next_);
      const PhysicalType child_type = headers_ != nullptr
                                          ? node.child_types[i]
                                          : node.encoding->ChildType(type, node.node, i);
      LANCER_RETURN_IF_ERROR(Visit(child_type, node.child_counts[i], depth + 1));
    }
    return Status::Ok();
  }

  const EncodingTree& tree_;
  ParsedStream* stream_;
  ByteReader* headers_;
  size_t next_ = 0;
};

Status ParseStream(const StoredStream& stored, ParsedStream* stream) {
  stream->resources = &stored.resources;
  ByteReader reader(stored.bytes);
  LANCER_RETURN_IF_ERROR(
      TreeWalk(stored.tree, stream, &reader).Run(stored.type, stored.count));
  stream->header_bytes = reader.position();
  LANCER_RETURN_IF_ERROR(AssignBodies(stream, &stream->nodes[0], &reader));
  if (reader.remaining() != 0) {
    return Status::Corruption(fmt::format(
        "stream: {} bytes are left behind the last body", reader.remaining()));
  }
  return Status::Ok();
}

// Counts are held to 2^48, so that no product with a width can overflow.
Status CheckCount(PhysicalType type, uint64_t count) {
  constexpr uint64_t kMaxCount = uint64_t{1} << 48;
  if (count > kMaxCount || (type.kind == PhysicalKind::kFixed && type.width > 0 &&
                            count > (uint64_t{1} << 60) / type.width)) {
    return Status::InvalidArgument(fmt::format("stream of {} values", count));
  }
  return Status::Ok();
}

Status CheckRange(const StoredStream& stream, uint64_t first, uint64_t n) {
  LANCER_RETURN_IF_ERROR(CheckCount(stream.type, stream.count));
  if (first > stream.count || n > stream.count - first) {
    return Status::InvalidArgument(fmt::format("values [{}, {} + {}) of a stream of {}",
                                               first, first, n, stream.count));
  }
  return Status::Ok();
}

Status CheckPositions(std::span<const uint32_t> positions, uint64_t count) {
  uint32_t largest = 0;
  for (const uint32_t position : positions) {
    largest = std::max(largest, position);
  }
  if (!positions.empty() && largest >= count) {
    return Status::InvalidArgument(
        fmt::format("position {} of a stream of {} values", largest, count));
  }
  return Status::Ok();
}

Status CheckKind(PhysicalType type, PhysicalKind kind) {
  if (type.kind == kind) {
    return Status::Ok();
  }
  return Status::InvalidArgument(fmt::format("stream of kind {} decoded as kind {}",
                                             static_cast<unsigned>(type.kind),
                                             static_cast<unsigned>(kind)));
}

// Gives back what was appended to a target when decoding fails half-way.
class BytesRollback {
 public:
  explicit BytesRollback(BytesTarget* target)
      : target_(target), offsets_(target->offsets.size()), data_(target->data.size()) {}
  Status Settle(Status status) {
    if (!status.ok()) {
      target_->offsets.resize(offsets_);
      target_->data.Resize(data_);
    }
    return status;
  }

 private:
  BytesTarget* target_;
  size_t offsets_;
  size_t data_;
};

}  // namespace

Status CheckTree(const EncodingTree& tree, PhysicalType type) {
  ParsedStream stream;
  return TreeWalk(tree, &stream, nullptr).Run(type, 0);
}

Status EncodeStream(const EncodingTree& tree, const EncodeResources& resources,
                    const Values& values, std::vector<std::byte>* out) {
  const Status fits = CheckTree(tree, values.type);
  if (!fits.ok()) {
    return Status::InvalidArgument(std::string(fits.message()));
  }
  LANCER_RETURN_IF_ERROR(CheckCount(values.type, values.count));
  const size_t start = out->size();
  std::vector<std::byte> bodies;
  const EncodeContext context{&tree, &resources};
  Status status = EncodeNode(context, 0, values, {out, &bodies});
  if (!status.ok()) {
    out->resize(start);
    return status;
  }
  out->insert(out->end(), bodies.begin(), bodies.end());
  return Status::Ok();
}

Result<uint64_t> StreamHeaderBytes(const StoredStream& stream) {
  LANCER_RETURN_IF_ERROR(CheckCount(stream.type, stream.count));
  ParsedStream parsed;
  ByteReader reader(stream.bytes);
  LANCER_RETURN_IF_ERROR(
      TreeWalk(stream.tree, &parsed, &reader).Run(stream.type, stream.count));
  return static_cast<uint64_t>(reader.position());
}

Status DecodeFixed(const StoredStream& stream, const FixedTarget& target) {
  LANCER_RETURN_IF_ERROR(CheckCount(stream.type, stream.count));
  ParsedStream parsed;
  LANCER_RETURN_IF_ERROR(ParseStream(stream, &parsed));
  ParsedNode& root = parsed.nodes[0];
  if (stream.type.kind == PhysicalKind::kBits) {
    return root.encoding->DecodeBits(&parsed, root, target);
  }
  LANCER_RETURN_IF_ERROR(CheckKind(stream.type, PhysicalKind::kFixed));
  return root.encoding->DecodeFixed(&parsed, root, target.data);
}

Status DecodeFixedRange(const StoredStream& stream, uint64_t first, uint64_t n,
                        std::byte* target) {
  LANCER_RETURN_IF_ERROR(CheckKind(stream.type, PhysicalKind::kFixed));
  LANCER_RETURN_IF_ERROR(CheckRange(stream, first, n));
  ParsedStream parsed;
  LANCER_RETURN_IF_ERROR(ParseStream(stream, &parsed));
  return DecodeValues(&parsed, parsed.nodes[0], first, n, target);
}

Status DecodeBytes(const StoredStream& stream, uint64_t first, uint64_t n,
                   BytesTarget* target) {
  LANCER_RETURN_IF_ERROR(CheckKind(stream.type, PhysicalKind::kBytes));
  LANCER_RETURN_IF_ERROR(CheckRange(stream, first, n));
  ParsedStream parsed;
  LANCER_RETURN_IF_ERROR(ParseStream(stream, &parsed));
  ParsedNode& root = parsed.nodes[0];
  BytesRollback rollback(target);
  return rollback.Settle(root.encoding->DecodeBytes(&parsed, root, first, n, target));
}

Status DecodeFixedAt(const StoredStream& stream, std::span<const uint32_t> positions,
                     std::byte* target, size_t stride_bytes) {
  LANCER_RETURN_IF_ERROR(CheckKind(stream.type, PhysicalKind::kFixed));
  LANCER_RETURN_IF_ERROR(CheckCount(stream.type, stream.count));
  LANCER_RETURN_IF_ERROR(CheckPositions(positions, stream.count));
  ParsedStream parsed;
  LANCER_RETURN_IF_ERROR(ParseStream(stream, &parsed));
  ParsedNode& root = parsed.nodes[0];
  return root.encoding->DecodeFixedAt(&parsed, root, positions, target, stride_bytes);
}

Status DecodeBitsAt(const StoredStream& stream, std::span<const uint32_t> positions,
                    const FixedTarget& target) {
  LANCER_RETURN_IF_ERROR(CheckKind(stream.type, PhysicalKind::kBits));
  LANCER_RETURN_IF_ERROR(CheckCount(stream.type, stream.count));
  LANCER_RETURN_IF_ERROR(CheckPositions(positions, stream.count));
  ParsedStream parsed;
  LANCER_RETURN_IF_ERROR(ParseStream(stream, &parsed));
  ParsedNode& root = parsed.nodes[0];
  return root.encoding->DecodeBitsAt(&parsed, root, positions, target);
}

Status DecodeBytesAt(const StoredStream& stream, std::span<const uint32_t> positions,
                     BytesTarget* target) {
  LANCER_RETURN_IF_ERROR(CheckKind(stream.type, PhysicalKind::kBytes));
  LANCER_RETURN_IF_ERROR(CheckCount(stream.type, stream.count));
  LANCER_RETURN_IF_ERROR(CheckPositions(positions, stream.count));
  ParsedStream parsed;
  LANCER_RETURN_IF_ERROR(ParseStream(stream, &parsed));
  ParsedNode& root = parsed.nodes[0];
  BytesRollback rollback(target);
  return rollback.Settle(root.encoding->DecodeBytesAt(&parsed, root, positions, target));
}

}  // namespace lancer::encoding
