// Slots of a block: level tables that lie are refused before any memory is taken.
#include "format/block_slots.h"

#include <gtest/gtest.h>

#include "encoding/byte_order.h"
#include "tests/format/page_fixture.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::format {
namespace {

using test::Nullable;

TEST(AddSlots, JoinsWhatFollows) {
  std::vector<SlotRange> ranges;
  AddSlots(3, 2, &ranges);
  AddSlots(5, 0, &ranges);
  AddSlots(5, 4, &ranges);
  AddSlots(5, 1, &ranges);
  ASSERT_EQ(ranges.size(), 2u);
  EXPECT_EQ(ranges[0].n, 6u);
  EXPECT_EQ(ranges[1].first, 5u);
}

TEST(BlockSlots, RefusesTablesThatDoNotFitTheBody) {
  const ArrayPtr array =
      test::MakeListArray({2, std::nullopt, 0, 1}, test::MakeInt8Array({5, 6, 9}));
  ColumnFixture column(Nullable("l", array->type()), array, {});
  PageFixture& leaf = *column.leaves[0];
  ASSERT_EQ(leaf.page.meta.layout, LayoutKind::kBlocks);
  const std::vector<std::byte> good = leaf.page.bytes;
  const BlockSlots slots(leaf.shape, leaf.page.trees, leaf.decode, 3);
  auto read = [&](std::vector<std::byte> block) {
    std::vector<SlotRange> ranges = {{0, 4}};
    LeafBuffer out = MakeLeafBuffer(leaf.shape);
    return slots.Read(block, 4, &ranges, &out).code();
  };
  auto body = good;
  body.resize(8 + encoding::LoadLe<uint32_t>(good.data() + 4));
  EXPECT_EQ(read(body), StatusCode::kOk);
  // Null kind, slots below, validity bytes, lengths bytes.
  for (const size_t field : {8u, 12u, 16u, 20u}) {
    for (const uint32_t value : {4u, 0xFFFFu, 0x7FFFFFFFu, 0xFFFFFFFFu}) {
      auto damaged = body;
      encoding::StoreLe(damaged.data() + field, value);
      EXPECT_EQ(read(damaged), StatusCode::kCorruption) << field << " " << value;
    }
  }
  for (size_t size = 8; size < body.size(); ++size) {
    auto cut = body;
    cut.resize(size);
    EXPECT_EQ(read(cut), StatusCode::kCorruption) << size;
  }
}

}  // namespace
}  // namespace lancer::format
