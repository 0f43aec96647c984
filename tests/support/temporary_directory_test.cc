#include "tests/support/temporary_directory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace lancer::test {
namespace {

TEST(TemporaryDirectory, GoesWithAllItHolds) {
  std::string path;
  {
    TemporaryDirectory directory;
    path = directory.path();
    ASSERT_TRUE(std::filesystem::is_directory(path));
    std::filesystem::create_directories(directory.File("a/b"));
    std::ofstream(directory.File("a/b/c")) << "text";
    EXPECT_TRUE(std::filesystem::exists(path + "/a/b/c"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TemporaryDirectory, IsAnotherOneEachTime) {
  TemporaryDirectory one;
  TemporaryDirectory two;
  EXPECT_NE(one.path(), two.path());
}

}  // namespace
}  // namespace lancer::test
