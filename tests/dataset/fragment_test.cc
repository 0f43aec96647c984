#include "dataset/fragment.h"

#include <gtest/gtest.h>

#include "tests/dataset/manifest_fixture.h"

namespace lancer::dataset {
namespace {

TEST(Fragment, SumsAreChecked) {
  FragmentTotals totals = TotalsOf(TestFragments(3, 10));
  EXPECT_EQ(totals.fragments, 3u);
  EXPECT_EQ(totals.rows, 30u);
  EXPECT_EQ(totals.bytes, 3003u);
  FragmentTotals full = {.rows = kRowIdEnd - 1};
  EXPECT_FALSE(AddTotals(&full, {.rows = 1}));
  FragmentTotals bytes = {.bytes = UINT64_MAX};
  EXPECT_FALSE(AddTotals(&bytes, {.bytes = 1}));
}

TEST(Fragment, RefusesWhatCannotBe) {
  EXPECT_TRUE(CheckFragment(TestFragment(1, 10, 0), "m").ok());
  Fragment none = TestFragment(1, 10, 0);
  none.rows = 0;
  EXPECT_FALSE(CheckFragment(none, "m").ok());
  Fragment large = TestFragment(1, kFragmentRowsEnd, 0);
  EXPECT_FALSE(CheckFragment(large, "m").ok());
  Fragment outside = TestFragment(1, 10, 0);
  outside.file.path = "../x";
  EXPECT_FALSE(CheckFragment(outside, "m").ok());
  Fragment ids = TestFragment(1, 10, 0);
  ids.row_ids[0].count = 9;
  EXPECT_FALSE(CheckFragment(ids, "m").ok());
}

TEST(Fragment, ListsAscend) {
  std::vector<Fragment> fragments = TestFragments(3, 10);
  EXPECT_TRUE(CheckFragments(fragments, "m").ok());
  std::swap(fragments[1], fragments[2]);
  EXPECT_EQ(CheckFragments(fragments, "m").code(), StatusCode::kCorruption);
  fragments = {TestFragment(0, 10, 0), TestFragment(0, 10, 10)};
  EXPECT_EQ(CheckFragments(fragments, "m").code(), StatusCode::kCorruption);
  fragments = {TestFragment(0, 10, 0), TestFragment(1, 10, 9)};
  EXPECT_EQ(CheckFragments(fragments, "m").code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::dataset
