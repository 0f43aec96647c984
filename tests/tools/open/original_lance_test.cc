#include "tools/open/original_lance.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temporary_directory.h"

namespace lancer::tools {
namespace {

namespace fs = std::filesystem;

TEST(OriginalLance, IsKnownByItsFoldersAndMagic) {
  test::TemporaryDirectory folder;
  fs::create_directories(folder.File("versions/_versions"));
  fs::create_directories(folder.File("data/data"));
  std::ofstream(folder.File("data/data/x.lance")) << "x";
  std::ofstream(folder.File("file")) << "....LANC";
  EXPECT_TRUE(IsOriginalLance(folder.File("versions")));
  EXPECT_TRUE(IsOriginalLance(folder.File("data")));
  EXPECT_TRUE(IsOriginalLance(folder.File("file")));
  EXPECT_NE(RefuseOriginalLance(folder.File("file")).message().find("pylance"),
            std::string_view::npos);
}

TEST(OriginalLance, IsNotSeenInOtherThings) {
  test::TemporaryDirectory folder;
  fs::create_directories(folder.File("ours/_versions"));
  std::ofstream(folder.File("ours/FORMAT")) << "x";
  std::ofstream(folder.File("file")) << "LANC....";
  std::ofstream(folder.File("tiny")) << "LA";
  for (const char* name : {"ours", "file", "tiny", "missing"}) {
    EXPECT_TRUE(RefuseOriginalLance(folder.File(name)).ok()) << name;
  }
}

}  // namespace
}  // namespace lancer::tools
