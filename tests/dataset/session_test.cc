#include "dataset/session.h"

#include <gtest/gtest.h>

#include "tests/dataset/golden.h"
#include "tests/dataset/log_fixture.h"

namespace lancer::dataset {
namespace {

TEST(Session, WritesTheIntentOfTheSpec) {
  ExpectGolden("log_intent", SerializeIntent(TestUuid(0x5E), VersionNumber(7)));
}

TEST(Session, IntentIsDurableFromTheBeginning) {
  LogHouse house;
  uint64_t syncs = house.test.counters->syncs;
  auto session = *Session::Begin(house.paths, house.test.context, PublishMethod::kLink,
                                 VersionNumber(7));
  EXPECT_EQ(house.test.counters->syncs - syncs, 2u);
  auto bytes =
      *test::ReadFileBytes(*house.test.file_system, house.paths.intent(session->id()));
  auto expected = SerializeIntent(session->id(), VersionNumber(7));
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), expected.begin(), expected.end()));
  EXPECT_EQ(bytes.size(), kSealedRecordSize);
  EXPECT_EQ(std::to_integer<char>(bytes[0]), 'L');
}

TEST(Session, IntentGoesWithItUnlessFilesMayWait) {
  LogHouse house;
  for (bool keep : {false, true}) {
    auto session = *Session::Begin(house.paths, house.test.context, PublishMethod::kLink,
                                   VersionNumber(0));
    std::string intent = house.paths.intent(session->id());
    if (keep) {
      session->KeepIntent();
    }
    session.reset();
    EXPECT_EQ(house.test.file_system->Stat(intent)->has_value(), keep);
  }
}

TEST(ParseIntent, TakesWholeIntentsAlone) {
  auto bytes = SerializeIntent(TestUuid(0x5E), VersionNumber(7));
  EXPECT_EQ(ParseIntent(bytes), VersionNumber(7));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(ParseIntent(std::span(bytes).first(size)).has_value());
  }
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto damaged = bytes;
    damaged[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    EXPECT_FALSE(ParseIntent(damaged).has_value()) << bit;
  }
}

TEST(Session, DiscardsNodesThatNoCommitWasTriedWith) {
  LogHouse house;
  FileSystem& files = *house.test.file_system;
  auto session = *Session::Begin(house.paths, house.test.context, PublishMethod::kLink,
                                 VersionNumber(0));
  std::string intent = house.paths.intent(session->id());
  std::string kept = house.paths.nodes() + "/kept";
  std::string lost = house.paths.nodes() + "/lost";
  ASSERT_TRUE(test::PublishFile(files, kept, "x").ok());
  ASSERT_TRUE(test::PublishFile(files, lost, "x").ok());
  session->NoteNodes(kept);
  session->ForgetNodes();
  session->NoteNodes(lost);
  session.reset();
  EXPECT_TRUE(files.Stat(kept)->has_value());
  EXPECT_FALSE(files.Stat(lost)->has_value());
  EXPECT_FALSE(files.Stat(intent)->has_value());
}

TEST(Session, NamesBeginWithItsPrefix) {
  LogHouse house;
  auto session = *Session::Begin(house.paths, house.test.context, PublishMethod::kLink,
                                 VersionNumber(0));
  EXPECT_TRUE(session->NewTemporary().starts_with("/t/_tmp/" + session->id().Prefix()));
  EXPECT_NE(session->NewTemporary(), session->NewTemporary());
}

}  // namespace
}  // namespace lancer::dataset
