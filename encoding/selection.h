// Selection: which encoding tree a page gets, and why (design: statistics once,
// closed-form sizes, few sampled trials, deterministic).
//
// Thread rule: pure functions of their arguments; safe everywhere.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "encoding/cost.h"
#include "encoding/encoding_tree.h"
#include "encoding/statistics.h"
#include "encoding/stream.h"
#include "encoding/values.h"
#include "lancer/profile.h"

namespace lancer::encoding {

using lancer::Profile;

// One tree that was weighed.
struct Candidate {
  EncodingTree tree;
  double bytes_per_value = 0;  // estimated or measured size, headers included
  double cost = 0;             // bytes * factor of the profile
  bool sampled = false;        // measured on a sample, not by formula
};

// Why a tree was chosen.
enum class ChoiceReason : uint8_t {
  kAsked,         // by the caller
  kOfType,        // by the caller, for what the column's type is
  kOneValue,      // all values are equal
  kReplayed,      // the previous page's tree does here what it did there
  kLeastCost,     // of all candidates
  kPlainKept,     // no candidate costs clearly less than plain
  kPlainSmaller,  // after encoding, the page was no smaller than plain
  kStandAlone,    // layout V: long values, one by one
  kDrawn,         // tests: drawn at random
};
// A sentence for people.
std::string_view ReasonText(ChoiceReason reason);

struct Choice {
  EncodingTree tree;
  ChoiceReason reason = ChoiceReason::kLeastCost;
  double bytes_per_value = 0;
  bool stride_fixed = false;  // the tree has no per-block state that varies: layout U can
                              // hold it (plain, bool bits, page-wide ffor, constant)
  std::vector<Candidate> candidates;  // all that were weighed, best first
};

struct SelectionOptions {
  Profile profile = Profile::kRandom;
  uint64_t block_values = 1024;  // values per block that the layout would like
  uint64_t frame_values = 1024;  // the same of trees that keep differences of tensors
  uint64_t seed = 0;             // page ordinal: makes sampling deterministic
  const EncodingTree* previous = nullptr;  // tree of the previous page, for replay
  double previous_bytes_per_value = 0;     // what it achieved there
  const EncodingTree* asked = nullptr;     // taken where the leaf has what it needs
  double least_gain = kLeastGain;          // share of plain's cost that must be saved
  bool random_policy = false;              // tests: any fitting tree, drawn by the seed
};

// Never fails: plain (or var_bytes over plain) always fits. May add values of the page to
// `resources.dictionary` only when the chosen tree uses it.
Choice SelectTree(const Values& values, const Statistics& statistics,
                  const EncodeResources& resources, const SelectionOptions& options);

// The leaf's codec dictionary, from its first page's payload: of at most 64 KiB in the
// random profile, else of 256 KiB; empty when it would not pay. Deterministic.
std::vector<std::byte> MakeCodecDictionary(const Values& values, Profile profile);

}  // namespace lancer::encoding
