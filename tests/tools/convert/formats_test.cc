#include "tools/convert/formats.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "tests/support/temporary_directory.h"

namespace lancer::tools {
namespace {

TEST(Formats, HaveUniqueNamesAndSuffixes) {
  std::set<std::string_view> seen;
  for (const Format& format : Formats()) {
    EXPECT_TRUE(seen.insert(format.name).second) << format.name;
    EXPECT_EQ(*FindFormat(format.name), &format);
    for (std::string_view suffix : format.suffixes) {
      EXPECT_TRUE(seen.insert(suffix).second) << suffix;
      EXPECT_EQ(FormatOfSuffix("some/file" + std::string(suffix)), &format);
    }
  }
  EXPECT_EQ(FormatOfSuffix("A.CSV")->name, "csv");
  EXPECT_EQ(FormatOfSuffix("a.txt"), nullptr);
  EXPECT_EQ(FormatOfSuffix("csv"), nullptr);
  EXPECT_NE(FindFormat("xls").error().message().find("parquet"), std::string_view::npos);
}

TEST(Formats, AreToldByContentWithoutASuffix) {
  test::TemporaryDirectory folder;
  const auto format_of = [&](const std::string& bytes) -> std::string_view {
    std::ofstream(folder.File("f"), std::ios::binary) << bytes;
    const Format* format = FormatOfFile(folder.File("f"));
    return format == nullptr ? "none" : format->name;
  };
  EXPECT_EQ(format_of("PAR1...."), "parquet");
  EXPECT_EQ(format_of(std::string("ARROW1\0\0", 8)), "arrow");
  EXPECT_EQ(format_of("\x93NUMPY"), "npy");
  EXPECT_EQ(format_of("LNCR"), "lancer");
  EXPECT_EQ(format_of("hello"), "none");
  EXPECT_EQ(format_of(""), "none");
}

}  // namespace
}  // namespace lancer::tools
