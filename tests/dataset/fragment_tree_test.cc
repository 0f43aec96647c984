#include "dataset/fragment_tree.h"

#include <gtest/gtest.h>

#include "tests/dataset/tree_fixture.h"

namespace lancer::dataset {
namespace {

constexpr uint64_t kRows = 10;

TEST(FragmentTree, HoldsWhatWasAppendedInAnySteps) {
  for (uint32_t step : {1u, 150u, 400u, 5000u}) {
    TreeHouse house;
    std::optional<Subtree> root;
    uint32_t total = step == 1 ? 20 : 5000;
    for (uint32_t first = 0; first < total; first += step) {
      root =
          house.Append(root, TestFragments(std::min(step, total - first), kRows, first));
    }
    EXPECT_EQ(root->totals, TotalsOf(TestFragments(total, kRows)));
    NodeCache fresh(house.paths, house.test.context);
    EXPECT_EQ(house.All(*root, fresh), TestFragments(total, kRows)) << step;
  }
}

TEST(FragmentTree, FindsPositionsFragmentsAndRows) {
  TreeHouse house;
  std::optional<Subtree> root = house.Append({}, TestFragments(3000, kRows));
  for (uint64_t position : {0ull, 9ull, 10ull, 12'345ull, 29'999ull}) {
    TreeHit hit = *FindPosition(*root, position, house.cache);
    EXPECT_EQ(hit.fragment->id.value, position / kRows);
    EXPECT_EQ(hit.first_position, position / kRows * kRows);
    auto row = *FindRow(*root, RowId(position), house.cache);
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(row->fragment->id.value, position / kRows);
    EXPECT_EQ(row->first_position, position / kRows * kRows);
  }
  for (uint32_t id : {0u, 1u, 1500u, 2999u}) {
    auto hit = *FindFragment(*root, FragmentId(id), house.cache);
    ASSERT_TRUE(hit.has_value());
    EXPECT_EQ(hit->fragment->id, FragmentId(id));
    EXPECT_EQ(hit->first_position, id * kRows);
  }
  EXPECT_FALSE(FindFragment(*root, FragmentId(3000), house.cache)->has_value());
  EXPECT_FALSE(FindRow(*root, RowId(30'000), house.cache)->has_value());
}

TEST(FragmentTree, FindsNothingInGaps) {
  TreeHouse house;
  std::optional<Subtree> root =
      house.Append({}, {TestFragment(5, 10, 100), TestFragment(9, 10, 200)});
  for (uint32_t id : {0u, 6u, 10u}) {
    EXPECT_FALSE(FindFragment(*root, FragmentId(id), house.cache)->has_value()) << id;
  }
  for (uint64_t id : {0ull, 99ull, 110ull, 199ull, 210ull}) {
    EXPECT_FALSE(FindRow(*root, RowId(id), house.cache)->has_value()) << id;
  }
  EXPECT_EQ(FindPosition(*root, 10, house.cache)->fragment->id, FragmentId(9));
}

TEST(FragmentTree, LookupsReadOnePath) {
  TreeHouse house;
  std::optional<Subtree> root = house.Append({}, TestFragments(10'000, kRows));
  ASSERT_EQ(root->level, 1);
  uint64_t requests = house.test.counters->requests;
  NodeCache fresh(house.paths, house.test.context);
  ASSERT_TRUE(FindPosition(*root, 54'321, fresh).has_value());
  EXPECT_EQ(house.test.counters->requests - requests, 2u);
  ASSERT_TRUE(FindPosition(*root, 54'322, fresh).has_value());
  EXPECT_EQ(house.test.counters->requests - requests, 2u) << "kept by the cache";
}

TEST(FragmentTree, AppendingRewritesTheRightEdgeOnly) {
  TreeHouse house;
  std::optional<Subtree> root = house.Append({}, TestFragments(10'000, kRows));
  size_t whole = house.last_file_bytes;
  house.Append(root, TestFragments(1, kRows, 10'000));
  EXPECT_LT(house.last_file_bytes, whole / 8);
  // Older trees stay as they were.
  NodeCache fresh(house.paths, house.test.context);
  EXPECT_EQ(house.All(*root, fresh).size(), 10'000u);
}

TEST(FragmentTree, VisitsFromAPositionOnAndStopsWhenTold) {
  TreeHouse house;
  std::optional<Subtree> root = house.Append({}, TestFragments(3000, kRows));
  std::vector<uint64_t> firsts;
  ASSERT_TRUE(VisitLeaves(*root, 25'000, house.cache,
                          [&](const TreeNodePtr& leaf, uint64_t first) -> Result<bool> {
                            EXPECT_EQ(leaf->fragments.front().id.value * kRows, first);
                            firsts.push_back(first);
                            return firsts.size() < 2;
                          })
                  .ok());
  ASSERT_EQ(firsts.size(), 2u);
  EXPECT_LE(firsts[0], 25'000u);
  EXPECT_GT(firsts[1], 25'000u);
}

}  // namespace
}  // namespace lancer::dataset
