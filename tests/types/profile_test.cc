#include "lancer/profile.h"

#include <gtest/gtest.h>

namespace lancer {
namespace {

TEST(Profile, HasTheNameThatTheToolsTake) {
  EXPECT_EQ(ProfileName(Profile::kRandom), "random");
  EXPECT_EQ(ProfileName(Profile::kCompact), "compact");
  EXPECT_EQ(ProfileName(Profile::kArchive), "archive");
}

}  // namespace
}  // namespace lancer
