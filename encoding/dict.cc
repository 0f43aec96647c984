// dict (spec: encodings, "dict"): codes into the leaf's dictionary.
//
//   header: nothing      body: nothing      child: the codes, u32
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "encoding/dictionary.h"
#include "encoding/encoding.h"
#include "encoding/gather.h"
#include "encoding/scratch.h"

namespace lancer::encoding {
namespace {

class Dict final : public Encoding {
 public:
  std::string_view name() const override { return "dict"; }

  bool Fits(PhysicalType type, const EncodingNode& node) const override {
    return (type.kind == PhysicalKind::kBytes ||
            (type.kind == PhysicalKind::kFixed && type.width > 0)) &&
           node.child_count == 1;
  }

  PhysicalType ChildType(PhysicalType, const EncodingNode&, unsigned) const override {
    return kU32Type;
  }

  Status Encode(const EncodeContext& context, size_t node, const Values& values,
                const EncodeSink& sink) const override {
    DictionaryBuilder* builder = context.resources->dictionary;
    if (builder == nullptr) {
      return Status::InvalidArgument("dict: the leaf has no dictionary");
    }
    std::vector<uint32_t> codes;
    LANCER_RETURN_IF_ERROR(builder->Encode(values, &codes));
    Values child;
    child.type = kU32Type;
    child.count = values.count;
    child.data = std::as_bytes(std::span(codes));
    return EncodeNode(context, node + 1, child, sink);
  }

  Status ParseHeader(ByteReader*, ParsedNode* node) const override {
    node->body_size = 0;
    node->child_types[0] = kU32Type;
    node->child_counts[0] = node->count;
    return Status::Ok();
  }

  Status DecodeFixed(ParsedStream* stream, ParsedNode& node,
                     std::byte* target) const override {
    Scratch codes(static_cast<size_t>(node.count) * 4);
    LANCER_RETURN_IF_ERROR(ReadCodes(stream, node, 0, node.count, &codes));
    return GatherEntries(stream, node, {codes.as<uint32_t>(), CountOf(codes)}, target,
                         node.type.width);
  }

  Status DecodeFixedAt(ParsedStream* stream, ParsedNode& node,
                       std::span<const uint32_t> positions, std::byte* target,
                       size_t stride_bytes) const override {
    Scratch codes(positions.size() * 4);
    LANCER_RETURN_IF_ERROR(ReadCodesAt(stream, node, positions, &codes));
    return GatherEntries(stream, node, {codes.as<uint32_t>(), CountOf(codes)}, target,
                         stride_bytes);
  }

  Status DecodeBytes(ParsedStream* stream, ParsedNode& node, uint64_t first, uint64_t n,
                     BytesTarget* target) const override {
    Scratch codes(static_cast<size_t>(n) * 4);
    LANCER_RETURN_IF_ERROR(ReadCodes(stream, node, first, n, &codes));
    return AppendEntries(stream, node, {codes.as<uint32_t>(), CountOf(codes)}, target);
  }

  Status DecodeBytesAt(ParsedStream* stream, ParsedNode& node,
                       std::span<const uint32_t> positions,
                       BytesTarget* target) const override {
    Scratch codes(positions.size() * 4);
    LANCER_RETURN_IF_ERROR(ReadCodesAt(stream, node, positions, &codes));
    return AppendEntries(stream, node, {codes.as<uint32_t>(), CountOf(codes)}, target);
  }

 private:
  static size_t CountOf(const Scratch& codes) { return codes.size() / 4; }

  static Status ReadCodes(ParsedStream* stream, ParsedNode& node, uint64_t first,
                          uint64_t n, Scratch* codes) {
    ParsedNode& child = stream->child(node, 0);
    return n == node.count
               ? child.encoding->DecodeFixed(stream, child, codes->data())
               : child.encoding->DecodeFixedRange(stream, child, first, n, codes->data());
  }

  static Status ReadCodesAt(ParsedStream* stream, ParsedNode& node,
                            std::span<const uint32_t> positions, Scratch* codes) {
    ParsedNode& child = stream->child(node, 0);
    return child.encoding->DecodeFixedAt(stream, child, positions, codes->data(), 4);
  }

  // The dictionary, once all codes are known to be entries of it.
  Status CheckCodes(const ParsedStream& stream, const ParsedNode& node,
                    std::span<const uint32_t> codes) const {
    const Dictionary* dictionary = stream.resources->dictionary;
    if (dictionary == nullptr) {
      return NodeCorruption(*this, "the leaf has no dictionary");
    }
    if (dictionary->type().kind != node.type.kind ||
        dictionary->type().width != node.type.width) {
      return NodeCorruption(*this, "the leaf's dictionary is of another type");
    }
    uint32_t largest = 0;
    for (const uint32_t code : codes) {
      largest = std::max(largest, code);
    }
    if (!codes.empty() && largest >= dictionary->entry_count()) {
      return NodeCorruption(*this, fmt::format("code {} of a dictionary of {} entries",
                                               largest, dictionary->entry_count()));
    }
    return Status::Ok();
  }

  Status GatherEntries(ParsedStream* stream, const ParsedNode& node,
                       std::span<const uint32_t> codes, std::byte* target,
                       size_t stride_bytes) const {
    LANCER_RETURN_IF_ERROR(CheckCodes(*stream, node, codes));
    Gather(stream->resources->dictionary->data().data(), node.type.width, codes, target,
           stride_bytes);
    return Status::Ok();
  }

  // Reads and writes up to 32 bytes more.
  static void CopyEntry(const std::byte* from, size_t size, std::byte* to) {
    static_assert(Dictionary::kSlackBytes >= 32);
    std::memcpy(to, from, 16);
    if (size > 16) {
      std::memcpy(to + 16, from + 16, 16);
      if (size > 32) {
        std::memcpy(to + 32, from + 32, size - 32);
      }
    }
  }

  Status AppendEntries(ParsedStream* stream, const ParsedNode& node,
                       std::span<const uint32_t> codes, BytesTarget* target) const {
    LANCER_RETURN_IF_ERROR(CheckCodes(*stream, node, codes));
    const Dictionary& dictionary = *stream->resources->dictionary;
    const auto starts = dictionary.offsets();
    uint64_t payload = 0;
    for (const uint32_t code : codes) {
      payload += starts[code + 1] - starts[code];
    }
    const size_t place = target->data.size();
    LANCER_RETURN_IF_ERROR(GrowBytes(target, payload));
    size_t next = target->offsets.size();
    uint64_t end = target->offsets.back();
    target->offsets.resize(next + codes.size());
    // Whole registers are copied, whatever the entry's size: what is too much is
    // overwritten by the next entry. Without a payload there is no room for it.
    const std::byte* const entries = dictionary.data().data();
    std::byte* to = target->data.data() + place;
    for (const uint32_t code : codes) {
      const size_t begin = starts[code];
      const size_t size = starts[code + 1] - begin;
      if (payload > 0) {
        CopyEntry(entries + begin, size, to);
      }
      to += size;
      end += size;
      target->offsets[next++] = end;
    }
    return Status::Ok();
  }
};

}  // namespace

const Encoding& DictEncoding() {
  static constexpr Dict kDict;
  return kDict;
}

}  // namespace lancer::encoding
