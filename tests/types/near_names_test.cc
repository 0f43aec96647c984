#include "types/near_names.h"

#include <gtest/gtest.h>

namespace lancer {
namespace {

TEST(EditDistance, CountsEdits) {
  struct Case {
    const char* a;
    const char* b;
    size_t distance;
  };
  for (const Case& c :
       {Case{"", "", 0}, Case{"", "abc", 3}, Case{"label", "label", 0},
        Case{"Label", "lABEL", 0}, Case{"label", "lable", 1}, Case{"label", "labels", 1},
        Case{"kitten", "sitting", 3}, Case{"abc", "xyz", 3}}) {
    EXPECT_EQ(EditDistance(c.a, c.b), c.distance) << c.a << " " << c.b;
    EXPECT_EQ(EditDistance(c.b, c.a), c.distance) << c.b << " " << c.a;
  }
}

TEST(NearNames, ListsTheNearestFirst) {
  std::vector<std::string> names = {"caption", "captions", "image", "captoin", "width"};
  EXPECT_EQ(NearNames("caption2", names),
            (std::vector<std::string>{"caption", "captions", "captoin"}));
  EXPECT_EQ(NearNames("caption2", names, 1), std::vector<std::string>{"caption"});
  EXPECT_TRUE(NearNames("zzz", names).empty());
}

TEST(NearNames, LeavesOutNamesWithNothingInCommon) {
  std::vector<std::string> names = {"a", "b", ""};
  EXPECT_TRUE(NearNames("z", names).empty());
  EXPECT_EQ(NearNames("A", names), std::vector<std::string>{"a"});
  EXPECT_TRUE(NearNames("", std::vector<std::string>{"a"}).empty());
}

TEST(NearNames, BoundsItsWorkOnLongNames) {
  std::string base(100000, 'a');
  EXPECT_EQ(NearNames(base, std::vector<std::string>{base + "b"}).size(), 1U);
}

}  // namespace
}  // namespace lancer
