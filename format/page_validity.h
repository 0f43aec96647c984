// Validity of slots in its stored form, and the part of a U or V page's index that holds
// it.
//
// Ownership: views of the index, whose memory must stay. Thread rule: safe for concurrent
// const calls.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "encoding/byte_reader.h"
#include "encoding/nulls.h"
#include "format/page_input.h"

namespace lancer::format {

// Validity of some slots in its stored form.
struct StoredValidity {
  encoding::NullKind kind = encoding::NullKind::kNone;
  std::span<const std::byte> bytes;
  uint64_t slots = 0;

  // Appends slots [first, first + n). Errors: Corruption.
  Status Append(uint64_t first, uint64_t n, ValidityBuffer* out) const;
};

// The validity of every level and of the leaf itself, as U and V keep it at the start of
// their page index:
//   [null kind u8, zero u8[3], validity bytes u32] per level, then for the leaf itself
//   [validity] in the same order
class PageValidity {
 public:
  static void Write(const PageInput& input, std::vector<std::byte>* index);
  // Reads from `index`, whose memory must stay. Errors: Corruption without `where`.
  static Result<PageValidity> Read(const LeafShape& shape, const PageMeta& meta,
                                   encoding::ByteReader* index);

  // Appends all levels and the leaf's own validity for rows [first, first + n), and
  // counts rows and values.
  Status AppendRange(uint64_t first, uint64_t n, LeafBuffer* out) const;
  Status AppendRows(std::span<const uint32_t> rows, LeafBuffer* out) const;
  bool any_nulls() const { return any_nulls_; }
  const StoredValidity& leaf() const { return slots_.back().validity; }

 private:
  struct Slots {
    StoredValidity validity;
    uint64_t per_row = 1;
  };
  std::vector<Slots> slots_;  // levels, then the leaf
  bool any_nulls_ = false;
};

}  // namespace lancer::format
