#include "tools/inspect/command.h"

#include <gtest/gtest.h>

#include <set>

namespace lancer::tools {
namespace {

TEST(Commands, AreThoseOfTheCommandLine) {
  const std::set<std::string_view> expected = {"summary",  "schema", "pages", "stats",
                                               "versions", "files",  "head",  "take",
                                               "verify",   "layout"};
  std::set<std::string_view> found;
  for (const Command& command : Commands()) {
    EXPECT_TRUE(found.insert(command.name).second) << command.name;
    EXPECT_EQ(FindCommand(command.name), &command);
    EXPECT_FALSE(command.summary.empty());
  }
  EXPECT_EQ(found, expected);
  EXPECT_EQ(FindCommand("search"), nullptr);
}

TEST(FormatRows, ShowsOneLinePerRow) {
  const Json report = {{"columns", {"a", ""}},
                       {"rows", {{1, "x\ny"}, {nullptr, {{"k", 2.5}}}}}};
  EXPECT_EQ(FormatRows(report), "a\n1     x y\nnull  {\"k\":2.5}\n");
}

TEST(FormatVerify, ListsFaults) {
  const Json report = {{"sound", false},
                       {"files", 1},
                       {"bytes", 2048},
                       {"units", 3},
                       {"faults", {"f.lancer: page 1: checksum"}},
                       {"unknown", Json::array()}};
  EXPECT_EQ(FormatVerify(report),
            "damaged: f.lancer: page 1: checksum\n"
            "1 fault: 1 file, 2.0 KiB in 3 check units read and checked\n");
}

TEST(FormatVerify, TellsWhatCannotBeCheckedFromDamage) {
  const Json report = {
      {"sound", false},          {"files", 1},
      {"bytes", 2048},           {"units", 3},
      {"faults", Json::array()}, {"unknown", {"f.lancer: column a: encoding zzzz"}}};
  EXPECT_EQ(FormatVerify(report),
            "not checked: f.lancer: column a: encoding zzzz\n"
            "sound as far as this build can tell: 1 file, 2.0 KiB in 3 check units read "
            "and checked\n");
}

TEST(FormatVerify, TellsOfLeftoversWhenThereAreAny) {
  Json report = {{"sound", true}, {"files", 1}, {"bytes", 2048}, {"units", 3}};
  report["faults"] = Json::array();
  report["unknown"] = Json::array();
  report["leftovers"] = {{"files", 0}, {"bytes", 0}};
  const std::string sound = "sound: 1 file, 2.0 KiB in 3 check units read and checked\n";
  EXPECT_EQ(FormatVerify(report), sound);
  report["leftovers"] = nullptr;
  EXPECT_EQ(FormatVerify(report), sound);
  report["leftovers"] = {{"files", 3}, {"bytes", 4096}};
  EXPECT_EQ(FormatVerify(report),
            sound +
                "leftovers: 3 files, 4.0 KiB, of writers that still write, or died (the "
                "next write removes those)\n");
}

}  // namespace
}  // namespace lancer::tools
