#include "dataset/session.h"

#include <gtest/gtest.h>

#include "tests/dataset/golden.h"
#include "tests/dataset/log_fixture.h"
#include "tests/support/child_process.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/temporary_directory.h"

namespace lancer::dataset {
namespace {

const Intent kIntent = {
    .session = TestUuid(0x5E), .begin = VersionNumber(7), .locked = true};

std::unique_ptr<FileLock> ValueOrNull(Result<std::unique_ptr<FileLock>> lock) {
  EXPECT_TRUE(lock.has_value()) << lock.status().ToString();
  return lock ? *std::move(lock) : nullptr;
}

TEST(Session, WritesTheIntentOfTheSpec) {
  ExpectGolden("log_intent", SerializeIntent(kIntent));
}

TEST(Session, IntentIsDurableFromTheBeginning) {
  LogHouse house;
  uint64_t syncs = house.test.counters->syncs;
  auto session = *Session::Begin(house.paths, house.test.context, PublishMethod::kLink,
                                 VersionNumber(7));
  EXPECT_EQ(house.test.counters->syncs - syncs, 2u);
  auto bytes =
      *test::ReadFileBytes(*house.test.file_system, house.paths.intent(session->id()));
  auto expected = SerializeIntent(
      {.session = session->id(), .begin = VersionNumber(7), .locked = true});
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
  auto bytes = SerializeIntent(kIntent);
  ASSERT_TRUE(ParseIntent(bytes).has_value());
  EXPECT_EQ(ParseIntent(bytes)->session, kIntent.session);
  EXPECT_EQ(ParseIntent(bytes)->begin, kIntent.begin);
  EXPECT_TRUE(ParseIntent(bytes)->locked);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(ParseIntent(std::span(bytes).first(size)).has_value());
  }
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto damaged = bytes;
    damaged[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    EXPECT_FALSE(ParseIntent(damaged).has_value()) << bit;
  }
}

TEST(Session, HoldsALockOnItsIntentWhileItLives) {
  LogHouse house;
  FileSystem& files = *house.test.file_system;
  auto session = *Session::Begin(house.paths, house.test.context, PublishMethod::kLink,
                                 VersionNumber(0));
  const std::string intent = house.paths.intent(session->id());
  EXPECT_EQ(ValueOrNull(files.TryLock(intent)), nullptr);
  session->KeepIntent();
  session.reset();
  EXPECT_NE(ValueOrNull(files.TryLock(intent)), nullptr);
}

TEST(Session, SaysThatItHoldsNoneWhereLocksProveNothing) {
  auto files = std::make_shared<test::FaultFileSystem>(MakeMemoryFileSystem());
  LogHouse house({.file_system = files});
  files->ForgetCalls();
  files->FailCall(0, test::Fault::kDeviceError);  // asks about locks
  auto session = *Session::Begin(house.paths, house.test.context, PublishMethod::kLink,
                                 VersionNumber(7));
  auto bytes = *test::ReadFileBytes(*files, house.paths.intent(session->id()));
  ASSERT_TRUE(ParseIntent(bytes).has_value());
  EXPECT_FALSE(ParseIntent(bytes)->locked);
  EXPECT_EQ(ParseIntent(bytes)->begin, VersionNumber(7));
  EXPECT_EQ(files->CountCalls(test::FileCall::kTryLock), 0u);
  ASSERT_TRUE(files->Remove(house.paths.intent(session->id())).ok());
  EXPECT_TRUE(session->CheckIntent().ok()) << "nobody can have taken it for dead";
}

// Between the naming of an intent and its lock another writer may find the lock free.
TEST(Session, BeginsAnewWhenItsIntentIsTakenForThatOfADeadOne) {
  auto files = std::make_shared<test::FaultFileSystem>(MakeMemoryFileSystem());
  LogHouse house({.file_system = files});
  std::vector<std::unique_ptr<FileLock>> taken;
  const size_t times = 2;
  files->BeforeEachCall([&](size_t, const test::RecordedCall& call) {
    if (call.call == test::FileCall::kTryLock && taken.size() < times) {
      taken.push_back(*files->below()->TryLock(call.path));
      if (taken.size() == 1) {  // as far as this one comes before we go on
        EXPECT_TRUE(files->below()->Remove(call.path).ok());
      }
    }
  });
  auto session = *Session::Begin(house.paths, house.test.context, PublishMethod::kLink,
                                 VersionNumber(7));
  EXPECT_EQ(taken.size(), times);
  EXPECT_EQ(test::ListNames(*files, house.paths.intents())->size(), 2u);
  EXPECT_TRUE(session->CheckIntent().ok());
}

TEST(Session, GivesUpWhenOthersTakeItForDeadAgainAndAgain) {
  auto files = std::make_shared<test::FaultFileSystem>(MakeMemoryFileSystem());
  LogHouse house({.file_system = files});
  std::vector<std::unique_ptr<FileLock>> taken;
  files->BeforeEachCall([&](size_t, const test::RecordedCall& call) {
    if (call.call == test::FileCall::kTryLock) {
      taken.push_back(*files->below()->TryLock(call.path));
    }
  });
  auto session = Session::Begin(house.paths, house.test.context, PublishMethod::kLink,
                                VersionNumber(7));
  ASSERT_FALSE(session.has_value());
  EXPECT_EQ(session.error().code(), StatusCode::kIoError);
}

TEST(Session, IsGivenUpOnceItsIntentIsGone) {
  LogHouse house;
  auto session = *Session::Begin(house.paths, house.test.context, PublishMethod::kLink,
                                 VersionNumber(0));
  EXPECT_TRUE(session->CheckIntent().ok());
  EXPECT_TRUE(session->usable());
  ASSERT_TRUE(house.test.file_system->Remove(house.paths.intent(session->id())).ok());
  Status status = session->CheckIntent();
  EXPECT_EQ(status.code(), StatusCode::kFenced);
  EXPECT_NE(status.message().find("was taken for dead"), std::string_view::npos);
  EXPECT_FALSE(session->usable());
}

TEST(Session, OfAParentIsLeftAloneByItsChild) {
  test::TemporaryDirectory directory;
  const DatasetPaths paths(directory.path());
  test::TestContext local = test::MakeTestContext({.local_files = true});
  ASSERT_TRUE(local.file_system->CreateDirectory(paths.intents()).has_value());
  auto session =
      *Session::Begin(paths, local.context, PublishMethod::kLink, VersionNumber(0));
  const std::string intent = paths.intent(session->id());
  test::ChildEnd end = test::RunInChild([&] {
    const bool usable = session->usable();
    session.reset();
    return usable ? 1 : 0;
  });
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_TRUE(session->usable());
  EXPECT_TRUE(session->CheckIntent().ok());
  if (local.file_system->LocksProveLife(paths.intents())) {
    EXPECT_EQ(ValueOrNull(local.file_system->TryLock(intent)), nullptr);
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
