// Codec: what zstd and lz4 streams share (spec: encodings, "zstd, lz4"). A codec node
// compresses its child's bodies as one, or, without a child, the values as they are.
//
// Ownership: no state. Thread rule: safe for concurrent const calls; working memory of
// the libraries is kept per thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "encoding/codec_dictionary.h"
#include "encoding/encoding.h"

namespace lancer::encoding {

class Codec : public Encoding {
 public:
  bool Fits(PhysicalType type, const EncodingNode& node) const override;
  Status Encode(const EncodeContext& context, size_t node, const Values& values,
                const EncodeSink& sink) const override;
  Status ParseHeader(ByteReader* reader, ParsedNode* node) const override;
  Status DecodeFixed(ParsedStream* stream, ParsedNode& node,
                     std::byte* target) const override;
  Status DecodeFixedAt(ParsedStream* stream, ParsedNode& node,
                       std::span<const uint32_t> positions, std::byte* target,
                       size_t stride_bytes) const override;
  Status DecodeFixedRange(ParsedStream* stream, ParsedNode& node, uint64_t first,
                          uint64_t n, std::byte* target) const override;

  // Appends the compressed form; nothing is appended when it would not be smaller than
  // `raw`. `cuts` are places where the bytes of `raw` change in kind; `level_class` is
  // the node's parameter.
  virtual Status Compress(std::span<const std::byte> raw, std::span<const size_t> cuts,
                          const CodecDictionary* dictionary, unsigned level_class,
                          std::vector<std::byte>* out) const = 0;
  // Fills `raw` exactly. Errors: Corruption.
  Status Decompress(std::span<const std::byte> stored, const CodecDictionary* dictionary,
                    std::span<std::byte> raw) const {
    return DecompressPrefix(stored, dictionary, raw.size(), raw);
  }
  // Fills `prefix` with the first of `raw_size` bytes; where it is shorter, whether more
  // follow as they should need not be found out. Errors: Corruption.
  virtual Status DecompressPrefix(std::span<const std::byte> stored,
                                  const CodecDictionary* dictionary, size_t raw_size,
                                  std::span<std::byte> prefix) const = 0;
  // The largest number of raw bytes that one stored byte can stand for.
  virtual uint64_t MaxRatio() const = 0;

 protected:
  constexpr Codec() = default;
  ~Codec() = default;

 private:
  // Unpacks the bodies of the child's subtree, and decodes from it.
  template <typename Decode>
  Status WithChild(ParsedStream* stream, ParsedNode& node, Decode decode) const;
  // The first bytes of a node's raw bytes, as many as `prefix` has room for.
  Status Unpack(const ParsedStream& stream, const ParsedNode& node, size_t raw_size,
                std::span<std::byte> prefix) const;
};

}  // namespace lancer::encoding
