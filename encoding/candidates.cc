#include "encoding/candidates.h"

#include <algorithm>
#include <initializer_list>

#include "encoding/cast.h"
#include "encoding/encoding.h"
#include "encoding/ffor.h"

namespace lancer::encoding {
namespace {

constexpr uint8_t kSigned = 1;  // delta_base: differences may fall
// shuffle: what is split.
constexpr uint8_t kByteSplit = 0;
constexpr uint8_t kBitSplit = 1;
constexpr uint8_t kExponentSplit = 2;
constexpr uint32_t kWidestBitSplit = 32;
// predict: what is predicted from what.
constexpr uint8_t kFrames = 0;
constexpr uint8_t kPictures = 1;
constexpr uint8_t kFramesOfPictures = 2;

EncodingTree Leaf(EncodingId id, uint8_t parameter = 0) { return {{{id, 0, parameter}}}; }

EncodingTree Node(EncodingId id, std::initializer_list<EncodingTree> children,
                  uint8_t parameter = 0) {
  EncodingTree tree{{{id, static_cast<uint8_t>(children.size()), parameter}}};
  for (const EncodingTree& child : children) {
    tree.nodes.insert(tree.nodes.end(), child.nodes.begin(), child.nodes.end());
  }
  return tree;
}

bool IsPackable(PhysicalType type) {
  return type.width == 1 || type.width == 2 || type.width == 4 || type.width == 8 ||
         type.width == 16 || type.width == 32;
}

bool IsInteger(PhysicalType type) {
  return type.number == NumberKind::kUnsigned || type.number == NumberKind::kSigned;
}

bool IsDecimal(PhysicalType type) {
  return type.number == NumberKind::kFloat && (type.width == 4 || type.width == 8);
}

// Parameters of cast that the type has.
std::vector<uint8_t> CastsOf(PhysicalType type) {
  return type.width == 8 ? std::vector{kCastToFloat, kCastToHalf, kCastToBfloat16}
                         : std::vector{kCastToHalf, kCastToBfloat16};
}

// zstd's parameter: 0 quick, 1 middle, 2 slow.
uint8_t LevelClass(Profile profile) { return profile == Profile::kArchive ? 2 : 0; }

using enum EncodingId;

bool HasExponents(PhysicalType type) {
  return (type.width == 2 && type.number == NumberKind::kOpaque) ||  // bfloat16
         (IsFloating(type.number) && type.width >= 2);
}

// Bytes of one place together, for what they have in common but do not repeat.
EncodingTree BytePlanes() {
  return Node(kZstd, {Leaf(kShuffle, kByteSplit)}, kFewMatches);
}

// Planes under zstd. Bytes that are noise or nearly so want no matches, others do.
void AddShuffles(PhysicalType type, uint8_t level, std::vector<EncodingTree>* trees) {
  if (type.width < 2) {
    return;
  }
  trees->push_back(Node(kZstd, {Leaf(kShuffle, kByteSplit)}, level));
  trees->push_back(BytePlanes());
  if (type.width <= kWidestBitSplit) {
    trees->push_back(Node(kZstd, {Leaf(kShuffle, kBitSplit)}, level));
  }
  if (HasExponents(type)) {
    trees->push_back(Node(kZstd, {Leaf(kShuffle, kExponentSplit)}, kFewMatches));
  }
}

// Floats that may be something simpler.
void AddFloats(PhysicalType type, Profile profile, std::vector<EncodingTree>* trees) {
  if (!IsDecimal(type)) {
    return;
  }
  for (const uint8_t narrow : CastsOf(type)) {
    trees->push_back(Node(kCast, {Leaf(kPlain)}, narrow));
    if (profile != Profile::kRandom) {
      trees->push_back(
          Node(kCast, {Node(kZstd, {Leaf(kShuffle, kByteSplit)}, kFewMatches)}, narrow));
      trees->push_back(
          Node(kCast, {Node(kZstd, {Leaf(kShuffle, kByteSplit)}, LevelClass(profile))},
               narrow));
    }
  }
  if (type.width == 8) {  // decimals that were floats of 4 bytes on their way
    trees->push_back(Node(kCast, {Node(kAlp, {Leaf(kFfor)})}, kCastToFloat));
  }
  trees->push_back(Node(kAlp, {Leaf(kFfor)}));
  trees->push_back(Node(kAlp, {Node(kDeltaBase, {Leaf(kFfor)}, kSigned)}));
  trees->push_back(Node(kAlpRd, {Leaf(kFfor), Leaf(kFfor)}));
  if (profile != Profile::kRandom) {
    const uint8_t level = LevelClass(profile);
    trees->push_back(Node(kAlp, {Leaf(kZstd, level)}));
    trees->push_back(Node(kAlp, {Node(kZstd, {Leaf(kFfor)}, level)}));
  }
}

bool HasFrameWidth(PhysicalType type) {
  return type.width == 1 || type.width == 2 || type.width == 4 || type.width == 8;
}

void AddTensors(PhysicalType type, TensorForm tensor, uint8_t level,
                std::vector<EncodingTree>* trees) {
  if (tensor.elements == 0 || !HasFrameWidth(type)) {
    return;
  }
  trees->push_back(Node(kZstd, {Leaf(kPredict, kFrames)}, level));
  trees->push_back(Node(kZstd, {Leaf(kPredict, kFrames)}, kFewMatches));
  if (type.width == 1 && tensor.row < tensor.elements) {
    trees->push_back(Node(kZstd, {Leaf(kPredict, kPictures)}, kFewMatches));
    trees->push_back(Node(kZstd, {Leaf(kPredict, kFramesOfPictures)}, kFewMatches));
  }
}

void AddFixed(PhysicalType type, Profile profile, TensorForm tensor,
              std::vector<EncodingTree>* trees) {
  const bool integer = IsInteger(type);
  if (integer && IsPackable(type)) {
    trees->push_back(Leaf(kFfor, kFforWithoutPatches));
    trees->push_back(Leaf(kFfor));
    if (type.width <= 8) {
      trees->push_back(Node(kDeltaBase, {Leaf(kFfor)}));
      trees->push_back(Node(kDeltaBase, {Leaf(kFfor)}, kSigned));
    }
  }
  if (profile == Profile::kRandom) {
    if (!integer) {
      trees->push_back(Leaf(kLz4));
    }
    return;
  }
  const uint8_t level = LevelClass(profile);
  trees->push_back(Leaf(kZstd, level));
  AddShuffles(type, level, trees);
  AddTensors(type, tensor, level, trees);
  if (integer && IsPackable(type)) {
    trees->push_back(Node(kZstd, {Leaf(kFfor)}, level));
    if (type.width <= 8) {
      trees->push_back(Node(kZstd, {Node(kDeltaBase, {Leaf(kFfor)}, kSigned)}, level));
      trees->push_back(Node(kDeltaBase, {BytePlanes()}));
      trees->push_back(Node(kDeltaBase, {BytePlanes()}, kSigned));
    }
  }
}

// Runs of a type whose values alone are best stored by `values`.
void AddRuns(PhysicalType type, Profile profile, std::vector<EncodingTree>* trees) {
  const bool packed =
      type.kind == PhysicalKind::kFixed && IsInteger(type) && IsPackable(type);
  const EncodingTree values = packed ? Leaf(kFfor) : PlainTree(type);
  const EncodingTree ends = Node(kDeltaBase, {Leaf(kFfor)});
  trees->push_back(Node(kRunEnd, {Leaf(kFfor), values}));
  trees->push_back(Node(kRunEnd, {ends, values}));
  if (profile == Profile::kRandom) {
    return;
  }
  const EncodingTree codec = Leaf(kZstd, LevelClass(profile));
  if (type.kind == PhysicalKind::kFixed) {
    trees->push_back(Node(kRunEnd, {ends, codec}));
  }
  if (packed && type.width <= 8) {
    trees->push_back(Node(kRunEnd, {ends, Node(kDeltaBase, {Leaf(kFfor)}, kSigned)}));
    trees->push_back(Node(kRunEnd, {ends, Node(kDeltaBase, {codec}, kSigned)}));
  }
}

void AddSparse(PhysicalType type, Profile profile, std::vector<EncodingTree>* trees) {
  const EncodingTree positions = Node(kDeltaBase, {Leaf(kFfor)});
  if (type.kind == PhysicalKind::kBits) {
    trees->push_back(Node(kSparse, {positions}));
    return;
  }
  const bool packed =
      type.kind == PhysicalKind::kFixed && IsInteger(type) && IsPackable(type);
  trees->push_back(Node(kSparse, {positions, packed ? Leaf(kFfor) : PlainTree(type)}));
  if (profile != Profile::kRandom && type.kind == PhysicalKind::kFixed) {
    trees->push_back(Node(kSparse, {positions, Leaf(kZstd, LevelClass(profile))}));
    if (type.width > 1) {
      trees->push_back(Node(kSparse, {positions, BytePlanes()}));
    }
  }
}

void AddBytes(Profile profile, bool has_symbols, std::vector<EncodingTree>* trees) {
  if (has_symbols && profile == Profile::kRandom) {
    trees->push_back(Node(kFsst, {Leaf(kFfor)}));
  }
  if (profile != Profile::kArchive) {
    trees->push_back(Node(kVarBytes, {Leaf(kFfor), Leaf(kLz4)}));
  }
  trees->push_back(Node(kVarBytes, {Leaf(kFfor), Leaf(kZstd, LevelClass(profile))}));
  if (profile == Profile::kCompact) {
    trees->push_back(Node(kVarBytes, {Leaf(kFfor), Leaf(kZstd, kMiddleLevel)}));
  }
}

void AddDict(Profile profile, std::vector<EncodingTree>* trees) {
  trees->push_back(Node(kDict, {Leaf(kFfor)}));
  trees->push_back(Node(kDict, {Node(kRunEnd, {Leaf(kFfor), Leaf(kFfor)})}));
  trees->push_back(Node(kDict, {Node(kSparse, {Leaf(kFfor), Leaf(kFfor)})}));
  if (profile != Profile::kRandom) {
    const uint8_t level = LevelClass(profile);
    trees->push_back(Node(kDict, {Node(kZstd, {Leaf(kFfor)}, level)}));
    trees->push_back(Node(kDict, {Leaf(kZstd, level)}));
    trees->push_back(Node(kDict, {BytePlanes()}));
  }
}

void AddAllFloats(PhysicalType type, std::vector<EncodingTree>* trees) {
  if (!IsDecimal(type)) {
    return;
  }
  trees->push_back(Node(kAlp, {Leaf(kFfor)}));
  trees->push_back(Node(kAlp, {Node(kDeltaBase, {Leaf(kLz4)}, kSigned)}));
  trees->push_back(Node(kZstd, {Node(kAlp, {Leaf(kPlain)})}));
  for (const uint8_t narrow : CastsOf(type)) {
    trees->push_back(Node(kCast, {Leaf(kFfor)}, narrow));
  }
  trees->push_back(Node(kZstd, {Node(kCast, {Leaf(kPlain)}, kCastToHalf)}));
  trees->push_back(Node(kAlp, {Node(kZstd, {Leaf(kFfor)})}));
  trees->push_back(Node(kAlpRd, {Leaf(kFfor), Leaf(kFfor)}));
  trees->push_back(Node(kAlpRd, {Leaf(kLz4), Node(kZstd, {Leaf(kPlain)})}));
  trees->push_back(Node(kZstd, {Node(kAlpRd, {Leaf(kPlain), Leaf(kFfor)})}));
}

void AddAllPredictions(PhysicalType type, std::vector<EncodingTree>* trees) {
  if (HasFrameWidth(type)) {
    trees->push_back(Leaf(kPredict, kFrames));
    trees->push_back(Node(kZstd, {Leaf(kPredict, kFrames)}));
  }
  if (type.width == 1) {
    trees->push_back(Leaf(kPredict, kPictures));
    trees->push_back(Node(kZstd, {Leaf(kPredict, kFramesOfPictures)}));
  }
}

void AddAllShuffles(PhysicalType type, std::vector<EncodingTree>* trees) {
  if (type.width == 0) {
    return;
  }
  trees->push_back(Leaf(kShuffle, kByteSplit));
  trees->push_back(Node(kZstd, {Leaf(kShuffle, kByteSplit)}, kFewMatches));
  if (type.width <= kWidestBitSplit) {
    trees->push_back(Leaf(kShuffle, kBitSplit));
    trees->push_back(Node(kLz4, {Leaf(kShuffle, kBitSplit)}));
  }
  if (type.width == 2 || type.width == 4 || type.width == 8) {
    trees->push_back(Leaf(kShuffle, kExponentSplit));
    trees->push_back(Node(kZstd, {Leaf(kShuffle, kExponentSplit)}));
  }
}

// For tests: run_end and sparse over all kinds of children, and below others.
void AddAllOfFewValues(PhysicalType type, LeafHas leaf,
                       std::vector<EncodingTree>* trees) {
  const EncodingTree differences = Node(kDeltaBase, {Leaf(kFfor)});
  if (type.kind == PhysicalKind::kBits) {
    trees->insert(trees->end(), {Node(kRunEnd, {Leaf(kFfor), Leaf(kBoolBits)}),
                                 Node(kRunEnd, {differences, Leaf(kBoolBits)}),
                                 Node(kSparse, {Leaf(kFfor)}),
                                 Node(kSparse, {Node(kZstd, {Leaf(kPlain)})})});
    return;
  }
  if (type.kind == PhysicalKind::kFixed && type.width == 0) {
    return;
  }
  const EncodingTree coded = type.kind == PhysicalKind::kFixed
                                 ? Leaf(kLz4)
                                 : Node(kVarBytes, {Leaf(kPlain), Leaf(kLz4)});
  for (const EncodingId id : {kRunEnd, kSparse}) {
    trees->push_back(Node(id, {Leaf(kFfor), PlainTree(type)}));
    trees->push_back(Node(id, {differences, coded}));
    const EncodingTree numbers = Node(id, {Leaf(kFfor), Leaf(kPlain)});
    trees->push_back(type.kind == PhysicalKind::kFixed ? Node(kZstd, {numbers})
                                                       : Node(kVarBytes, {numbers}));
    if (leaf.dictionary) {
      trees->push_back(Node(kDict, {numbers}));
      trees->push_back(Node(id, {Leaf(kPlain), Node(kDict, {Leaf(kFfor)})}));
    }
  }
}

}  // namespace

EncodingTree PlainTree(PhysicalType type) {
  switch (type.kind) {
    case PhysicalKind::kBits:
      return Leaf(kBoolBits);
    case PhysicalKind::kFixed:
      return Leaf(kPlain);
    case PhysicalKind::kBytes:
      break;
  }
  return Node(kVarBytes, {Leaf(kFfor)});
}

EncodingTree ConstantTree() { return Leaf(kConstant); }

std::vector<EncodingTree> CandidateTrees(PhysicalType type, Profile profile,
                                         LeafHas leaf) {
  std::vector<EncodingTree> trees = {PlainTree(type)};
  if (type.kind == PhysicalKind::kFixed && type.width > 0) {
    AddFixed(type, profile, leaf.tensor, &trees);
    AddFloats(type, profile, &trees);
  }
  if (type.kind == PhysicalKind::kBytes) {
    AddBytes(profile, leaf.symbol_table, &trees);
  }
  if (type.kind != PhysicalKind::kFixed || type.width > 0) {
    AddRuns(type, profile, &trees);
    AddSparse(type, profile, &trees);
  }
  // Floats of a tensor are many, and in the order of their values they say more than
  // codes.
  const bool float_tensors = leaf.tensor.elements != 0 && IsFloating(type.number);
  if (leaf.dictionary && type.kind != PhysicalKind::kBits && trees.size() > 1 &&
      !float_tensors) {
    AddDict(profile, &trees);
  }
  if (leaf.tensor.elements != 0 && profile == Profile::kRandom) {
    std::erase_if(trees, [&](const EncodingTree& tree) {
      return !IsStrideFixed(tree, type) && !Contains(tree, kCast);
    });
  }
  return trees;
}

std::vector<EncodingTree> AllTrees(PhysicalType type, LeafHas leaf) {
  std::vector<EncodingTree> trees = {PlainTree(type)};
  AddAllOfFewValues(type, leaf, &trees);
  if (type.kind == PhysicalKind::kBits) {
    return trees;
  }
  if (type.kind == PhysicalKind::kFixed) {
    trees.insert(trees.end(), {Leaf(kZstd), Leaf(kLz4), Node(kZstd, {Leaf(kPlain)})});
    AddAllShuffles(type, &trees);
    AddAllPredictions(type, &trees);
    if (IsPackable(type)) {
      trees.push_back(Leaf(kFfor));
      if (type.width <= 8) {  // wide numbers may have to be raw
        trees.push_back(Leaf(kFfor, kFforWithoutPatches));
      }
      trees.insert(trees.end(), {Node(kZstd, {Leaf(kFfor)}), Node(kLz4, {Leaf(kFfor)})});
    }
    if (IsPackable(type) && type.width <= 8 && !IsFloating(type.number)) {
      trees.insert(trees.end(), {Node(kDeltaBase, {Leaf(kFfor)}),
                                 Node(kDeltaBase, {Leaf(kPlain)}, kSigned),
                                 Node(kLz4, {Node(kDeltaBase, {Leaf(kFfor)}, kSigned)}),
                                 Node(kDeltaBase, {Node(kZstd, {Leaf(kFfor)})}, kSigned),
                                 Node(kDeltaBase, {BytePlanes()}, kSigned)});
    }
    AddAllFloats(type, &trees);
  } else {
    trees.insert(trees.end(),
                 {Node(kVarBytes, {Leaf(kPlain)}),
                  Node(kVarBytes, {Node(kDeltaBase, {Leaf(kFfor)}, kSigned)}),
                  Node(kVarBytes, {Leaf(kFfor), Leaf(kLz4)}),
                  Node(kVarBytes, {Leaf(kFfor), Leaf(kZstd)}),
                  Node(kVarBytes, {Node(kZstd, {Leaf(kFfor)}), Leaf(kPlain)}),
                  Node(kVarBytes, {Leaf(kLz4), Node(kZstd, {Leaf(kPlain)})})});
  }
  if (leaf.symbol_table && type.kind == PhysicalKind::kBytes) {
    trees.insert(trees.end(), {Node(kFsst, {Leaf(kFfor)}), Node(kFsst, {Leaf(kPlain)}),
                               Node(kFsst, {Node(kZstd, {Leaf(kFfor)})})});
  }
  if (leaf.dictionary && (type.kind == PhysicalKind::kBytes || type.width > 0)) {
    trees.insert(trees.end(), {Node(kDict, {Leaf(kFfor)}), Node(kDict, {Leaf(kPlain)}),
                               Node(kDict, {BytePlanes()}),
                               Node(kDict, {Node(kZstd, {Leaf(kFfor)})})});
  }
  return trees;
}

bool Contains(const EncodingTree& tree, EncodingId id) {
  return std::any_of(tree.nodes.begin(), tree.nodes.end(),
                     [&](const EncodingNode& node) { return node.id == id; });
}

void SetLevel(Profile profile, EncodingTree* tree) {
  for (EncodingNode& node : tree->nodes) {
    if (node.id == kZstd && node.parameter == kLevelOfProfile) {
      node.parameter = LevelClass(profile);
    }
  }
}

bool HasFrames(const EncodingTree& tree) {
  return std::any_of(tree.nodes.begin(), tree.nodes.end(), [](const EncodingNode& node) {
    return node.id == kPredict && node.parameter != kPictures;
  });
}

bool IsStrideFixed(const EncodingTree& tree, PhysicalType type) {
  const EncodingNode& root = tree.nodes[0];
  return type.kind != PhysicalKind::kBytes &&
         (root.id == kPlain || root.id == kBoolBits || root.id == kConstant ||
          (root.id == kFfor && root.parameter == kFforWithoutPatches));
}

}  // namespace lancer::encoding
