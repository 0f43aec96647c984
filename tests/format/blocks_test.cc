#include "format/blocks.h"

#include <gtest/gtest.h>

#include <random>

#include "encoding/byte_order.h"
#include "tests/format/hex_example.h"
#include "tests/format/page_fixture.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::format {
namespace {

using test::Nullable;

ArrayPtr Numbers(int64_t rows) {
  test::Values<int64_t> values;
  std::mt19937_64 rng(5);
  for (int64_t i = 0; i < rows; ++i) {
    // Widths differ from block to block, so that one for the page would not pay.
    values.emplace_back(static_cast<int64_t>(rng() % (uint64_t{2} << (i / 2048))));
  }
  return test::MakeInt64Array(values);
}

TEST(Blocks, HoldBetween4And8KiBOfNumbers) {
  const ArrayPtr array = Numbers(65536);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  const EncodedPage& page = column.leaves[0]->page;
  ASSERT_EQ(page.meta.layout, LayoutKind::kBlocks);
  const double mean = static_cast<double>(page.bytes.size()) /
                      (static_cast<double>(page.index.size()) / 8);
  EXPECT_GE(mean, 4096);
  EXPECT_LE(mean, 8192);
  EXPECT_EQ(page.block_bounds.size(), page.index.size() / 8);
  EXPECT_EQ(column.leaves[0]->reader->BlockStarts().size(), page.block_bounds.size() + 1);
}

TEST(Blocks, GrowInTheCompactAndArchiveProfiles) {
  test::Values<std::string> values;
  for (int i = 0; i < 30000; ++i) {
    values.emplace_back("the value of row " + std::to_string(i * 7919 % 30011));
  }
  const ArrayPtr array = test::MakeStringArray(values);
  const Field field = Nullable("x", array->type());
  size_t blocks = 0;
  for (const Profile profile : {Profile::kArchive, Profile::kCompact, Profile::kRandom}) {
    ColumnFixture column(field, array, {.profile = profile});
    ASSERT_EQ(column.leaves[0]->page.meta.layout, LayoutKind::kBlocks);
    const size_t now = column.leaves[0]->page.index.size() / 8;
    EXPECT_GT(now, blocks);
    blocks = now;
  }
}

TEST(Blocks, LongRowsStandAlone) {
  test::Values<int64_t> lengths(3000, 2);
  lengths[1000] = 40000;
  const int64_t items = 2999 * 2 + 40000;
  test::Values<int64_t> values;
  std::mt19937_64 rng(1);
  for (int64_t i = 0; i < items; ++i) {
    values.emplace_back(static_cast<int64_t>(rng()));
  }
  const ArrayPtr array = test::MakeListArray(lengths, test::MakeInt64Array(values));
  ColumnFixture column(Nullable("x", array->type()), array, {});
  const PageFixture& leaf = *column.leaves[0];
  ASSERT_EQ(leaf.page.meta.layout, LayoutKind::kBlocks);
  ASSERT_EQ(leaf.page.meta.flags, kPageUnevenBlocks);
  const std::vector<uint64_t> starts = leaf.reader->BlockStarts();
  const auto found = std::find(starts.begin(), starts.end(), 1000u);
  ASSERT_NE(found, starts.end());
  EXPECT_EQ(*(found + 1), 1001u);
  EXPECT_TRUE((*column.Rows({999, 1000, 1001}))->Equals(*array->Slice(999, 3)));
}

TEST(Blocks, RefuseLevelsOfAbsurdSize) {
  // A list of 2^24 + 1 empty lists without any value below.
  const TypePtr inner = DataType::List(Nullable("n", DataType::Make(TypeKind::kNull)));
  const Field field = Nullable("x", DataType::List(Nullable("item", inner)));
  LeafShape shape = LeavesOf(field)[0];
  LeafBuffer buffer = MakeLeafBuffer(shape);
  const uint64_t many = (uint64_t{1} << 24) + 1;
  buffer.rows = 1;
  buffer.levels[0].validity.AppendValid(1);
  buffer.levels[0].lengths = {static_cast<uint32_t>(many)};
  buffer.levels[1].validity.AppendValid(many);
  buffer.levels[1].lengths.assign(many, 0);
  PageFixture page(shape, buffer, {});
  EXPECT_EQ(page.status.code(), StatusCode::kInvalidArgument);
}

TEST(Blocks, MatchTheSpecification) {
  const ArrayPtr text = test::MakeStringArray({"ab", std::nullopt, "", "cde"});
  ColumnFixture strings(Nullable("s", text->type()), text, {});
  ASSERT_EQ(strings.leaves[0]->page.meta.layout, LayoutKind::kBlocks);
  EXPECT_EQ(HexLines(strings.leaves[0]->page.bytes), HexExample("layout_blocks_page"));
  EXPECT_EQ(HexLines(strings.leaves[0]->page.index), HexExample("layout_blocks_index"));

  const ArrayPtr list =
      test::MakeListArray({2, std::nullopt, 0, 1}, test::MakeInt8Array({5, 6, 9}));
  ColumnFixture lists(Nullable("l", list->type()), list, {});
  EXPECT_EQ(HexLines(lists.leaves[0]->page.bytes), HexExample("layout_blocks_list_page"));
  EXPECT_EQ(HexLines(lists.leaves[0]->page.index),
            HexExample("layout_blocks_list_index"));
}

}  // namespace
}  // namespace lancer::format
