// Encoding: the one interface inside this folder. An encoding is one file that
// implements it and one row of the registry (registry.cc).
//
// Writing: a node appends its header to the sink's headers, its body to the bodies, then
// lets its children do the same, so that both stand in pre-order. Reading: all headers
// are parsed first (each says how long its body is and what its children hold), then
// bodies are handed out, then values are decoded from the root.
// Ownership: parsed nodes are views of the stream's bytes. Thread rule: encodings have
// no state; a ParsedStream belongs to one call.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "encoding/byte_reader.h"
#include "encoding/byte_writer.h"
#include "encoding/encoding_tree.h"
#include "encoding/stream.h"
#include "encoding/values.h"
#include "lancer/status.h"

namespace lancer::encoding {

inline constexpr size_t kMaxTreeDepth = 3;
inline constexpr size_t kMaxTreeNodes = 8;
inline constexpr size_t kMaxChildren = 2;

class Encoding;

struct ParsedNode {
  const Encoding* encoding = nullptr;
  EncodingNode node;
  std::array<uint8_t, kMaxChildren> children{};  // places in ParsedStream::nodes
  PhysicalType type;
  uint64_t count = 0;
  // Set by ParseHeader.
  std::span<const std::byte> header;
  uint64_t body_size = 0;
  bool keeps_children = false;  // a codec: its children's bodies are inside its own
  std::array<PhysicalType, kMaxChildren> child_types{};
  std::array<uint64_t, kMaxChildren> child_counts{};
  // Set when bodies are handed out.
  std::span<const std::byte> body;
};

struct ParsedStream {
  std::array<ParsedNode, kMaxTreeNodes> nodes;
  size_t node_count = 0;
  size_t header_bytes = 0;
  const DecodeResources* resources = nullptr;

  ParsedNode& child(const ParsedNode& parent, unsigned i) {
    return nodes[parent.children[i]];
  }
};

struct EncodeContext {
  const EncodingTree* tree = nullptr;
  const EncodeResources* resources = nullptr;
};

struct EncodeSink {
  std::vector<std::byte>* headers = nullptr;
  std::vector<std::byte>* bodies = nullptr;
  // Places in `bodies` where the bytes change in kind, ascending; for a codec above, null
  // when there is none.
  std::vector<size_t>* cuts = nullptr;
};

class Encoding {
 public:
  constexpr Encoding() = default;
  Encoding(const Encoding&) = delete;
  Encoding& operator=(const Encoding&) = delete;

  virtual std::string_view name() const = 0;
  virtual bool Fits(PhysicalType type, const EncodingNode& node) const = 0;
  // Type of child `i` as far as it is known without a header.
  virtual PhysicalType ChildType(PhysicalType type, const EncodingNode& node,
                                 unsigned i) const;

  virtual Status Encode(const EncodeContext& context, size_t node, const Values& values,
                        const EncodeSink& sink) const = 0;
  // Reads the header behind `reader` and fills the second part of `node`. Checks every
  // size that follows from the header against `node->count`.
  virtual Status ParseHeader(ByteReader* reader, ParsedNode* node) const = 0;

  // The functions below are called with a body of body_size bytes; an encoding
  // implements those of the kinds it fits.

  // kFixed: all values, back to back.
  virtual Status DecodeFixed(ParsedStream* stream, ParsedNode& node,
                             std::byte* target) const;
  // kFixed: values [first, first + n); by default through DecodeFixedAt or, where they
  // are many of all, DecodeFixed.
  virtual Status DecodeFixedRange(ParsedStream* stream, ParsedNode& node, uint64_t first,
                                  uint64_t n, std::byte* target) const;
  virtual Status DecodeFixedAt(ParsedStream* stream, ParsedNode& node,
                               std::span<const uint32_t> positions, std::byte* target,
                               size_t stride_bytes) const;
  virtual Status DecodeBits(ParsedStream* stream, ParsedNode& node,
                            const FixedTarget& target) const;
  virtual Status DecodeBitsAt(ParsedStream* stream, ParsedNode& node,
                              std::span<const uint32_t> positions,
                              const FixedTarget& target) const;
  virtual Status DecodeBytes(ParsedStream* stream, ParsedNode& node, uint64_t first,
                             uint64_t n, BytesTarget* target) const;
  virtual Status DecodeBytesAt(ParsedStream* stream, ParsedNode& node,
                               std::span<const uint32_t> positions,
                               BytesTarget* target) const;

 protected:
  // Encodings are constants and are never deleted through this interface.
  ~Encoding() = default;
};

// One function per source file of an encoding.
const Encoding& PlainEncoding();
const Encoding& ConstantEncoding();
const Encoding& FforEncoding();
const Encoding& BoolBitsEncoding();
const Encoding& DictEncoding();
const Encoding& DeltaBaseEncoding();
const Encoding& ZstdEncoding();
const Encoding& Lz4Encoding();
const Encoding& VarBytesEncoding();
const Encoding& FsstEncoding();
const Encoding& RunEndEncoding();
const Encoding& ShuffleEncoding();
const Encoding& SparseEncoding();
const Encoding& AlpEncoding();
const Encoding& AlpRdEncoding();
const Encoding& CastEncoding();
const Encoding& PredictEncoding();

// What is known of an id: its name in files, and how it is done, or null when reserved.
struct RegistryRow {
  EncodingId id;
  std::string_view name;
  const Encoding* encoding;
};
// Every id of EncodingId, in order.
std::span<const RegistryRow> Registry();
// Null for numbers outside the registry.
const RegistryRow* FindEncoding(EncodingId id);
// The row of a name, as files' encoding dictionaries hold them; null when unknown.
const RegistryRow* FindEncodingByName(std::string_view name);

// The place of the second child of the node at `node` in pre-order, which is behind the
// whole first child. REQUIRES: a well-formed tree.
size_t SecondChild(const EncodingTree& tree, size_t node);

// Encodes `values` by the subtree that starts at `node`.
Status EncodeNode(const EncodeContext& context, size_t node, const Values& values,
                  const EncodeSink& sink);
// Hands out the bodies of the subtree of `node`, in pre-order.
Status AssignBodies(ParsedStream* stream, ParsedNode* node, ByteReader* bodies);
// Bytes that AssignBodies takes for the subtree of `node`.
uint64_t SubtreeBodyBytes(ParsedStream* stream, const ParsedNode& node);

// Decodes values [first, first + n) of a kFixed node: through DecodeFixed, which is
// quicker, when these are all.
Status DecodeValues(ParsedStream* stream, ParsedNode& node, uint64_t first, uint64_t n,
                    std::byte* target);

// Corruption of a node: "ffor: <what>".
Status NodeCorruption(const Encoding& encoding, std::string_view what);
// Grows the payload of `target` by `payload` bytes; offsets are the caller's. Errors:
// ResourceExhausted behind the limit, before any memory is asked for.
Status GrowBytes(BytesTarget* target, uint64_t payload);

inline constexpr PhysicalType kU32Type{PhysicalKind::kFixed, NumberKind::kUnsigned, 4};
inline constexpr PhysicalType kU64Type{PhysicalKind::kFixed, NumberKind::kUnsigned, 8};
inline constexpr PhysicalType kRawByteType{PhysicalKind::kFixed, NumberKind::kOpaque, 1};

}  // namespace lancer::encoding
