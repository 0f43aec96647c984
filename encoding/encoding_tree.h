// EncodingTree: which encodings, one inside the other, a stream of values is stored in.
//
// A tree is data: chosen by selection, kept in the column's metadata, interpreted by
// stream.h. Nodes stand in pre-order. Ownership: a value. Thread rule: plain value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lancer::encoding {

// Ids are stored through each file's encoding dictionary (name -> number in that file);
// these numbers are for code and golden files only. Append only.
enum class EncodingId : uint16_t {
  kPlain = 0,
  kConstant = 1,
  kFfor = 2,
  kBoolBits = 3,
  kRunEnd = 4,     // runs; child 0 their ends, child 1 their values
  kDict = 5,       // codes into the leaf's dictionary; child: the codes
  kDeltaBase = 6,  // a base per 1,024 values; child: the differences
  kSparse = 7,     // one value but for exceptions; child 0 their positions, child 1 they
  kFsst = 8,       // byte strings by the leaf's symbol table; child: their codes
  kAlp = 9,        // decimal floats; child: integers in units of a power of ten
  kAlpRd = 10,     // other floats; child 0: codes of their left bits, child 1: the right
  kCast = 11,      // floats that a narrower type holds; child: as that type
  kPredict = 12,   // what a prediction leaves of tensors, for a codec above
  kShuffle = 13,   // parts of values side by side, for a codec above
  kZstd = 14,  // codec over its child's bytes, with the leaf's dictionary if it has one
  kLz4 = 15,   // the same
  kEntropy = 16,   // reserved
  kZigzag = 17,    // reserved
  kVarBytes = 18,  // byte strings: child 0 the lengths, then the payload (child 1: codec
                   // of the payload, or none)
};

struct EncodingNode {
  EncodingId id = EncodingId::kPlain;
  uint8_t child_count = 0;
  uint8_t parameter = 0;  // meaning per encoding: codec level class, delta's order, ...
  friend bool operator==(const EncodingNode&, const EncodingNode&) = default;
};

struct EncodingTree {
  std::vector<EncodingNode> nodes;  // pre-order, at least one, depth at most 3
  friend bool operator==(const EncodingTree&, const EncodingTree&) = default;
  // "dict(ffor)", "var_bytes(ffor, zstd:5)" (tree_text.h).
  std::string ToString() const;
};

}  // namespace lancer::encoding
