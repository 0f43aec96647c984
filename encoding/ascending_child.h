// AscendingChild: a child that holds strictly ascending numbers of 4 bytes, such as run
// ends, and finds positions among them.
//
// Ownership: a view of a parsed stream, which must outlive it. Thread rule: one thread,
// that of the stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "encoding/encoding.h"
#include "encoding/scratch.h"

namespace lancer::encoding {

// Where a position stands among ascending numbers.
struct AscendingPlace {
  uint32_t count = 0;  // numbers that are at most the position
  uint32_t last = 0;   // the largest of them, if there are any
};

class AscendingChild {
 public:
  AscendingChild(ParsedStream* stream, ParsedNode& node)
      : stream_(stream), node_(node), numbers_(stream->child(node, 0)) {}

  uint64_t size() const { return numbers_.count; }

  // Writes all numbers; `memory` has 4 bytes for each. Errors: Corruption when they do
  // not ascend.
  Status ReadAll(Scratch* memory) const;

  // Writes the place of each position. Looks at few numbers where few positions are asked
  // for and the child's encoding reads one alone, and then checks no others.
  Status Find(std::span<const uint32_t> positions, AscendingPlace* places) const;

 private:
  Status FindByProbing(uint32_t position, AscendingPlace* place) const;
  Status FindByChunk(std::span<const uint32_t> positions, AscendingPlace* places) const;

  ParsedStream* stream_;
  ParsedNode& node_;
  ParsedNode& numbers_;
};

// Numbers among the first `n` of `ascending` that are at most `position`, of which at
// least the first `from` are known to be.
uint32_t CountUpTo(const uint32_t* ascending, uint64_t n, uint32_t position,
                   uint32_t from = 0);

}  // namespace lancer::encoding
