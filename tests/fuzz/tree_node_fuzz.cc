// A tree node behind its checksum, under a parent that states what the bytes begin with.
#include <cstddef>
#include <cstdint>
#include <span>

#include "dataset/tree_node.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using lancer::dataset::Subtree;
  constexpr size_t kHead = 8;
  if (size < kHead) {
    return 0;
  }
  // The parent: level, number of fragments and rows each from the first bytes.
  Subtree parent;
  parent.level = data[0] % 4;
  parent.node.file = {.path = "_tree/a.node", .size = 1 << 20, .digest = {}};
  parent.first_id = lancer::FragmentId(data[1]);
  parent.last_id = lancer::FragmentId(data[2]);
  parent.totals = {.fragments = data[3], .files = data[3], .rows = data[4]};
  parent.totals.bytes = data[5];
  parent.first_row_id = lancer::RowId(data[6]);
  parent.last_row_id = lancer::RowId(data[7]);
  auto node = lancer::dataset::ParseTreeNode(
      std::as_bytes(std::span(data + kHead, size - kHead)), parent, "fuzz");
  if (node.has_value()) {
    auto again = lancer::dataset::ParseTreeNode(lancer::dataset::SerializeTreeNode(*node),
                                                parent, "again");
    if (!again.has_value()) {
      __builtin_trap();
    }
  }
  return 0;
}
