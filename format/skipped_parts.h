// SkippedParts: counts the pages and blocks that a selection of rows leaves unread.
//
// Ownership: refers to the leaves. Thread rule: one thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "format/open_data_file.h"
#include "lancer/counters.h"

namespace lancer::format {

class SkippedParts {
 public:
  void Watch(std::span<const ColumnReader* const> columns);
  // Rows of the file that are read now: ascending, and behind those of earlier calls.
  // Errors: those of loading a page's index.
  Status Read(std::span<const uint64_t> rows);
  // No rows follow: counts what is left into `counters`.
  void Finish(Counters* counters);

 private:
  struct LeafState {
    const LeafReader* leaf;
    size_t next_page = 0;          // those before were read or counted
    bool in_page = false;          // the one before next_page is being read
    std::vector<uint64_t> starts;  // of its blocks, rows in the file
    size_t next_block = 0;
  };
  Status Read(std::span<const uint64_t> rows, LeafState* state);
  void EndPage(LeafState* state);

  std::vector<LeafState> leaves_;
  uint64_t pages_ = 0;
  uint64_t blocks_ = 0;
};

}  // namespace lancer::format
