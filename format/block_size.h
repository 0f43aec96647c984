// How many rows a block of layout K should have: as many as take the profile's target
// (spec: layouts, "K").
//
// Ownership: owns nothing. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <span>

#include "encoding/selection.h"
#include "format/page_input.h"

namespace lancer::format {

// Rows of a block of flat values of fixed width, at least.
inline constexpr uint64_t kFewestFixedRows = 1024;

// Raw bytes of a block of tensors that are stored as differences, at most: a take of one
// decodes them all.
inline constexpr uint64_t kMaxFrameBytes = 16 << 20;

// Values of a block, for selection, which does not know yet what a value will take.
uint64_t ExpectedBlockValues(const PageInput& input);
// The same under a tree that keeps differences of tensors.
uint64_t ExpectedFrameValues(const PageInput& input);

// Rows of a block when values take what `choice` states, and a length of each kList level
// `lengths_bytes`; a power of two.
uint64_t BlockRows(const PageInput& input, const encoding::Choice& choice,
                   std::span<const double> lengths_bytes);

// Is the mean block of a K page written by `tree` far from what it should be, and could
// another cut mend that? Of pages under Profile::kRandom without a codec.
bool MissesBlockTarget(const PageInput& input, const encoding::EncodingTree& tree,
                       const EncodedPage& page);

}  // namespace lancer::format
