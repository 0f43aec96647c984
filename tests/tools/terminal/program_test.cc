#include "tools/terminal/program.h"

#include <gtest/gtest.h>

#include <csignal>

namespace lancer::tools {
namespace {

TEST(ErrorLine, IsOneLine) { EXPECT_EQ(ErrorLine("p", "a\nb\r\x01z"), "p: a\\nb\\r z"); }

TEST(ErrorLine, IsUtf8) {
  EXPECT_EQ(ErrorLine("p", "\xC3\xBC"), "p: \xC3\xBC");
  EXPECT_EQ(ErrorLine("p", "a\xC3z"), "p: a\\xc3z");
}

TEST(FormatJson, KeepsOrderAndReplacesBadText) {
  Json json;
  json["z"] = 1;
  json["a"] = "\xFF";
  EXPECT_EQ(FormatJson(json), "{\n  \"z\": 1,\n  \"a\": \"\xEF\xBF\xBD\"\n}\n");
}

TEST(FormatJson, KeepsVerbatimTextLetterByLetter) {
  Json json;
  json["rows"] = {VerbatimJson("12345678901234567.890"), VerbatimJson("[1.10, 2.0]")};
  json["none"] = Json::array();
  EXPECT_EQ(FormatJson(json),
            "{\n  \"rows\": [\n    12345678901234567.890,\n    [1.10, 2.0]\n  ],\n"
            "  \"none\": []\n}\n");
}

TEST(CancelOnInterrupt, CancelsOnTheFirstSignal) {
  const CancelToken token = CancelOnInterrupt();
  EXPECT_FALSE(token.cancelled());
  std::raise(SIGINT);
  EXPECT_TRUE(token.cancelled());
}

TEST(WithRemedy, TellsWhatToDoAboutDamage) {
  EXPECT_EQ(WithRemedy(Status::Corruption("a: cut")), "a: cut; restore it from a copy");
  EXPECT_EQ(WithRemedy(Status::Corruption("a: cut; mend it")), "a: cut; mend it");
  EXPECT_EQ(WithRemedy(Status::NotFound("a: gone")), "a: gone");
}

}  // namespace
}  // namespace lancer::tools
