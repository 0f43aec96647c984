#include "dataset/row_ids.h"

#include <gtest/gtest.h>

#include "lancer/status.h"

namespace lancer::dataset {
namespace {

TEST(RowIds, MapRowsToIdsAndBack) {
  std::vector<RowIdRange> ranges = {{10, 2}, {50, 3}};
  std::vector<uint64_t> ids = {10, 11, 50, 51, 52};
  for (uint64_t row = 0; row < ids.size(); ++row) {
    EXPECT_EQ(RowIdAt(ranges, row), RowId(ids[row]));
    EXPECT_EQ(FindRowId(ranges, RowId(ids[row])), row);
  }
  for (uint64_t id : {0, 9, 12, 49, 53}) {
    EXPECT_EQ(FindRowId(ranges, RowId(id)), std::nullopt) << id;
  }
}

TEST(RowIds, RefusesWhatCannotBe) {
  auto code = [](std::vector<RowIdRange> ranges, uint64_t rows) {
    return CheckRowIds(ranges, rows, "m").code();
  };
  EXPECT_EQ(code({{0, 5}, {5, 1}}, 6), StatusCode::kOk);
  EXPECT_EQ(code({{kRowIdEnd - 1, 1}}, 1), StatusCode::kOk);
  EXPECT_EQ(code({{0, 5}}, 6), StatusCode::kCorruption);
  EXPECT_EQ(code({{0, 0}}, 0), StatusCode::kCorruption);
  EXPECT_EQ(code({{5, 5}, {9, 1}}, 6), StatusCode::kCorruption);
  EXPECT_EQ(code({{9, 1}, {5, 1}}, 2), StatusCode::kCorruption);
  EXPECT_EQ(code({{kRowIdEnd, 1}}, 1), StatusCode::kCorruption);
  EXPECT_EQ(code({{kRowIdEnd - 1, 2}}, 2), StatusCode::kCorruption);
  EXPECT_EQ(code({{1, UINT64_MAX}}, UINT64_MAX), StatusCode::kCorruption);
  EXPECT_EQ(code({}, 1), StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::dataset
