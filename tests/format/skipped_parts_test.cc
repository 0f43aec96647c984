#include "format/skipped_parts.h"

#include <gtest/gtest.h>

#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

// Pages of the first column, each with rows 0, 1024, ... as starts of blocks.
struct Opened {
  std::shared_ptr<const OpenDataFile> file;
  ColumnSet columns;
};

Opened OpenIds(const ContextPtr& context) {
  WriteFile(context, "a.lancer", {NumberedRows(0, 60000)}, {.page_bytes = 64 << 10});
  auto file = OpenDataFile::Open("a.lancer", {}, context, nullptr, nullptr);
  EXPECT_TRUE(file.has_value() && (*file)->schema().has_value());
  auto columns = (*file)->Columns(std::vector<std::string>{"id"});
  EXPECT_TRUE(columns.has_value());
  return {*file, *std::move(columns)};
}

// What reading single rows leaves out, counted block by block.
void ExpectSkipped(const std::vector<uint64_t>& rows) {
  ContextPtr context = MemoryContext();
  const Opened opened = OpenIds(context);
  const LeafReader& leaf = *opened.columns[0].leaves[0];
  uint64_t pages = 0;
  uint64_t blocks = 0;
  for (size_t i = 0; i < leaf.meta().pages.size(); ++i) {
    const PageMeta& page = leaf.meta().pages[i];
    const std::vector<uint64_t> starts = (*leaf.Page(i))->BlockStarts();
    uint64_t empty = 0;
    for (size_t block = 0; block + 1 < starts.size(); ++block) {
      bool read = false;
      for (const uint64_t row : rows) {
        read |= row >= page.first_row + starts[block] &&
                row < page.first_row + starts[block + 1];
      }
      empty += read ? 0 : 1;
    }
    if (empty + 1 == starts.size()) {
      ++pages;
    } else {
      blocks += empty;
    }
  }
  ASSERT_GT(leaf.meta().pages.size(), 2U);
  Counters counters;
  SkippedParts skipped;
  skipped.Watch(opened.columns.columns());
  for (const uint64_t row : rows) {
    ASSERT_TRUE(skipped.Read(std::span(&row, 1)).ok());
  }
  skipped.Finish(&counters);
  skipped.Finish(&counters);  // counts once
  EXPECT_EQ(counters.pages_skipped.load(), pages);
  EXPECT_EQ(counters.blocks_skipped.load(), blocks);
}

TEST(SkippedParts, AreTheBlocksAndPagesWithoutARow) {
  ExpectSkipped({});
  ExpectSkipped({0});
  ExpectSkipped({59999});
  ExpectSkipped({0, 1, 2, 1023, 1024, 5000, 40000});
  ExpectSkipped({0, 59999});
  std::vector<uint64_t> all;
  for (uint64_t row = 0; row < 60000; row += 100) {
    all.push_back(row);
  }
  ExpectSkipped(all);
}

}  // namespace
}  // namespace lancer::format
