// var_bytes (spec: encodings, "var_bytes"): byte strings.
//
//   header: [flags u8][payload size u32, or u64 if flagged] (size_header.h)
//   body:   [payload], or nothing when there is a second child
//   flags:  1 wide: lengths and payload size are u64
//   children: the lengths (u32 or u64, `count` of them); the payload as single bytes
//             (`payload size` of them), mostly a codec
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "encoding/encoding.h"
#include "encoding/scratch.h"
#include "encoding/size_header.h"

namespace lancer::encoding {
namespace {

class VarBytes final : public Encoding {
 public:
  std::string_view name() const override { return "var_bytes"; }

  bool Fits(PhysicalType type, const EncodingNode& node) const override {
    return type.kind == PhysicalKind::kBytes &&
           (node.child_count == 1 || node.child_count == 2);
  }

  PhysicalType ChildType(PhysicalType, const EncodingNode&, unsigned i) const override {
    return i == 0 ? kU32Type : kRawByteType;
  }

  Status Encode(const EncodeContext& context, size_t node, const Values& values,
                const EncodeSink& sink) const override {
    const auto offsets = values.offsets;
    const uint64_t begin = values.count == 0 ? 0 : offsets[0];
    const uint64_t size = values.count == 0 ? 0 : offsets[values.count] - begin;
    const auto payload =
        values.data.subspan(static_cast<size_t>(begin), static_cast<size_t>(size));
    WriteSizeHeader(size, sink.headers);
    const bool own_payload = context.tree->nodes[node].child_count == 1;
    if (own_payload) {
      ByteWriter(sink.bodies).WriteSpan(payload);
    }
    LANCER_RETURN_IF_ERROR(IsWideSize(size)
                               ? EncodeLengths<uint64_t>(context, node, values, sink)
                               : EncodeLengths<uint32_t>(context, node, values, sink));
    if (own_payload) {
      return Status::Ok();
    }
    Values bytes;
    bytes.type = kRawByteType;
    bytes.count = size;
    bytes.data = payload;
    return EncodeNode(context, SecondChild(*context.tree, node), bytes, sink);
  }

  Status ParseHeader(ByteReader* reader, ParsedNode* node) const override {
    LANCER_RETURN_IF_ERROR(ReadSizeHeader(*this, reader, node));
    const uint64_t size = SizeInHeader(*node);
    if (size > kMaxPayload) {
      return NodeCorruption(*this, fmt::format("payload of {} bytes", size));
    }
    node->body_size = node->node.child_count == 1 ? size : 0;
    node->child_types = {HasWideSize(*node) ? kU64Type : kU32Type, kRawByteType};
    node->child_counts = {node->count, size};
    return Status::Ok();
  }

  Status DecodeBytes(ParsedStream* stream, ParsedNode& node, uint64_t first, uint64_t n,
                     BytesTarget* target) const override {
    return node.child_types[0].width == 8
               ? DecodeRange<uint64_t>(stream, node, first, n, target)
               : DecodeRange<uint32_t>(stream, node, first, n, target);
  }

  Status DecodeBytesAt(ParsedStream* stream, ParsedNode& node,
                       std::span<const uint32_t> positions,
                       BytesTarget* target) const override {
    return node.child_types[0].width == 8
               ? DecodeAt<uint64_t>(stream, node, positions, target)
               : DecodeAt<uint32_t>(stream, node, positions, target);
  }

 private:
  static constexpr uint64_t kMaxPayload = uint64_t{1} << 48;

  template <typename T>
  static Status EncodeLengths(const EncodeContext& context, size_t node,
                              const Values& values, const EncodeSink& sink) {
    Scratch lengths(static_cast<size_t>(values.count) * sizeof(T));
    for (uint64_t i = 0; i < values.count; ++i) {
      StoreLe<T>(lengths.data() + i * sizeof(T),
                 static_cast<T>(values.offsets[i + 1] - values.offsets[i]));
    }
    Values child;
    child.type = sizeof(T) == 8 ? kU64Type : kU32Type;
    child.count = values.count;
    child.data = lengths.bytes();
    return EncodeNode(context, node + 1, child, sink);
  }

  // Sums the first `n` lengths; false when the sum exceeds `most`.
  template <typename T>
  static bool SumLengths(const T* lengths, uint64_t n, uint64_t most, uint64_t* sum) {
    uint64_t total = 0;
    if constexpr (sizeof(T) == 4) {
      // Cannot overflow: a stream holds at most 2^48 values, read in parts of 2^31.
      for (uint64_t done = 0; done < n;) {
        const uint64_t part = std::min<uint64_t>(n - done, uint64_t{1} << 31);
        uint64_t partial = 0;
        for (uint64_t i = 0; i < part; ++i) {
          partial += lengths[done + i];
        }
        done += part;
        total += partial;
        if (total > most) {
          return false;
        }
      }
    } else {
      for (uint64_t i = 0; i < n; ++i) {
        if (lengths[i] > most - total) {
          return false;
        }
        total += lengths[i];
      }
    }
    *sum = total;
    return total <= most;
  }

  Status BadLengths(const ParsedNode& node) const {
    return NodeCorruption(*this,
                          fmt::format("lengths do not add up to the payload of {} bytes",
                                      node.child_counts[1]));
  }

  // All lengths, checked: they add up to the payload's size.
  template <typename T>
  Status ReadLengths(ParsedStream* stream, ParsedNode& node, Scratch* lengths) const {
    ParsedNode& child = stream->child(node, 0);
    LANCER_RETURN_IF_ERROR(child.encoding->DecodeFixed(stream, child, lengths->data()));
    uint64_t sum = 0;
    if (!SumLengths(lengths->as<T>(), node.count, node.child_counts[1], &sum) ||
        sum != node.child_counts[1]) {
      return BadLengths(node);
    }
    return Status::Ok();
  }

  template <typename T>
  Status DecodeRange(ParsedStream* stream, ParsedNode& node, uint64_t first, uint64_t n,
                     BytesTarget* target) const {
    Scratch memory(static_cast<size_t>(node.count) * sizeof(T));
    const T* lengths = memory.as<T>();
    LANCER_RETURN_IF_ERROR(ReadLengths<T>(stream, node, &memory));
    uint64_t begin = 0;
    uint64_t size = 0;
    (void)SumLengths(lengths, first, UINT64_MAX, &begin);
    (void)SumLengths(lengths + first, n, UINT64_MAX, &size);
    const size_t before = target->data.size();
    LANCER_RETURN_IF_ERROR(GrowBytes(target, size));
    LANCER_RETURN_IF_ERROR(ReadPayload(stream, node, begin, size, target, before));
    const size_t old = target->offsets.size();
    uint64_t end = target->offsets.back();
    target->offsets.resize(old + static_cast<size_t>(n));
    for (uint64_t i = 0; i < n; ++i) {
      end += lengths[first + i];
      target->offsets[old + i] = end;
    }
    return Status::Ok();
  }

  // Writes payload [begin, begin + size) at `place` of the target's data.
  Status ReadPayload(ParsedStream* stream, ParsedNode& node, uint64_t begin,
                     uint64_t size, BytesTarget* target, size_t place) const {
    std::byte* to = target->data.data() + place;
    if (size == 0) {
      return Status::Ok();
    }
    if (node.node.child_count == 1) {
      std::memcpy(to, node.body.data() + begin, static_cast<size_t>(size));
      return Status::Ok();
    }
    ParsedNode& child = stream->child(node, 1);
    if (size < child.count) {
      LANCER_RETURN_IF_ERROR(CheckWhole(child, *target));
    }
    return DecodeValues(stream, child, begin, size, to);
  }

  // A codec needs memory for its whole block, however little of it is asked for.
  static Status CheckWhole(const ParsedNode& child, const BytesTarget& target) {
    if (child.count > target.limit) {
      return Status::ResourceExhausted(
          fmt::format("decoding a payload of {} bytes is over the limit of {}",
                      child.count, target.limit));
    }
    return Status::Ok();
  }

  // Reads the lengths up to the last position alone: a take asks for one value of a
  // block.
  template <typename T>
  Status DecodeAt(ParsedStream* stream, ParsedNode& node,
                  std::span<const uint32_t> positions, BytesTarget* target) const {
    if (positions.empty()) {
      return Status::Ok();
    }
    const uint64_t count = std::ranges::max(positions) + uint64_t{1};
    Scratch memory(static_cast<size_t>(count) * sizeof(T));
    ParsedNode& child = stream->child(node, 0);
    LANCER_RETURN_IF_ERROR(DecodeValues(stream, child, 0, count, memory.data()));
    const T* lengths = memory.as<T>();
    if (node.node.child_count == 1) {
      return CopyValues(node, lengths, positions, node.body, target);
    }
    ParsedNode& codec = stream->child(node, 1);
    LANCER_RETURN_IF_ERROR(CheckWhole(codec, *target));
    uint64_t needed = 0;  // of the payload, up to the last position
    if (!SumLengths(lengths, count, codec.count, &needed)) {
      return BadLengths(node);
    }
    Scratch payload(static_cast<size_t>(needed));
    LANCER_RETURN_IF_ERROR(DecodeValues(stream, codec, 0, needed, payload.data()));
    return CopyValues(node, lengths, positions, payload.bytes(), target);
  }

  // Appends the values at `positions`, mostly ascending: from one to the next, the
  // lengths between them are added or taken off.
  template <typename T>
  Status CopyValues(const ParsedNode& node, const T* lengths,
                    std::span<const uint32_t> positions,
                    std::span<const std::byte> payload, BytesTarget* target) const {
    uint64_t at = 0;
    uint64_t begin = 0;
    for (const uint32_t position : positions) {
      uint64_t skipped = 0;
      if (position < at) {
        (void)SumLengths(lengths + position, at - position, UINT64_MAX, &skipped);
        begin -= skipped;
      } else if (SumLengths(lengths + at, position - at, payload.size() - begin,
                            &skipped)) {
        begin += skipped;
      } else {
        return BadLengths(node);
      }
      at = position;
      if (lengths[position] > payload.size() - begin) {
        return BadLengths(node);
      }
      const auto size = static_cast<size_t>(lengths[position]);
      const size_t place = target->data.size();
      LANCER_RETURN_IF_ERROR(GrowBytes(target, size));
      if (size > 0) {
        std::memcpy(target->data.data() + place, payload.data() + begin, size);
      }
      target->offsets.push_back(target->offsets.back() + size);
    }
    return Status::Ok();
  }
};

}  // namespace

const Encoding& VarBytesEncoding() {
  static constexpr VarBytes kVarBytes;
  return kVarBytes;
}

}  // namespace lancer::encoding
