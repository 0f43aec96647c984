// TakePlan: rows asked for in any order -> pages -> byte ranges -> one batch of reads.
//
// Rows are read in ascending order, each page once, and put back in the order asked for.
// Ownership: views of the caller's rows and of the open file's columns; both outlive the
// plan. Thread rule: one thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "format/fetch.h"
#include "format/open_data_file.h"

namespace lancer::format {

// The rows of a take in ascending order, and the way back.
class RowOrder {
 public:
  // Errors: InvalidArgument naming the first row that is not below `row_count`.
  static Result<RowOrder> Make(std::span<const uint64_t> rows, uint64_t row_count);

  std::span<const uint64_t> sorted() const { return already_sorted_ ? asked_ : sorted_; }
  // Place in sorted() of the i-th row asked for; empty when the order is the same.
  std::span<const int64_t> places() const { return places_; }
  // The inverse: which of the rows asked for sorted()[i] is.
  std::span<const uint64_t> asked() const { return asked_index_; }

 private:
  std::span<const uint64_t> asked_;
  bool already_sorted_ = true;
  std::vector<uint64_t> sorted_;
  std::vector<int64_t> places_;
  std::vector<uint64_t> asked_index_;
};

class TakePlan {
 public:
  // Finds the pages of all leaves and loads their page indexes.
  static Result<TakePlan> Make(std::span<const ColumnReader* const> columns,
                               const RowOrder& order);

  // Whole check units that hold the rows, as PageReader::PlanRows gives them for `due`.
  std::vector<ByteRange> Ranges(Verify due) const;
  // One array per column, rows in the order asked for. What is decoded is taken from
  // `budget` and not given back. Errors: Corruption; ResourceExhausted when the budget
  // does not suffice.
  Result<std::vector<ArrayPtr>> Read(const FetchedBytes& bytes,
                                     const PageReadOptions& options,
                                     MemoryBudget* budget) const;

 private:
  // Neighbouring rows of sorted() in one page.
  struct PageRows {
    PageHandle page;
    std::span<const uint32_t> rows;  // ordinals in the page
  };
  struct LeafRows {
    const LeafReader* leaf;
    std::vector<uint32_t> ordinals;  // what PageRows::rows refer to
    std::vector<PageRows> pages;
  };
  explicit TakePlan(std::span<const ColumnReader* const> columns, const RowOrder& order)
      : columns_(columns), order_(&order) {}
  static Result<LeafRows> PlanLeaf(const LeafReader& leaf,
                                   std::span<const uint64_t> sorted);
  // Plain rows are copied from the file to their place in the result; nothing when some
  // of the column's pages are of another kind.
  Result<ArrayPtr> PlaceColumn(const ColumnReader& column, const LeafRows& rows,
                               const FetchedBytes& bytes, const PageReadOptions& options,
                               MemoryBudget* budget) const;
  Result<ArrayPtr> ReadColumn(const ColumnReader& column, size_t first_leaf,
                              const FetchedBytes& bytes, const PageReadOptions& options,
                              MemoryBudget* budget) const;

  std::span<const ColumnReader* const> columns_;
  const RowOrder* order_;
  std::vector<LeafRows> leaves_;  // of all columns, in order
};

}  // namespace lancer::format
