// Streams: the encoded form of one run of values (a block's, or a whole page's), and the
// functions that `format` calls. Everything else in this folder is behind them.
//
// A stream's bytes: node headers in pre-order, then node bodies in pre-order (spec:
// encodings). The count of values and the physical type stand outside the stream.
// Hostile bytes give Corruption, never a crash, and never memory beyond what `count`, the
// width and the budget in the target allow.
// Ownership: nothing is kept. Thread rule: pure functions; safe everywhere.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "encoding/encoding_tree.h"
#include "encoding/values.h"
#include "lancer/result.h"

namespace lancer::encoding {

// A leaf's dictionary of distinct values while a column is written: entries in order of
// first appearance. One thread at a time.
class DictionaryBuilder;
// A leaf's dictionary as it is read: immutable, shared.
class Dictionary;
// The leaf's codec dictionary (raw bytes, at most 64 KiB), prepared for zstd and lz4.
class CodecDictionary;
// The leaf's symbol table (symbol_table.h), for fsst.
class SymbolTable;

// What a leaf shares between its pages. Members may be null; the tree says what it needs.
struct EncodeResources {
  DictionaryBuilder* dictionary = nullptr;
  const CodecDictionary* codec_dictionary = nullptr;
  const SymbolTable* symbol_table = nullptr;
};
struct DecodeResources {
  const Dictionary* dictionary = nullptr;
  const CodecDictionary* codec_dictionary = nullptr;
  const SymbolTable* symbol_table = nullptr;
};

// Appends the encoded stream. Same input, same bytes. Errors: InvalidArgument when the
// tree does not fit the type; ResourceExhausted when a dictionary is full (choose again).
Status EncodeStream(const EncodingTree& tree, const EncodeResources& resources,
                    const Values& values, std::vector<std::byte>* out);

// A stream and what stands outside it. Refers to all of it but the type.
struct StoredStream {
  const EncodingTree& tree;
  PhysicalType type;
  std::span<const std::byte> bytes;
  uint64_t count = 0;  // of values
  DecodeResources resources = {};
};

// Decodes all values of a kFixed or kBits stream into `target`.
Status DecodeFixed(const StoredStream& stream, const FixedTarget& target);
// Decodes values [first, first + n) of a kFixed stream. Codecs decode all, once, and
// what depends on values before it as many of them as it needs.
Status DecodeFixedRange(const StoredStream& stream, uint64_t first, uint64_t n,
                        std::byte* target);
// Decodes values [first, first + n) of a kBytes stream behind `target`.
Status DecodeBytes(const StoredStream& stream, uint64_t first, uint64_t n,
                   BytesTarget* target);
// Decodes the values at `positions` (any order, repeats allowed; each < count) of a
// kFixed stream: value i of the result at target + i * stride_bytes. Does not decode the
// rest where the encodings allow it (all but codecs).
Status DecodeFixedAt(const StoredStream& stream, std::span<const uint32_t> positions,
                     std::byte* target, size_t stride_bytes);
// The same for bits: bit i of the result at target.bit_offset + i.
Status DecodeBitsAt(const StoredStream& stream, std::span<const uint32_t> positions,
                    const FixedTarget& target);
// The same for bytes: appended to `target` in the order of `positions`.
Status DecodeBytesAt(const StoredStream& stream, std::span<const uint32_t> positions,
                     BytesTarget* target);

// Bytes of the node headers at the start of a stream: what layout U keeps in the page
// index, so that the bodies behind can be addressed. Errors: as decoding.
Result<uint64_t> StreamHeaderBytes(const StoredStream& stream);

// Checks that a tree read from a file is well-formed, known and fits the type. Errors:
// Unsupported naming the encoding; Corruption.
Status CheckTree(const EncodingTree& tree, PhysicalType type);

}  // namespace lancer::encoding
