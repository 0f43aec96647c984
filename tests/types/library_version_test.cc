#include "types/library_version.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace lancer {
namespace {

TEST(LibraryVersion, NamesTheLibraryAndThreeNumbers) {
  std::string version(LibraryVersion());
  EXPECT_TRUE(std::regex_match(version, std::regex("lancer [0-9]+\\.[0-9]+\\.[0-9]+")))
      << version;
}

}  // namespace
}  // namespace lancer
