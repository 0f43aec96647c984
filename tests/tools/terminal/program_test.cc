#include "tools/terminal/program.h"

#include <gtest/gtest.h>

#include <csignal>

namespace lancer::tools {
namespace {

TEST(ErrorLine, IsOneLine) { EXPECT_EQ(ErrorLine("p", "a\nb\r\x01z"), "p: a\\nb\\r z"); }

TEST(FormatJson, KeepsOrderAndReplacesBadText) {
  Json json;
  json["z"] = 1;
  json["a"] = "\xFF";
  EXPECT_EQ(FormatJson(json), "{\n  \"z\": 1,\n  \"a\": \"\xEF\xBF\xBD\"\n}\n");
}

TEST(CancelOnInterrupt, CancelsOnTheFirstSignal) {
  const CancelToken token = CancelOnInterrupt();
  EXPECT_FALSE(token.cancelled());
  std::raise(SIGINT);
  EXPECT_TRUE(token.cancelled());
}

}  // namespace
}  // namespace lancer::tools
