#include "tools/terminal/table.h"

#include <gtest/gtest.h>

namespace lancer::tools {
namespace {

TEST(Table, AlignsColumns) {
  Table table({{"name"}, {"rows", Table::Align::kRight}, {"note"}});
  table.AddRow({"a", "1", ""});
  table.AddRow({"\xC3\xA9t\xC3\xA9s", "1,000", "x"});
  EXPECT_EQ(table.Format(),
            "name   rows  note\n"
            "a         1\n"
            "\xC3\xA9t\xC3\xA9s  1,000  x\n");
}

TEST(FitText, CutsByCharacters) {
  EXPECT_EQ(FitText("abcdef", 6), "abcdef");
  EXPECT_EQ(FitText("abcdefg", 6), "abc...");
  EXPECT_EQ(FitText("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 4), "\xC3\xA9...");
  EXPECT_EQ(FitText("a\nb\tc", 9), "a b c");
}

}  // namespace
}  // namespace lancer::tools
