#include "io/local_readable_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "tests/support/child_process.h"
#include "tests/support/file_contents.h"
#include "tests/support/temporary_directory.h"

namespace lancer {
namespace {

class LocalReadableFileTest : public ::testing::Test {
 protected:
  LocalReadableFileTest() {
    auto files = MakeLocalFileSystem();
    EXPECT_TRUE(test::PublishFile(*files, path_, std::string(50'000, 'x')).ok());
  }
  test::TemporaryDirectory directory_;
  const std::string path_ = directory_.File("f");
};

TEST_F(LocalReadableFileTest, MapsOnlyWhenAllowed) {
  auto mapped = *LocalReadableFile::Open(path_, MapMode::kAuto, nullptr);
  EXPECT_EQ(mapped->mapped().size(), 50'000u);
  EXPECT_EQ(mapped->mapped()[49'999], std::byte{'x'});
  auto unmapped = *LocalReadableFile::Open(path_, MapMode::kNever, nullptr);
  EXPECT_TRUE(unmapped->mapped().empty());
  EXPECT_EQ(unmapped->size(), 50'000u);
  EXPECT_EQ(unmapped->path(), path_);
}

TEST_F(LocalReadableFileTest, CountsRequestsBatchesAndBytes) {
  auto counters = std::make_shared<Counters>();
  auto file = *LocalReadableFile::Open(path_, MapMode::kNever, counters);
  std::vector<std::byte> memory(30);
  std::span<std::byte> bytes(memory);
  const ReadRange ranges[] = {
      {0, bytes.first(10)}, {10, bytes.subspan(10, 10)}, {1'000, bytes.subspan(20, 10)}};
  ASSERT_TRUE(file->ReadBatch(ranges).ok());
  EXPECT_EQ(counters->batches, 1u);
  EXPECT_EQ(counters->requests, 2u);  // two of the three are adjacent
  EXPECT_EQ(counters->bytes_read, 30u);
}

TEST_F(LocalReadableFileTest, OpensOnlyRegularFiles) {
  EXPECT_EQ(
      LocalReadableFile::Open(directory_.path(), MapMode::kAuto, nullptr).status().code(),
      StatusCode::kInvalidArgument);
  EXPECT_EQ(LocalReadableFile::Open("/dev/null", MapMode::kAuto, nullptr).status().code(),
            StatusCode::kInvalidArgument);
  std::string pipe = directory_.File("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  Status status = LocalReadableFile::Open(pipe, MapMode::kAuto, nullptr).status();
  EXPECT_EQ(status.code(),
            StatusCode::kInvalidArgument);  // and does not wait for a writer
  EXPECT_EQ(status.message(), pipe + ": is a device, not a file");
}

// Which 4 KiB pages of a mapped file are in the page cache.
size_t CountResident(std::span<const std::byte> map) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> resident((map.size() + page - 1) / page);
  auto* start = const_cast<std::byte*>(map.data());  // mincore does not write to it
  EXPECT_EQ(mincore(start, map.size(), resident.data()), 0);
  return static_cast<size_t>(
      std::ranges::count_if(resident, [](unsigned char c) { return (c & 1) != 0; }));
}

TEST_F(LocalReadableFileTest, AColdRowIsReadAloneAndAnAnnouncedRangeAhead) {
  constexpr size_t kPages = 1024;
  const std::string path = directory_.File("cold");
  auto files = MakeLocalFileSystem();
  ASSERT_TRUE(test::PublishFile(*files, path, std::string(kPages * 4096, 'x')).ok());
  int descriptor = open(path.c_str(), O_RDONLY);
  posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
  close(descriptor);
  auto file = *LocalReadableFile::Open(path, MapMode::kAuto, nullptr);
  if (CountResident(file->mapped()) != 0) {
    GTEST_SKIP() << "this file system keeps its files in memory";
  }
  EXPECT_EQ(file->mapped()[500 * 4096], std::byte{'x'});
  EXPECT_LE(CountResident(file->mapped()), 4u);
  file->WillNeed(700 * 4096 + 5, 100 * 4096);
  file->WillNeed(kPages * 4096, 1);         // behind the end: nothing
  file->WillNeed(1000 * 4096, UINT64_MAX);  // cut at the end
  // The device works on it while we wait.
  for (int i = 0; i < 1000 && CountResident(file->mapped()) < 120; ++i) {
    usleep(5000);
  }
  EXPECT_GE(CountResident(file->mapped()), 120u);
}

TEST_F(LocalReadableFileTest, DiesByTheMapOfAFileThatIsCut) {
  test::ChildEnd end = test::RunInChild([&] {
    std::signal(SIGBUS, SIG_DFL);  // sanitizers would catch it
    auto file = *LocalReadableFile::Open(path_, MapMode::kAuto, nullptr);
    if (truncate(path_.c_str(), 0) != 0) {
      return 1;
    }
    return static_cast<int>(file->mapped()[40'000]) + 2;
  });
  EXPECT_EQ(end.signal, SIGBUS);
}

TEST_F(LocalReadableFileTest, GivesAnErrorForAFileThatIsCutUnmapped) {
  auto file = *LocalReadableFile::Open(path_, MapMode::kNever, nullptr);
  ASSERT_EQ(truncate(path_.c_str(), 0), 0);
  std::vector<std::byte> bytes(10);
  ReadRange range{40'000, bytes};
  Status status = file->ReadBatch({&range, 1});
  EXPECT_EQ(status.code(), StatusCode::kIoError);
  EXPECT_NE(status.message().find(path_ + ": was cut"), std::string_view::npos);
}

TEST_F(LocalReadableFileTest, TellsWhenDescriptorsRunOut) {
  test::ChildEnd end = test::RunInChild([&] {
    rlimit few{64, 64};
    setrlimit(RLIMIT_NOFILE, &few);
    std::vector<std::shared_ptr<const ReadableFile>> open;
    while (open.size() < 100) {
      auto file = LocalReadableFile::Open(path_, MapMode::kNever, nullptr);
      if (!file) {
        bool told = file.error().code() == StatusCode::kResourceExhausted &&
                    file.error().message().find("ulimit -n") != std::string_view::npos;
        return told ? 0 : 1;
      }
      open.push_back(*file);
    }
    return 2;
  });
  EXPECT_EQ(end.exit_code, 0);
}

}  // namespace
}  // namespace lancer
