#include "tools/convert/output_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/temporary_directory.h"

namespace lancer::tools {
namespace {

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

size_t CountFiles(const std::string& folder) {
  const auto entries = std::filesystem::directory_iterator(folder);
  return static_cast<size_t>(std::distance(begin(entries), end(entries)));
}

TEST(OutputFile, HasNoNameBeforeCommit) {
  test::TemporaryDirectory folder;
  const std::string path = folder.File("out");
  auto file = OutputFile::Create(path, false);
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE((*file)->Write(std::string_view("hello")).ok());
  EXPECT_FALSE(std::filesystem::exists(path));
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(Contents(path), "hello");
  EXPECT_EQ(CountFiles(folder.path()), 1u);
}

TEST(OutputFile, LeavesNothingWithoutCommit) {
  test::TemporaryDirectory folder;
  {
    auto file = OutputFile::Create(folder.File("out"), false);
    ASSERT_TRUE(file.has_value());
    ASSERT_TRUE((*file)->Write(std::string(3 << 20, 'x')).ok());
  }
  EXPECT_EQ(CountFiles(folder.path()), 0u);
}

TEST(OutputFile, ReplacesOnlyWhenAsked) {
  test::TemporaryDirectory folder;
  const std::string path = folder.File("out");
  std::ofstream(path) << "old";
  EXPECT_EQ(OutputFile::Create(path, false).error().code(), StatusCode::kAlreadyExists);
  {
    auto dropped = OutputFile::Create(path, true);
    ASSERT_TRUE((*dropped)->Write(std::string_view("half")).ok());
  }
  EXPECT_EQ(Contents(path), "old");
  auto file = OutputFile::Create(path, true);
  ASSERT_TRUE((*file)->Write(std::string_view("new")).ok());
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(Contents(path), "new");
}

TEST(OutputFile, DoesNotReplaceAFileThatCameMeanwhile) {
  test::TemporaryDirectory folder;
  const std::string path = folder.File("out");
  auto file = OutputFile::Create(path, false);
  ASSERT_TRUE(file.has_value());
  std::ofstream(path) << "theirs";
  EXPECT_EQ((*file)->Commit().code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(Contents(path), "theirs");
}

TEST(OutputFile, TakesOverTheLeftoverOfAKilledRun) {
  test::TemporaryDirectory folder;
  std::ofstream(folder.File(".out.lance-convert")) << "a long leftover";
  auto file = OutputFile::Create(folder.File("out"), false);
  ASSERT_TRUE((*file)->Write(std::string_view("new")).ok());
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(Contents(folder.File("out")), "new");
  EXPECT_EQ(CountFiles(folder.path()), 1u);
}

TEST(OutputFile, RefusesASecondWriterOfTheSameOutput) {
  test::TemporaryDirectory folder;
  auto first = OutputFile::Create(folder.File("out"), false);
  auto second = OutputFile::Create(folder.File("out"), false);
  EXPECT_EQ(second.status().code(), StatusCode::kIoError);
  EXPECT_NE(second.status().message().find("another run is writing it"),
            std::string_view::npos);
}

TEST(OutputFile, ReplacesWhatALinkLeadsTo) {
  test::TemporaryDirectory folder;
  std::filesystem::create_directory(folder.File("real"));
  const std::string target = folder.File("real/t");
  std::ofstream(target) << "old";
  std::filesystem::create_symlink("real/t", folder.File("link"));
  EXPECT_EQ(OutputFile::Create(folder.File("link"), false).error().code(),
            StatusCode::kAlreadyExists);
  auto file = OutputFile::Create(folder.File("link"), true);
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE((*file)->Write(std::string_view("new")).ok());
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_TRUE(std::filesystem::is_symlink(folder.File("link")));
  EXPECT_EQ(Contents(target), "new");
  EXPECT_EQ(CountFiles(folder.path()), 2u);
  EXPECT_EQ(CountFiles(folder.File("real")), 1u);
}

TEST(OutputFile, ReplacesNothingButRegularFiles) {
  test::TemporaryDirectory folder;
  const std::string pipe = folder.File("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::filesystem::create_symlink("pipe", folder.File("to_pipe"));
  std::filesystem::create_symlink("nothing", folder.File("to_nothing"));
  for (const char* name : {"pipe", "to_pipe", "to_nothing", ""}) {
    for (const bool replace : {false, true}) {
      SCOPED_TRACE(name);
      EXPECT_EQ(OutputFile::Create(folder.File(name), replace).error().code(),
                StatusCode::kInvalidArgument);
    }
  }
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
  EXPECT_EQ(CountFiles(folder.path()), 3u);
}

TEST(OutputFile, NamesAMissingFolder) {
  test::TemporaryDirectory folder;
  EXPECT_EQ(OutputFile::Create(folder.File("no/out"), false).error().code(),
            StatusCode::kNotFound);
}

}  // namespace
}  // namespace lancer::tools
