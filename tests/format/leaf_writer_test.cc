#include "format/leaf_writer.h"

#include <gtest/gtest.h>

#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

class LeafWriterTest : public testing::Test {
 protected:
  void SetUp() override {
    auto staged = context_->file_system->Stage(".", "tmp");
    ASSERT_TRUE(staged.has_value());
    staged_ = *std::move(staged);
    auto container = ContainerWriter::Begin(staged_.get(), FileKind::kData);
    ASSERT_TRUE(container.has_value()) << container.status().ToString();
    container_ = *std::move(container);
  }
  void Shred(LeafWriter* leaf, int64_t first, int64_t rows) {
    LeafBuffer* buffers[] = {leaf->buffer()};
    Batch batch = NumberedRows(first, rows);
    Field field = batch.schema->field(0);
    ASSERT_TRUE(format::Shred(field, batch.columns[0], 0, rows, buffers).ok());
  }
  ContextPtr context_ = MemoryContext();
  std::unique_ptr<StagedFile> staged_;
  std::unique_ptr<ContainerWriter> container_;
  LeafShape shape_ = LeavesOf(NumberedRows(0, 1).schema->field(0))[0];
};

TEST_F(LeafWriterTest, CutsAPageWhenItIsFull) {
  LeafWriter leaf(shape_, {}, /*page_bytes=*/8000);
  Shred(&leaf, 0, 500);
  leaf.CutFullPage(true);
  EXPECT_EQ(leaf.waiting_bytes(), 0U);
  Shred(&leaf, 500, 500);
  leaf.CutFullPage(true);
  EXPECT_GE(leaf.waiting_bytes(), 8000U);
  ASSERT_TRUE(leaf.EncodePages().ok());
  EXPECT_EQ(leaf.waiting_bytes(), 0U);
  ASSERT_TRUE(leaf.WritePages(container_.get()).ok());
  ASSERT_TRUE(leaf.Finish(container_.get()).ok());
  EXPECT_EQ(leaf.meta().rows, 1000U);
  ASSERT_EQ(leaf.meta().pages.size(), 1U);
  EXPECT_EQ(leaf.meta().pages[0].offset % 64, 0U);
}

TEST_F(LeafWriterTest, AnEmptyLeafHasNoPages) {
  LeafWriter leaf(shape_, {}, 8000);
  leaf.CutLastPage();
  ASSERT_TRUE(leaf.EncodePages().ok());
  ASSERT_TRUE(leaf.WritePages(container_.get()).ok());
  ASSERT_TRUE(leaf.Finish(container_.get()).ok());
  EXPECT_TRUE(leaf.meta().pages.empty());
}

TEST_F(LeafWriterTest, PagesAreContiguousAndShareTheirTrees) {
  LeafWriter leaf(shape_, {}, 8000);
  for (int64_t first = 0; first < 4000; first += 1000) {
    Shred(&leaf, first, 1000);
    leaf.CutFullPage(true);
  }
  ASSERT_TRUE(leaf.EncodePages().ok());
  ASSERT_TRUE(leaf.WritePages(container_.get()).ok());
  ASSERT_EQ(leaf.meta().pages.size(), 4U);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(leaf.meta().pages[i].first_row, i * 1000);
  }
  EXPECT_LT(leaf.meta().tree_sets.size(), 4U);
}

TEST_F(LeafWriterTest, ADictionaryKeepsToItsShareOfMemory) {
  std::vector<int64_t> values;
  for (int64_t i = 0; i < 2000; ++i) {
    values.push_back((i * 7919 % 50 + 1) * 0x123456789ABCDEF);
  }
  const ArrayPtr column = Int64s(values);
  const Field field{.name = "x", .type = column->type()};
  const auto entries_with = [&](uint64_t dictionary_bytes) {
    LeafWriter leaf(LeavesOf(field)[0], {}, 1 << 20, dictionary_bytes);
    LeafBuffer* buffers[] = {leaf.buffer()};
    EXPECT_TRUE(format::Shred(field, column, 0, column->length(), buffers).ok());
    leaf.CutLastPage();
    EXPECT_TRUE(leaf.EncodePages().ok());
    EXPECT_TRUE(leaf.WritePages(container_.get()).ok());
    EXPECT_TRUE(leaf.Finish(container_.get()).ok());
    return leaf.meta().dictionary_entries;
  };
  EXPECT_EQ(entries_with(400), 50U);
  EXPECT_EQ(entries_with(399), 0U);
}

}  // namespace
}  // namespace lancer::format
