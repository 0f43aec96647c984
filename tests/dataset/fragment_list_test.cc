#include "dataset/fragment_list.h"

#include <gtest/gtest.h>

#include "tests/dataset/tree_fixture.h"

namespace lancer::dataset {
namespace {

// Fragments 0..99 in a tree and 100..109 behind it.
class FragmentListTest : public ::testing::Test {
 protected:
  FragmentListTest() {
    auto stored = std::make_shared<StoredManifest>();
    stored->manifest.tree = house_.Append({}, TestFragments(100, 10));
    stored->manifest.fragments = TestFragments(10, 10, 100);
    auto cache = std::make_shared<NodeCache>(house_.paths, house_.test.context);
    list_ = std::make_unique<FragmentList>(std::move(stored), std::move(cache));
  }

  TreeHouse house_;
  std::unique_ptr<FragmentList> list_;
};

TEST_F(FragmentListTest, FindsTheSameInTreeAndManifest) {
  EXPECT_EQ(list_->row_count(), 1100u);
  for (uint64_t position = 0; position < 1100; position += 7) {
    FragmentHit hit = *list_->AtPosition(position);
    EXPECT_EQ(hit.fragment->id.value, position / 10);
    EXPECT_EQ(hit.first_position, position / 10 * 10);
    auto row = *list_->WithRowId(RowId(position));
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(row->fragment->id.value, position / 10);
    EXPECT_EQ(row->first_position, hit.first_position);
    auto id = *list_->WithId(FragmentId(static_cast<uint32_t>(position / 10)));
    ASSERT_TRUE(id.has_value());
    EXPECT_EQ(id->first_position, hit.first_position);
  }
  EXPECT_FALSE(list_->WithId(FragmentId(110))->has_value());
  EXPECT_FALSE(list_->WithRowId(RowId(1100))->has_value());
}

TEST_F(FragmentListTest, VisitsAllInOrder) {
  uint32_t next = 0;
  ASSERT_TRUE(list_
                  ->VisitAll([&](const Fragment& fragment) {
                    EXPECT_EQ(fragment.id.value, next++);
                    return Status::Ok();
                  })
                  .ok());
  EXPECT_EQ(next, 110u);
}

TEST_F(FragmentListTest, WithoutATreeNothingIsRead) {
  auto stored = std::make_shared<StoredManifest>();
  stored->manifest.fragments = {TestFragment(4, 5, 50), TestFragment(8, 5, 90)};
  FragmentList list(stored,
                    std::make_shared<NodeCache>(house_.paths, house_.test.context));
  uint64_t requests = house_.test.counters->requests;
  EXPECT_EQ(list.AtPosition(4)->fragment->id, FragmentId(4));
  EXPECT_EQ(list.AtPosition(5)->fragment->id, FragmentId(8));
  EXPECT_FALSE(list.WithRowId(RowId(0))->has_value());
  EXPECT_FALSE(list.WithRowId(RowId(55))->has_value());
  EXPECT_EQ((*list.WithRowId(RowId(94)))->fragment->id, FragmentId(8));
  EXPECT_FALSE(list.WithId(FragmentId(5))->has_value());
  EXPECT_EQ(house_.test.counters->requests, requests);
}

}  // namespace
}  // namespace lancer::dataset
