// Candidates: the trees that selection weighs, per kind of value.
//
// Ownership: plain values. Thread rule: pure functions.
#pragma once

#include <vector>

#include "encoding/encoding_tree.h"
#include "encoding/values.h"
#include "lancer/profile.h"

namespace lancer::encoding {

// What of a leaf's resources is there, and the tensors that it holds; a tree that needs
// another one is not offered.
struct LeafHas {
  bool dictionary = false;
  bool symbol_table = false;
  TensorForm tensor = {};
};

// zstd's parameters: the level between the quick one of compact and the slow one of
// archive; and for bytes that have a distribution but hardly repeat.
inline constexpr uint8_t kMiddleLevel = 1;
inline constexpr uint8_t kFewMatches = 3;
// Of a zstd that was asked for without a level, until SetLevel gives it one: never
// stored.
inline constexpr uint8_t kLevelOfProfile = UINT8_MAX;

// What always fits: plain, bool_bits or var_bytes(ffor).
EncodingTree PlainTree(PhysicalType type);

EncodingTree ConstantTree();

// Trees worth weighing for a page that is not constant, plain first.
std::vector<EncodingTree> CandidateTrees(PhysicalType type, Profile profile,
                                         LeafHas leaf);

// Every shape that fits the type, for tests that visit trees which are never chosen.
std::vector<EncodingTree> AllTrees(PhysicalType type, LeafHas leaf);

// Does a node of this encoding occur in the tree?
bool Contains(const EncodingTree& tree, EncodingId id);

// Gives the tree's zstd nodes with kLevelOfProfile the level of the profile.
void SetLevel(Profile profile, EncodingTree* tree);

// Does the tree keep differences of neighbouring tensors? It pays in groups of at least
// kFrameGroup of them, whose first is whole.
bool HasFrames(const EncodingTree& tree);
inline constexpr uint64_t kFrameGroup = 16;

// Layout U can hold the tree: no per-block state that varies.
bool IsStrideFixed(const EncodingTree& tree, PhysicalType type);

}  // namespace lancer::encoding
