#include "format/describe.h"

#include <gtest/gtest.h>

#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

TEST(Describe, PartsCoverEveryByteOnce) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 30000)}, {.page_bytes = 64 << 10});
  auto reader = OpenOrFail(context, "a.lancer");
  auto parts = reader->DescribeParts();
  ASSERT_TRUE(parts.has_value()) << parts.error().ToString();
  uint64_t end = 0;
  for (const FilePart& part : *parts) {
    ASSERT_EQ(part.offset, end) << part.name;
    end += part.size_bytes;
  }
  EXPECT_EQ(end, reader->size_bytes());
  EXPECT_EQ(parts->front().name, "magic");
  EXPECT_EQ(parts->back().name, "postscript");
}

TEST(Describe, PagesCoverEveryRowAndShowTheirBounds) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 30000)}, {.page_bytes = 64 << 10});
  auto columns = OpenOrFail(context, "a.lancer")->DescribeColumns();
  ASSERT_TRUE(columns.has_value()) << columns.error().ToString();
  uint64_t rows = 0;
  for (const PageInfo& page : (*columns)[0].pages) {
    EXPECT_EQ(page.first_row, rows);
    EXPECT_EQ(page.min, std::to_string(rows));
    rows += page.rows;
    EXPECT_EQ(page.max, std::to_string(rows - 1));
    EXPECT_EQ(page.null_count, 0U);
  }
  EXPECT_EQ(rows, 30000U);
}

}  // namespace
}  // namespace lancer::format
