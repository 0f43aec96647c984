// What every FileSystem promises, run over each of them: the local one, the one in memory
// and the doubles on top.

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "lancer/file_system.h"
#include "tests/support/crash_file_system.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/file_contents.h"
#include "tests/support/temporary_directory.h"

namespace lancer::test {
namespace {

struct Maker {
  const char* name;
  std::shared_ptr<FileSystem> (*make)();
};

class FileSystemConformance : public ::testing::TestWithParam<Maker> {
 protected:
  FileSystemConformance() : files_(GetParam().make()) {
    EXPECT_TRUE(files_->CreateDirectory(root_.path()).status().ok());
  }
  std::string Path(const std::string& name) const { return root_.File(name); }
  Result<PublishOutcome> Publish(const std::string& name, std::string_view text) {
    LANCER_ASSIGN_OR_RETURN(auto file, files_->Stage(root_.path(), Path("staged")));
    LANCER_RETURN_IF_ERROR(file->Append(BytesOf(text)));
    LANCER_RETURN_IF_ERROR(file->Sync());
    return file->Publish(Path(name));
  }
  std::string Text(const std::string& name) {
    Result<std::string> text = ReadFileText(*files_, Path(name));
    return text.has_value() ? *text : text.error().ToString();
  }
  std::vector<std::string> Names() { return *ListNames(*files_, root_.path()); }

  TemporaryDirectory root_;
  std::shared_ptr<FileSystem> files_;
};

INSTANTIATE_TEST_SUITE_P(
    All, FileSystemConformance,
    ::testing::Values(Maker{"Local", [] { return MakeLocalFileSystem(); }},
                      Maker{"Memory", [] { return MakeMemoryFileSystem(); }},
                      Maker{"FaultOverLocal",
                            []() -> std::shared_ptr<FileSystem> {
                              return std::make_shared<FaultFileSystem>(
                                  MakeLocalFileSystem());
                            }},
                      Maker{"FaultOverMemory",
                            []() -> std::shared_ptr<FileSystem> {
                              return std::make_shared<FaultFileSystem>(
                                  MakeMemoryFileSystem());
                            }},
                      Maker{"CrashRecorder",
                            []() -> std::shared_ptr<FileSystem> {
                              return std::make_shared<CrashRecorder>();
                            }},
                      Maker{"CrashRecorderNamed",
                            []() -> std::shared_ptr<FileSystem> {
                              return std::make_shared<CrashRecorder>(
                                  CrashRecorderOptions{.named_temporaries = true});
                            }}),
    [](const auto& suite) { return suite.param.name; });

TEST_P(FileSystemConformance, PublishesUnderANewName) {
  EXPECT_EQ(*Publish("a", "text"), PublishOutcome::kCreated);
  EXPECT_EQ(Text("a"), "text");
  EXPECT_EQ(Names(), (std::vector<std::string>{"a"}));
}

TEST_P(FileSystemConformance, NeverReplacesByPublishing) {
  EXPECT_EQ(*Publish("a", "first"), PublishOutcome::kCreated);
  EXPECT_EQ(*Publish("a", "second"), PublishOutcome::kExists);
  EXPECT_EQ(Text("a"), "first");
  ASSERT_TRUE(*files_->CreateDirectory(Path("d")));
  EXPECT_EQ(*Publish("d", "third"), PublishOutcome::kExists);
  EXPECT_EQ(Names(), (std::vector<std::string>{"a", "d/"}));
}

TEST_P(FileSystemConformance, NeverReplacesByExclusiveCreation) {
  for (PublishOutcome expected : {PublishOutcome::kCreated, PublishOutcome::kExists}) {
    auto file = *files_->Stage(root_.path(), Path("staged"));
    ASSERT_TRUE(file->Append(BytesOf("text")).ok());
    ASSERT_TRUE(file->Sync().ok());
    EXPECT_EQ(*file->PublishExclusive(Path("a")), expected);
  }
  EXPECT_EQ(Text("a"), "text");
  EXPECT_EQ(Names(), (std::vector<std::string>{"a"}));
}

TEST_P(FileSystemConformance, LeavesNothingOfAnUnpublishedFile) {
  {
    auto file = *files_->Stage(root_.path(), Path("staged"));
    ASSERT_TRUE(file->Append(BytesOf("text")).ok());
    ASSERT_TRUE(file->Sync().ok());
    EXPECT_EQ(file->size(), 4u);
  }
  EXPECT_EQ(Names(), (std::vector<std::string>{}));
}

TEST_P(FileSystemConformance, GathersManyAppends) {
  auto file = *files_->Stage(root_.path(), Path("staged"));
  std::string expected;
  for (size_t size : {1u, 0u, 70'000u, 3u, 65'536u, 65'535u, 1u, 1u, 200'000u}) {
    std::string part(size, static_cast<char>('a' + expected.size() % 26));
    ASSERT_TRUE(file->Append(BytesOf(part)).ok());
    expected += part;
    EXPECT_EQ(file->size(), expected.size());
  }
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(*file->Publish(Path("a")), PublishOutcome::kCreated);
  EXPECT_TRUE(Text("a") == expected);
}

TEST_P(FileSystemConformance, RefusesToChangeAPublishedFile) {
  auto file = *files_->Stage(root_.path(), Path("staged"));
  ASSERT_TRUE(file->Append(BytesOf("text")).ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_EQ(*file->Publish(Path("a")), PublishOutcome::kCreated);
  EXPECT_EQ(file->Append(BytesOf("more")).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(Text("a"), "text");
}

TEST_P(FileSystemConformance, HandlesEmptyFiles) {
  EXPECT_EQ(*Publish("empty", ""), PublishOutcome::kCreated);
  for (MapMode map : {MapMode::kAuto, MapMode::kNever}) {
    auto file = *files_->OpenForRead(Path("empty"), map);
    EXPECT_EQ(file->size(), 0u);
    EXPECT_TRUE(file->mapped().empty());
    EXPECT_TRUE(file->ReadBatch({}).ok());
    ReadRange nothing;
    EXPECT_TRUE(file->ReadBatch({&nothing, 1}).ok());
  }
}

TEST_P(FileSystemConformance, ReadsTheSameMappedAndUnmapped) {
  std::string text(300'000, '\0');
  for (size_t i = 0; i < text.size(); ++i) {
    text[i] = static_cast<char>(i * 31 + i / 256);
  }
  ASSERT_EQ(*Publish("a", text), PublishOutcome::kCreated);
  auto mapped = *files_->OpenForRead(Path("a"), MapMode::kAuto);
  auto unmapped = *files_->OpenForRead(Path("a"), MapMode::kNever);
  EXPECT_TRUE(unmapped->mapped().empty());
  std::vector<std::byte> by_map(text.size());
  std::vector<std::byte> by_read(text.size());
  ReadRange first{0, by_map};
  ReadRange second{0, by_read};
  ASSERT_TRUE(mapped->ReadBatch({&first, 1}).ok());
  ASSERT_TRUE(unmapped->ReadBatch({&second, 1}).ok());
  EXPECT_TRUE(by_map == by_read);
  EXPECT_EQ(std::memcmp(by_read.data(), text.data(), text.size()), 0);
  if (!mapped->mapped().empty()) {
    ASSERT_EQ(mapped->mapped().size(), text.size());
    EXPECT_EQ(std::memcmp(mapped->mapped().data(), text.data(), text.size()), 0);
  }
}

TEST_P(FileSystemConformance, ReadsRangesInAnyOrderWithRepeats) {
  ASSERT_EQ(*Publish("a", "0123456789"), PublishOutcome::kCreated);
  auto file = *files_->OpenForRead(Path("a"), MapMode::kNever);
  const std::pair<uint64_t, size_t> wanted[] = {{8, 2}, {0, 3}, {3, 2}, {1, 4},
                                                {5, 0}, {0, 3}, {10, 0}};
  std::vector<std::vector<std::byte>> memory;
  std::vector<ReadRange> ranges;
  for (auto [offset, size] : wanted) {
    memory.emplace_back(size);
    ranges.push_back({offset, memory.back()});
  }
  ASSERT_TRUE(file->ReadBatch(ranges).ok());
  std::string joined;
  for (const auto& part : memory) {
    for (std::byte b : part) {
      joined.push_back(static_cast<char>(b));
    }
    joined.push_back('|');
  }
  EXPECT_EQ(joined, "89|012|34|1234||012||");
}

TEST_P(FileSystemConformance, CallsAReadBeyondTheEndCorruption) {
  ASSERT_EQ(*Publish("a", "0123456789"), PublishOutcome::kCreated);
  auto file = *files_->OpenForRead(Path("a"), MapMode::kNever);
  const std::pair<uint64_t, size_t> beyond[] = {
      {10, 1}, {9, 2}, {11, 0}, {UINT64_MAX, 1}, {UINT64_MAX - 1, 4}, {0, 11}};
  for (auto [offset, size] : beyond) {
    std::vector<std::byte> memory(size);
    ReadRange range{offset, memory};
    Status status = file->ReadBatch({&range, 1});
    EXPECT_EQ(status.code(), StatusCode::kCorruption) << offset;
    EXPECT_NE(status.message().find(Path("a") + ": ends at 10,"), std::string_view::npos)
        << status.ToString();
    EXPECT_NE(status.message().find(std::to_string(offset)), std::string_view::npos);
  }
}

TEST_P(FileSystemConformance, OverwritesHints) {
  for (const char* text : {"one", "longer", "two", ""}) {
    ASSERT_TRUE(files_->Overwrite(Path("HEAD"), BytesOf(text)).ok());
    EXPECT_EQ(Text("HEAD"), text);
  }
  EXPECT_EQ(Names(), (std::vector<std::string>{"HEAD"}));
  EXPECT_EQ(files_->Overwrite(Path("none/HEAD"), BytesOf("x")).code(),
            StatusCode::kNotFound);
  ASSERT_TRUE(*files_->CreateDirectory(Path("d")));
  EXPECT_EQ(files_->Overwrite(Path("d"), BytesOf("x")).code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(Names(), (std::vector<std::string>{"HEAD", "d/"}));
}

TEST_P(FileSystemConformance, AnOpenFileOutlivesItsName) {
  ASSERT_TRUE(files_->Overwrite(Path("HEAD"), BytesOf("one")).ok());
  auto file = *files_->OpenForRead(Path("HEAD"), MapMode::kNever);
  ASSERT_TRUE(files_->Remove(Path("HEAD")).ok());
  ASSERT_TRUE(files_->Overwrite(Path("HEAD"), BytesOf("two")).ok());
  std::vector<std::byte> bytes(3);
  ReadRange range{0, bytes};
  ASSERT_TRUE(file->ReadBatch({&range, 1}).ok());
  EXPECT_EQ(bytes[0], std::byte{'o'});
}

TEST_P(FileSystemConformance, CreatesDirectoriesWithTheirParents) {
  EXPECT_TRUE(*files_->CreateDirectory(Path("a/b/c")));
  EXPECT_FALSE(*files_->CreateDirectory(Path("a/b/c")));
  EXPECT_FALSE(*files_->CreateDirectory(Path("a/b")));
  EXPECT_TRUE(*files_->CreateDirectory(Path("a/b/d")));
  EXPECT_EQ(*ListNames(*files_, Path("a/b")), (std::vector<std::string>{"c/", "d/"}));
  ASSERT_EQ(*Publish("file", ""), PublishOutcome::kCreated);
  EXPECT_EQ(files_->CreateDirectory(Path("file")).status().code(),
            StatusCode::kAlreadyExists);
  EXPECT_FALSE(files_->CreateDirectory(Path("file/below")).has_value());
}

TEST_P(FileSystemConformance, SyncsDirectories) {
  EXPECT_TRUE(files_->SyncDirectory(root_.path()).ok());
  EXPECT_EQ(files_->SyncDirectory(Path("none")).code(), StatusCode::kNotFound);
}

TEST_P(FileSystemConformance, ListsInOrderOfName) {
  for (const char* name : {"b", "a", "B", "10", "9", "\xC3\xA4"}) {
    ASSERT_EQ(*Publish(name, "12"), PublishOutcome::kCreated);
  }
  ASSERT_TRUE(*files_->CreateDirectory(Path("c")));
  EXPECT_EQ(Names(),
            (std::vector<std::string>{"10", "9", "B", "a", "b", "c/", "\xC3\xA4"}));
  auto entries = *files_->List(root_.path());
  EXPECT_EQ(entries[0].size, 2u);
  EXPECT_EQ(files_->List(Path("none")).status().code(), StatusCode::kNotFound);
}

TEST_P(FileSystemConformance, StatsWhatIsThere) {
  ASSERT_EQ(*Publish("a", "12345"), PublishOutcome::kCreated);
  std::optional<FileInfo> file = *files_->Stat(Path("a"));
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->name, "a");
  EXPECT_EQ(file->size, 5u);
  EXPECT_FALSE(file->is_directory);
  EXPECT_TRUE((*files_->Stat(root_.path()))->is_directory);
  EXPECT_FALSE(files_->Stat(Path("none"))->has_value());
  EXPECT_FALSE(files_->Stat(Path("none/below"))->has_value());
  EXPECT_FALSE(files_->Stat(Path("a/below"))->has_value());
}

TEST_P(FileSystemConformance, RemovesFilesAndEmptyDirectories) {
  ASSERT_TRUE(*files_->CreateDirectory(Path("d")));
  ASSERT_EQ(*Publish("d/a", ""), PublishOutcome::kCreated);
  EXPECT_EQ(files_->RemoveDirectory(Path("d")).code(), StatusCode::kIoError);
  EXPECT_EQ(files_->Remove(Path("d")).code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(files_->Remove(Path("d/a")).ok());
  EXPECT_EQ(files_->Remove(Path("d/a")).code(), StatusCode::kNotFound);
  EXPECT_TRUE(files_->RemoveDirectory(Path("d")).ok());
  EXPECT_EQ(files_->RemoveDirectory(Path("d")).code(), StatusCode::kNotFound);
}

TEST_P(FileSystemConformance, NamesThePathThatIsMissing) {
  const Status errors[] = {
      files_->OpenForRead(Path("none"), MapMode::kAuto).status(),
      files_->Stage(Path("none"), Path("none/t")).status(),
      Publish("none/a", "").status(),
  };
  for (const Status& status : errors) {
    EXPECT_EQ(status.code(), StatusCode::kNotFound) << status.ToString();
    EXPECT_NE(status.message().find(Path("none")), std::string_view::npos);
  }
  Status directory = files_->OpenForRead(root_.path(), MapMode::kAuto).status();
  EXPECT_EQ(directory.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(directory.message().find("is a directory"), std::string_view::npos);
}

TEST_P(FileSystemConformance, RefusesPathsThatNoFileCanHave) {
  for (const std::string& path : {std::string(), std::string("a\0b", 3)}) {
    EXPECT_EQ(files_->OpenForRead(path, MapMode::kAuto).status().code(),
              StatusCode::kInvalidArgument);
    EXPECT_EQ(files_->List(path).status().code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(files_->Remove(path).code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(Publish(path, "").has_value(), path.empty());  // "" names the root here
  }
}

TEST_P(FileSystemConformance, LocksExcludeEachOther) {
  // Loads and stores apart, so that an addition is lost unless the lock guards it.
  std::atomic<int> counter{0};
  auto work = [&] {
    for (int i = 0; i < 100; ++i) {
      auto lock = files_->Lock(Path("lock"));
      ASSERT_TRUE(lock.has_value());
      int seen = counter.load();
      std::this_thread::yield();
      counter.store(seen + 1);
    }
  };
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
  EXPECT_EQ(counter, 200);
}

TEST_P(FileSystemConformance, TryingALockNeverWaits) {
  EXPECT_EQ(files_->TryLock(Path("lock")).status().code(), StatusCode::kNotFound);
  auto held = *files_->Lock(Path("lock"));
  auto refused = files_->TryLock(Path("lock"));
  ASSERT_TRUE(refused.has_value()) << refused.status().ToString();
  EXPECT_EQ(*refused, nullptr);
  held.reset();
  auto taken = files_->TryLock(Path("lock"));
  ASSERT_TRUE(taken.has_value()) << taken.status().ToString();
  EXPECT_NE(*taken, nullptr);
  EXPECT_EQ(*files_->TryLock(Path("lock")), nullptr);
}

TEST_P(FileSystemConformance, ProbesWithoutLeavingATrace) {
  EXPECT_TRUE(files_->ProbePublish(root_.path()).has_value());
  EXPECT_EQ(Names(), (std::vector<std::string>{}));
  EXPECT_EQ(files_->ProbePublish(Path("none")).status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace lancer::test
