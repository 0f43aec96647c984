// dict (spec: encodings, "dict"): codes into the leaf's dictionary.
//
//   header: nothing      body: nothing      child: the codes, u32
#include <fmt/format.h>

#include <cstring>

#include "encoding/dictionary.h"
#include "encoding/encoding.h"
#include "encoding/gather.h"
#include "encoding/scratch.h"
#include "encoding/simd/scan_kernels.h"

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
    LANCER_RETURN_IF_ERROR(
        DecodeValues(stream, stream->child(node, 0), 0, node.count, codes.data()));
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
    LANCER_RETURN_IF_ERROR(
        DecodeValues(stream, stream->child(node, 0), first, n, codes.data()));
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

  static Status ReadCodesAt(ParsedStream* stream, ParsedNode& node,
                            std::span<const uint32_t> positions, Scratch* codes) {
    ParsedNode& child = stream->child(node, 0);
    return child.encoding->DecodeFixedAt(stream, child, positions, codes->data(), 4);
  }

  static uint64_t LargestCode(std::span<const uint32_t> codes) {
    const std::span<const std::byte> bytes = std::as_bytes(codes);
    return simd::FindRange(NumberKind::kUnsigned, sizeof(uint32_t), bytes.data(),
                           codes.size())
        .max;
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
    const uint64_t largest = LargestCode(codes);
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

  // What stands at `entries` between `starts`, one behind the other. Copies kCopied bytes
  // of each, whatever its size: what is too much is overwritten by the next entry, or
  // lies in the slack behind the last one.
  template <size_t kCopied>
  static void CopyEntries(const std::byte* entries, const uint32_t* starts,
                          std::span<const uint32_t> codes, std::byte* to) {
    static_assert(kCopied <= Dictionary::kSlackBytes);
    for (const uint32_t code : codes) {
      const uint32_t begin = starts[code];
      std::memcpy(to, entries + begin, kCopied);
      to += starts[code + 1] - begin;
    }
  }

  static void CopyLongEntries(const std::byte* entries, const uint32_t* starts,
                              std::span<const uint32_t> codes, std::byte* to) {
    for (const uint32_t code : codes) {
      const size_t size = starts[code + 1] - starts[code];
      std::memcpy(to, entries + starts[code], 32);
      if (size > 32) {
        std::memcpy(to + 32, entries + starts[code] + 32, size - 32);
      }
      to += size;
    }
  }

  Status AppendEntries(ParsedStream* stream, const ParsedNode& node,
                       std::span<const uint32_t> codes, BytesTarget* target) const {
    LANCER_RETURN_IF_ERROR(CheckCodes(*stream, node, codes));
    const Dictionary& dictionary = *stream->resources->dictionary;
    const uint32_t* const starts = dictionary.offsets().data();
    const size_t first = target->offsets.size();
    const uint64_t begin = target->offsets.back();
    target->offsets.resize(first + codes.size());
    uint64_t end = begin;
    for (size_t i = 0; i < codes.size(); ++i) {
      end += starts[codes[i] + 1] - starts[codes[i]];
      target->offsets[first + i] = end;
    }
    const size_t place = target->data.size();
    LANCER_RETURN_IF_ERROR(GrowBytes(target, end - begin));
    if (end == begin) {
      return Status::Ok();  // no room for what is too much
    }
    const std::byte* const entries = dictionary.data().data();
    std::byte* const to = target->data.data() + place;
    if (dictionary.longest_entry() <= 16) {
      CopyEntries<16>(entries, starts, codes, to);
    } else if (dictionary.longest_entry() <= 32) {
      CopyEntries<32>(entries, starts, codes, to);
    } else {
      CopyLongEntries(entries, starts, codes, to);
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
