// Layout: what the three layouts of pages share inside this folder (spec: layouts).
// One file per layout: uniform.cc (U), blocks.cc (K), variable.cc (V); page.cc picks.
//
// Ownership: views of the page's buffer while it is written; a page reader owns its
// index. Thread rule: writing is pure; UnitChecks is safe for concurrent use.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "encoding/byte_reader.h"
#include "encoding/nulls.h"
#include "encoding/statistics.h"
#include "format/page.h"

namespace lancer::format {

// A page that is being written.
struct PageInput {
  const LeafShape& shape;
  const LeafBuffer& buffer;
  encoding::Values values;
  const encoding::Statistics& statistics;
  const encoding::EncodeResources& resources;
  const PageOptions& options;
};

// How a K page is cut into blocks.
struct BlockCut {
  uint8_t shift = 0;  // even: rows per block = 1 << shift
  bool uneven = false;
  std::vector<uint64_t> starts = {};  // uneven: first row of each block, then the rows
};

// Each fills bytes, index, block_bounds and its part of meta; page->trees is set before.
// Errors: ResourceExhausted when a dictionary is full.
Status WriteUniform(const PageInput& input, EncodedPage* page);
Status WriteBlocks(const PageInput& input, const BlockCut& cut, EncodedPage* page);
Status WriteVariable(const PageInput& input, EncodedPage* page);

// Where rows are cut: by the profile's target and by what a value takes encoded.
// `lengths_bytes` is what a length of each kList level takes.
BlockCut CutBlocks(const PageInput& input, double bytes_per_value,
                   std::span<const double> lengths_bytes, uint64_t block_rows);

// Rows [first, first + n) of values without levels have bounds worth keeping.
bool HasBlockBounds(const PageInput& input);

// What a page reader is made of.
struct PageSource {
  const LeafShape& shape;
  const ColumnMeta& column;
  const PageMeta& meta;
  std::vector<std::byte> index;
  const encoding::DecodeResources& resources;
  std::string where;
};

using PageResult = Result<std::unique_ptr<const PageReader>>;
PageResult OpenUniform(PageSource source);
PageResult OpenBlocks(PageSource source);
PageResult OpenVariable(PageSource source);

// Counts the bytes of values that a read appends as used.
class UsedBytes {
 public:
  UsedBytes(const PageReadOptions& options, const LeafBuffer& out)
      : counters_(options.counters), out_(out), before_(Size()) {}
  ~UsedBytes() {
    if (counters_ != nullptr) {
      Counters::Add(counters_->bytes_used, Size() - before_);
    }
  }
  UsedBytes(const UsedBytes&) = delete;
  UsedBytes& operator=(const UsedBytes&) = delete;

 private:
  uint64_t Size() const { return out_.fixed.size() + out_.bytes.data.size(); }
  Counters* counters_;
  const LeafBuffer& out_;
  uint64_t before_;
};

// Appends a range, or grows the last one when the two touch.
void AddRange(uint64_t offset, uint64_t size, std::vector<ByteRange>* ranges);

// Values [first, first + n) for an encoder, without validity. Bits that do not start at
// a byte are copied to `shifted`.
encoding::Values SliceValues(const encoding::Values& values, uint64_t first, uint64_t n,
                             std::vector<std::byte>* shifted);

// One bit per check unit that was found good.
class UnitChecks {
 public:
  UnitChecks(uint64_t units, const std::string* where)
      : verified_(std::make_unique<std::atomic<uint64_t>[]>(units / 64 + 1)),
        words_(units / 64 + 1),
        where_(where) {}

  // Must the unit be checked before it is used?
  bool Due(uint64_t unit, Verify verify) const {
    if (verify == Verify::kOnce) {
      return (verified_[unit / 64].load(std::memory_order_relaxed) >> (unit % 64) & 1) ==
             0;
    }
    return verify == Verify::kAlways;
  }
  // Compares the stored checksum with that of `bytes`, which stand at `offset` of the
  // file, and notes the unit when they agree.
  Status Check(uint64_t unit, std::span<const std::byte> bytes, uint64_t offset,
               uint32_t stored, uint64_t seed, const PageReadOptions& options) const;
  uint64_t memory_bytes() const { return words_ * sizeof(uint64_t); }

 private:
  std::unique_ptr<std::atomic<uint64_t>[]> verified_;
  uint64_t words_;
  const std::string* where_;
};

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

// Corruption of the page index: "<where>: page index: <what>".
Status IndexCorruption(const std::string& where, std::string_view what);
// Rows that are asked for must be of the page. Errors: InvalidArgument.
Status CheckRows(const std::string& where, std::span<const uint32_t> rows,
                 uint64_t count);
Status CheckRowRange(const std::string& where, uint64_t first, uint64_t n,
                     uint64_t count);
// The bytes of a unit were not fetched: the plan and the read disagree.
Status NotFetched(const std::string& where, uint64_t offset, uint64_t size);

}  // namespace lancer::format
