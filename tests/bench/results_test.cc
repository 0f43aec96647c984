#include "bench/results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace lancer::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

Group TwoContenders(std::string title) {
  Group group;
  group.title = std::move(title);
  group.unit = "s";
  group.state = "hot";
  group.bytes = 4e9;
  group.contenders = {{"ours", "",
                       [](int) {
                         return Sample{2, 1};
                       }},
                      {"theirs", "slow", [](int) {
                         return Sample{8, 4};
                       }}};
  group.targets = {{"theirs", Target::Kind::kTimesOursAtLeast, 5}};
  return group;
}

TEST(FormatTable, ShowsRatioRateAndMissedTarget) {
  const std::string table = FormatTable(RunGroup(TwoContenders("scan"), {}));
  EXPECT_THAT(table, HasSubstr("scan [hot], s"));
  EXPECT_THAT(table, HasSubstr("4.00 .. 4.00"));
  EXPECT_THAT(table, HasSubstr("0.500 GB/s"));
  EXPECT_THAT(table, HasSubstr("MISSED: theirs, times ours at least 5.00, reached 4.00"));
}

TEST(FormatTable, ShowsFailureInsteadOfFigures) {
  Group group = TwoContenders("scan");
  group.contenders[1].measure = [](int) { return Status::Unsupported("no lists"); };
  const std::string table = FormatTable(RunGroup(group, {}));
  EXPECT_THAT(table, HasSubstr("failed: Unsupported: no lists"));
}

TEST(Results, SavesWhatWasWantedAsJson) {
  testing::internal::CaptureStdout();
  HarnessOptions options;
  options.only = "scan";
  options.repetitions = 3;
  Results results("example", {{"kernel", "Linux"}}, options);
  results.Measure(TwoContenders("scan a"));
  results.Measure(TwoContenders("take b"));
  results.Note("a note");
  const std::string printed = testing::internal::GetCapturedStdout();
  EXPECT_THAT(printed, HasSubstr("scan a"));
  EXPECT_THAT(printed, Not(HasSubstr("take b")));

  const std::string folder = testing::TempDir();
  ASSERT_TRUE(results.Save(folder).ok());
  std::ifstream in(folder + "/example.json");
  const auto json = nlohmann::json::parse(in);
  EXPECT_EQ(json["benchmark"], "example");
  EXPECT_EQ(json["machine"]["kernel"], "Linux");
  EXPECT_EQ(json["notes"][0], "a note");
  ASSERT_EQ(json["groups"].size(), 1);
  EXPECT_EQ(json["groups"][0]["contenders"][1]["times_ours"]["median"], 4.0);
  EXPECT_EQ(json["groups"][0]["contenders"][1]["costs"].size(), 3);
  EXPECT_EQ(json["groups"][0]["targets"][0]["met"], false);
}

TEST(Results, SaysWhereItCannotWrite) {
  testing::internal::CaptureStdout();
  const Results results("example", {}, {});
  testing::internal::GetCapturedStdout();
  const Status status = results.Save("/no/such/folder");
  EXPECT_EQ(status.code(), StatusCode::kIoError);
  EXPECT_THAT(std::string(status.message()), HasSubstr("/no/such/folder/example.json"));
}

}  // namespace
}  // namespace lancer::bench
