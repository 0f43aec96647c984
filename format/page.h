// Pages: rows of one leaf in their stored form, in one of the layouts U (uniform), K
// (blocks) and V (variable). uniform.h, blocks.h and variable.h have the doors to them.
//
// Writing is a pure function of the buffer, so pages of different leaves are encoded in
// parallel. Reading is two steps, so that all byte ranges of a take or a scan are fetched
// as one batch: plan the ranges, then decode from the bytes that were fetched.
// Thread rule: EncodePage is pure. PageReader is safe for concurrent const calls.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "encoding/selection.h"
#include "encoding/stream.h"
#include "format/column_meta.h"
#include "format/leaf.h"
#include "lancer/counters.h"
#include "lancer/scan.h"

namespace lancer::format {

struct PageOptions {
  encoding::Profile profile = encoding::Profile::kRandom;
  uint64_t page_ordinal = 0;          // seed of everything sampled
  const TreeSet* previous = nullptr;  // the leaf's previous page, for replay
  double previous_bytes_per_value = 0;
  const encoding::EncodingTree* asked = nullptr;  // of the values: instead of a choice
  bool random_policy = false;                     // tests: any layout and tree that fits
};

struct EncodedPage {
  PageMeta meta;  // offset and index.offset are relative to nothing yet
  TreeSet trees;
  std::vector<std::byte> bytes;  // the page
  std::vector<std::byte> index;  // the page index
  std::vector<encoding::Statistics>
      block_bounds;  // per K block or U check unit, if cheap
  double bytes_per_value = 0;
  encoding::Choice choice;  // of the values' tree, and why
  // Some of the bytes may refer back to the leaf's codec dictionary.
  bool uses_codec_dictionary = false;
};

// Encodes all rows of `buffer` as one page.
Result<EncodedPage> EncodePage(const LeafShape& shape, const LeafBuffer& buffer,
                               const encoding::EncodeResources& resources,
                               const PageOptions& options);

struct ByteRange {
  uint64_t offset = 0;  // in the file
  uint64_t size = 0;
};

// Appends a range, or grows the last one when the two touch.
void AddRange(uint64_t offset, uint64_t size, std::vector<ByteRange>* ranges);

// Bytes of a file that are at hand: the ranges that were fetched, and the whole file when
// it is mapped. Views; the owner of the memory outlives the call.
class FetchedBytes {
 public:
  explicit FetchedBytes(std::span<const std::byte> mapped_file) : mapped_(mapped_file) {}
  // Pieces in ascending order of offset; they may not overlap.
  struct Piece {
    uint64_t offset;
    std::span<const std::byte> bytes;
  };
  explicit FetchedBytes(std::vector<Piece> pieces,
                        std::span<const std::byte> mapped_file = {})
      : mapped_(mapped_file), pieces_(std::move(pieces)) {}
  // The bytes of a range inside one piece; empty when they are not there.
  std::span<const std::byte> Find(uint64_t offset, uint64_t size) const;

 private:
  std::span<const std::byte> FindPiece(uint64_t offset, uint64_t size) const;

  std::span<const std::byte> mapped_;
  std::vector<Piece> pieces_;
};

struct PageReadOptions {
  Verify verify = Verify::kOnce;
  Counters* counters = nullptr;
};

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

// What a page reader is made of. The references outlive it.
struct PageSource {
  const LeafShape& shape;
  const TreeSet& trees;  // of the page
  const PageMeta& meta;
  std::vector<std::byte> index;  // has been checked against meta.index
  const encoding::DecodeResources& resources;
  std::string where;  // starts every message: "a.lancer: column x: page 3 at 4096"
};

// One page with its index loaded. Keeps one bit per check unit that was verified.
class PageReader {
 public:
  virtual ~PageReader() = default;
  // A reader of the page's layout. Errors: Corruption; Unsupported for a layout that this
  // build does not know.
  static Result<std::unique_ptr<const PageReader>> Make(PageSource source);

  // Adds the ranges, each a whole number of check units, that the rows live in; ascending
  // and merged where they touch. `rows` are ascending ordinals in the page, repeats
  // allowed. Of the units only those that are due under `due`: kAlways all of them, kOnce
  // those that were not verified yet.
  virtual void PlanRows(std::span<const uint32_t> rows, Verify due,
                        std::vector<ByteRange>* ranges) const = 0;
  virtual void PlanRange(uint64_t first, uint64_t n,
                         std::vector<ByteRange>* ranges) const = 0;
  // Appends rows to `out`, in the order given. Errors: Corruption naming page, unit,
  // offset, stored and computed checksum.
  virtual Status ReadRows(const FetchedBytes& bytes, std::span<const uint32_t> rows,
                          const PageReadOptions& options, LeafBuffer* out) const = 0;
  virtual Status ReadRange(const FetchedBytes& bytes, uint64_t first, uint64_t n,
                           const PageReadOptions& options, LeafBuffer* out) const = 0;
  // Fixed stride, plain, no nulls: where the page's values lie in the file, so that a
  // mapped scan needs no copy. Empty otherwise. Does not verify.
  virtual ByteRange PlainValues() const = 0;
  // Copies rows[i] to `target + places[i] * stride`, so that a take needs no second copy.
  // REQUIRES: PlainValues is not empty; as many places as rows. Errors: as ReadRows.
  virtual Status PlaceRows(const FetchedBytes& /*bytes*/,
                           std::span<const uint32_t> /*rows*/,
                           std::span<const uint64_t> /*places*/,
                           const PageReadOptions& /*options*/,
                           std::byte* /*target*/) const {
    return Status::Internal("rows of a page that is not plain cannot be placed");
  }
  // Checks the units of rows [first, first + n) without decoding.
  virtual Status VerifyUnits(const FetchedBytes& bytes, uint64_t first, uint64_t n,
                             const PageReadOptions& options) const = 0;
  // First row in the page of each block (K) or check unit (U, V: empty), for block
  // statistics; the last entry is the row count.
  virtual std::vector<uint64_t> BlockStarts() const = 0;
  // Memory held, for the metadata cache.
  virtual uint64_t memory_bytes() const = 0;
};

using PageResult = Result<std::unique_ptr<const PageReader>>;

}  // namespace lancer::format
