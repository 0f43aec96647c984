// BlockSlots: reads slots of one block of layout K, from the rows down through the levels
// to the leaf (blocks.cc draws the bytes).
//
// Ownership: refers to the page reader's parts. Thread rule: safe for concurrent const
// calls.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "encoding/stream.h"
#include "format/column_meta.h"
#include "format/page_validity.h"

namespace lancer::format {

// Slots [first, first + n) of one level of a block.
struct SlotRange {
  uint64_t first = 0;
  uint64_t n = 0;
};

// Appends a range, or lengthens the last one where it goes on.
void AddSlots(uint64_t first, uint64_t n, std::vector<SlotRange>* ranges);

// The leaf's part of a block: what is left of it behind the levels.
struct LeafPart {
  StoredValidity validity;
  std::span<const std::byte> stream;
};

// `rest` is what stands behind the levels of `block`. Errors: Corruption.
Status ParseLeafPart(std::span<const std::byte> block, uint64_t slots,
                     std::span<const std::byte> rest, LeafPart* part);

class BlockSlots {
 public:
  BlockSlots(const LeafShape& shape, const TreeSet& trees,
             const encoding::DecodeResources& resources, uint64_t page_values)
      : shape_(shape), trees_(trees), resources_(resources), page_values_(page_values) {}

  // Appends the rows `ranges` of a block of `rows` rows, levels and values, but does not
  // count rows. `ranges` are replaced by the leaf's slots. Errors: Corruption without
  // the page's name.
  Status Read(std::span<const std::byte> block, uint64_t rows,
              std::vector<SlotRange>* ranges, LeafBuffer* out) const;

 private:
  using Bytes = std::span<const std::byte>;
  using Ranges = std::span<const SlotRange>;

  Status ReadLevels(Bytes* body, uint64_t* slots, std::vector<SlotRange>* ranges,
                    LeafBuffer* out) const;
  static Status ReadLengths(const encoding::EncodingTree& tree, Bytes stream,
                            uint64_t slots, uint64_t below,
                            std::vector<SlotRange>* ranges, LevelBuffer* out);
  Status ReadValues(const LeafPart& part, Ranges ranges, LeafBuffer* out) const;
  Status ReadFixed(const LeafPart& part, Ranges ranges, uint64_t n,
                   std::byte* target) const;
  Status ReadBits(const LeafPart& part, Ranges ranges, uint64_t n, LeafBuffer* out) const;
  Status ReadBytes(const LeafPart& part, Ranges ranges, uint64_t n,
                   LeafBuffer* out) const;

  const LeafShape& shape_;
  const TreeSet& trees_;
  const encoding::DecodeResources& resources_;
  uint64_t page_values_;
};

}  // namespace lancer::format
