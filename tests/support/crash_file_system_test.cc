#include "tests/support/crash_file_system.h"

#include <gtest/gtest.h>

#include <set>

#include "io/publish.h"
#include "tests/support/file_contents.h"

namespace lancer::test {
namespace {

// Which steps a writer takes; the recorder must tell the right one from the wrong ones.
struct Writer {
  bool sync_file = true;
  bool sync_directory = true;
};

Status Write(FileSystem& file_system, const std::string& path, std::string_view text,
             const Writer& writer) {
  LANCER_ASSIGN_OR_RETURN(auto file, file_system.Stage("/t", "/t/_tmp/" + path));
  LANCER_RETURN_IF_ERROR(file->Append(BytesOf(text)));
  if (writer.sync_file) {
    LANCER_RETURN_IF_ERROR(file->Sync());
  }
  LANCER_RETURN_IF_ERROR(file->Publish("/t/" + path).status());
  return writer.sync_directory ? file_system.SyncDirectory("/t") : Status::Ok();
}

struct Losses {
  size_t states = 0;
  size_t missing = 0;  // states without a file that was acknowledged
  size_t wrong = 0;    // states where it has other bytes
};

Losses CountLosses(const Writer& writer, CrashRecorderOptions options = {}) {
  CrashRecorder recorder(options);
  EXPECT_TRUE(recorder.CreateDirectory("/t").status().ok());
  EXPECT_TRUE(recorder.SyncDirectory("/").ok());
  const std::string text(6'000, 'x');
  EXPECT_TRUE(Write(recorder, "one", text, writer).ok());
  size_t acknowledged = recorder.Mark();
  EXPECT_TRUE(Write(recorder, "two", text, writer).ok());
  Losses losses;
  losses.states = recorder.ForEachCrashState({}, [&](const CrashState& state) {
    Result<std::string> found = ReadFileText(*state.file_system, "/t/one");
    if (state.position < acknowledged) {
      return;
    }
    losses.missing += found.has_value() ? 0 : 1;
    losses.wrong += found.has_value() && *found != text ? 1 : 0;
  });
  return losses;
}

TEST(CrashRecorder, LosesNothingOfADurableWriter) {
  for (bool named : {false, true}) {
    Losses losses = CountLosses({}, {.named_temporaries = named});
    EXPECT_GE(losses.states, 5u);
    EXPECT_EQ(losses.missing, 0u);
    EXPECT_EQ(losses.wrong, 0u);
  }
}

TEST(CrashRecorder, FindsAMissingSyncOfTheDirectory) {
  EXPECT_GT(CountLosses({.sync_directory = false}).missing, 0u);
}

TEST(CrashRecorder, FindsAMissingSyncOfTheFile) {
  Losses losses = CountLosses({.sync_file = false});
  EXPECT_EQ(losses.missing, 0u);
  EXPECT_GT(losses.wrong, 0u);
}

TEST(CrashRecorder, LosesAFileWithItsUnsyncedDirectory) {
  CrashRecorder recorder;
  ASSERT_TRUE(recorder.CreateDirectory("/t").status().ok());  // "/" is not synced
  ASSERT_TRUE(PublishFile(recorder, "/t/one", "1").ok());
  size_t acknowledged = recorder.Mark();
  size_t lost = 0;
  recorder.ForEachCrashState({.first_position = acknowledged}, [&](const auto& state) {
    lost += ReadFileText(*state.file_system, "/t/one").has_value() ? 0 : 1;
  });
  EXPECT_EQ(lost, 1u);
}

TEST(CrashRecorder, SyncsParentsMadeOnTheWay) {
  CrashRecorder recorder;
  ASSERT_TRUE(*recorder.CreateDirectory("/a/b/c"));
  ASSERT_TRUE(recorder.SyncDirectory("/a/b").ok());
  size_t acknowledged = recorder.Mark();
  recorder.ForEachCrashState({.first_position = acknowledged}, [&](const auto& state) {
    EXPECT_TRUE(state.file_system->Stat("/a/b/c")->has_value()) << state.description;
  });
}

TEST(CrashRecorder, AnOverwriteMayBeLostTornOrKept) {
  CrashRecorder recorder;
  ASSERT_TRUE(recorder.Overwrite("/hint", BytesOf("old")).ok());
  recorder.SyncEverything();
  ASSERT_TRUE(recorder.Overwrite("/hint", BytesOf("new")).ok());
  ASSERT_TRUE(recorder.SyncDirectory("/").ok());  // says nothing about the bytes
  size_t done = recorder.Mark();
  std::set<std::string> found;
  recorder.ForEachCrashState({.first_position = done}, [&](const auto& state) {
    found.insert(ReadFileText(*state.file_system, "/hint").value_or("absent"));
  });
  EXPECT_EQ(found, (std::set<std::string>{"old", "new", "", std::string(3, '\0')}));
}

TEST(CrashRecorder, BringsBackAnUnsyncedRemoval) {
  CrashRecorder recorder;
  ASSERT_TRUE(PublishFile(recorder, "/a", "1").ok());
  ASSERT_TRUE(recorder.Remove("/a").ok());
  size_t removed = recorder.Mark();
  size_t present = 0;
  size_t absent = 0;
  recorder.ForEachCrashState({.first_position = removed}, [&](const auto& state) {
    (state.file_system->Stat("/a")->has_value() ? present : absent) += 1;
  });
  EXPECT_EQ(present, 1u);
  EXPECT_EQ(absent, 1u);
}

TEST(CrashRecorder, ReordersUnsyncedNamesButNotAcrossASync) {
  CrashRecorder recorder;
  Writer no_sync{.sync_directory = false};
  ASSERT_TRUE(recorder.CreateDirectory("/t").status().ok());
  recorder.SyncEverything();
  ASSERT_TRUE(Write(recorder, "1", "1", {}).ok());
  ASSERT_TRUE(Write(recorder, "2", "2", no_sync).ok());
  ASSERT_TRUE(Write(recorder, "3", "3", no_sync).ok());
  size_t done = recorder.Mark();
  std::set<std::vector<std::string>> listings;
  recorder.ForEachCrashState({.first_position = done}, [&](const auto& state) {
    listings.insert(*ListNames(*state.file_system, "/t"));
  });
  EXPECT_EQ(listings, (std::set<std::vector<std::string>>{
                          {"1"}, {"1", "2"}, {"1", "3"}, {"1", "2", "3"}}));
}

TEST(CrashRecorder, LeavesNamedTemporariesBehind) {
  CrashRecorder recorder({.named_temporaries = true});
  ASSERT_TRUE(recorder.CreateDirectory("/t").status().ok());
  recorder.SyncEverything();
  ASSERT_TRUE(Write(recorder, "one", "1", {}).ok());
  EXPECT_FALSE(recorder.Stat("/t/_tmp/one")->has_value());
  size_t left = 0;
  recorder.ForEachCrashState({}, [&](const CrashState& state) {
    left += state.file_system->Stat("/t/_tmp/one")->has_value() ? 1 : 0;
  });
  EXPECT_GT(left, 0u);
}

TEST(CrashRecorder, ShowsTornFilesOfExclusiveCreation) {
  CrashRecorder recorder;
  auto file = *recorder.Stage("/", "/tmp");
  ASSERT_TRUE(file->Append(BytesOf(std::string(9'000, 'x'))).ok());
  auto outcome =
      PublishDurably(recorder, *file, "/a", "/", PublishMethod::kExclusiveCreate);
  ASSERT_EQ(outcome.value_or(PublishOutcome::kUnknown), PublishOutcome::kCreated);
  size_t acknowledged = recorder.Mark();
  size_t torn = 0;
  recorder.ForEachCrashState({}, [&](const CrashState& state) {
    Result<std::string> found = ReadFileText(*state.file_system, "/a");
    bool whole = found.has_value() && *found == std::string(9'000, 'x');
    torn += found.has_value() && !whole ? 1 : 0;
    EXPECT_TRUE(whole || state.position < acknowledged) << state.description;
  });
  EXPECT_GT(torn, 3u);
}

TEST(CrashRecorder, DrawsStatesWhenThereAreTooMany) {
  CrashRecorder recorder;
  ASSERT_TRUE(recorder.CreateDirectory("/t").status().ok());
  recorder.SyncEverything();
  for (int i = 0; i < 20; ++i) {  // 2^20 combinations
    ASSERT_TRUE(Write(recorder, std::to_string(i), "x", {.sync_directory = false}).ok());
  }
  size_t done = recorder.Mark();
  CrashOptions options{.first_position = done, .max_states_per_position = 50};
  std::set<size_t> sizes;
  std::vector<std::string> first;
  size_t count = recorder.ForEachCrashState(options, [&](const CrashState& state) {
    sizes.insert(state.file_system->List("/t")->size());
    first.push_back(state.description);
  });
  EXPECT_LE(count, 50u);
  EXPECT_GT(count, 40u);
  EXPECT_EQ(*sizes.begin(), 0u);    // nothing kept
  EXPECT_EQ(*sizes.rbegin(), 20u);  // all kept
  std::vector<std::string> again;
  recorder.ForEachCrashState(
      options, [&](const CrashState& state) { again.push_back(state.description); });
  EXPECT_EQ(first, again);  // the same seed draws the same states
}

TEST(CrashRecorder, LockFilesAreNamesToo) {
  CrashRecorder recorder;
  { auto lock = recorder.Lock("/lock"); }
  std::set<bool> found;
  recorder.ForEachCrashState({.first_position = recorder.Mark()}, [&](const auto& state) {
    found.insert(state.file_system->Stat("/lock")->has_value());
  });
  EXPECT_EQ(found.size(), 2u);
}

}  // namespace
}  // namespace lancer::test
