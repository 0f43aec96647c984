// Fragment: rows that were written together, in one data file, and the tree entries that
// sum fragments up (spec: manifest, "Fragments").
//
// Ownership: values. Thread rule: plain values.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dataset/row_ids.h"
#include "format/container.h"
#include "lancer/ids.h"

namespace lancer::dataset {

// Rows per fragment are below this.
inline constexpr uint64_t kFragmentRowsEnd = 1ull << 31;

struct Fragment {
  FragmentId id;
  uint64_t rows = 0;  // at least 1
  std::vector<RowIdRange> row_ids;
  uint32_t schema_id = 0;  // the schema that the file was written with
  format::FileRef file;
  VersionNumber created;  // the version that added the rows
  friend bool operator==(const Fragment&, const Fragment&) = default;
};

// What a list of fragments holds.
struct FragmentTotals {
  uint64_t fragments = 0;
  uint64_t files = 0;
  uint64_t rows = 0;
  uint64_t bytes = 0;  // of the files
  friend bool operator==(const FragmentTotals&, const FragmentTotals&) = default;
};

// A node's bytes: a range of a file of nodes. An empty path means the file that holds the
// reference; readers resolve it on loading.
struct NodeRef {
  format::FileRef file;
  uint64_t offset = 0;
  uint32_t size = 0;
  uint64_t check = 0;  // XXH3-64
  friend bool operator==(const NodeRef&, const NodeRef&) = default;
};

// A subtree of the fragment tree and what it holds.
struct Subtree {
  NodeRef node;
  uint8_t level = 0;  // 0: the node is a leaf
  FragmentId first_id, last_id;
  FragmentTotals totals;
  RowId first_row_id, last_row_id;  // both included
  friend bool operator==(const Subtree&, const Subtree&) = default;
};

// Adds without wrapping around; false when a sum would.
[[nodiscard]] bool AddTotals(FragmentTotals* sum, const FragmentTotals& more);
FragmentTotals TotalsOf(const Fragment& fragment);
// Sums of checked fragments; they cannot wrap around.
FragmentTotals TotalsOf(std::span<const Fragment> fragments);

// OK when the fragment's own numbers fit together. Errors: Corruption.
Status CheckFragment(const Fragment& fragment, const std::string& where);
// OK when each is sound and ids and row ids ascend from one to the next.
Status CheckFragments(std::span<const Fragment> fragments, const std::string& where);

}  // namespace lancer::dataset
