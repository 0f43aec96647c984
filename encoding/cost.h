// Cost: what a stored byte of each encoding weighs against a plain byte, so that size
// and the work of reading are one number.
//
// Ownership: plain values. Thread rule: pure functions.
#pragma once

#include "encoding/encoding_tree.h"
#include "lancer/profile.h"

namespace lancer::encoding {

// The largest factor of the tree's nodes: the slowest step decides.
double TreeFactor(const EncodingTree& tree, Profile profile);

// How much worse a block of `raw_bytes` makes reading one of its values: 1 up to the
// time that one hot value may take. Only the random profile asks for it.
double LatencyFactor(const EncodingTree& tree, Profile profile, double raw_bytes);

// The share of plain's cost that a candidate must save, and what it must save of vectors
// that are read at random, and of tensors: stored plain, they are mapped and read without
// a copy.
inline constexpr double kLeastGain = 0.05;
inline constexpr double kLeastVectorGain = 0.08;

// Bytes of a block's header and index entry in layout K.
inline constexpr double kBlockOverheadBytes = 16;

}  // namespace lancer::encoding
