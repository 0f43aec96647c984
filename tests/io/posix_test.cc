#include "io/posix.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/child_process.h"
#include "tests/support/file_contents.h"

namespace lancer {
namespace {

struct PathCase {
  const char* path;
  const char* parent;
  const char* name;
};

TEST(PosixPaths, SplitIntoParentAndName) {
  const PathCase cases[] = {{"a", ".", "a"},        {"a/b", "a", "b"}, {"/a", "/", "a"},
                            {"/a/b/", "/a", "b"},   {"/", "/", "/"},   {"", ".", ""},
                            {"/a//b", "/a", "b"},   {"//a", "/", "a"}, {"./a", ".", "a"},
                            {"a/../b", "a/..", "b"}};
  for (const PathCase& expected : cases) {
    EXPECT_EQ(ParentOfPath(expected.path), expected.parent) << expected.path;
    EXPECT_EQ(NameOfPath(expected.path), expected.name) << expected.path;
  }
}

struct ErrnoCase {
  int error;
  StatusCode code;
  const char* part;  // of the message
};

TEST(ErrnoStatus, SaysPathTextAndWhatToDo) {
  const ErrnoCase cases[] = {
      {ENOENT, StatusCode::kNotFound, "No such file or directory (errno 2)"},
      {EEXIST, StatusCode::kAlreadyExists, "File exists"},
      {ENOSPC, StatusCode::kResourceExhausted, "free some space"},
      {EDQUOT, StatusCode::kResourceExhausted, "quota"},
      {EMFILE, StatusCode::kResourceExhausted, "ulimit -n"},
      {EROFS, StatusCode::kIoError, "mounted read-only"},
      {EACCES, StatusCode::kIoError, "permissions"},
      {EIO, StatusCode::kIoError, "Input/output error"},
      {EISDIR, StatusCode::kInvalidArgument, "not a directory"},
      {ENAMETOOLONG, StatusCode::kInvalidArgument, "shorter"},
      {ETIMEDOUT, StatusCode::kIoError, "timed out"},
  };
  for (const ErrnoCase& expected : cases) {
    Status status = ErrnoStatus(expected.error, "open it", "/a/b");
    EXPECT_EQ(status.code(), expected.code) << status.ToString();
    EXPECT_TRUE(status.message().starts_with("/a/b: cannot open it: "));
    EXPECT_NE(status.message().find(expected.part), std::string_view::npos)
        << status.ToString();
  }
}

TEST(SyncErrnoStatus, TellsAFailureFromAFileSystemThatHasNoSync) {
  for (int error : {EINVAL, ENOSYS, EOPNOTSUPP}) {
    Status status = SyncErrnoStatus(error, "sync it", "/a/b");
    EXPECT_EQ(status.code(), StatusCode::kUnsupported) << status.ToString();
    EXPECT_TRUE(status.message().starts_with("/a/b: cannot sync it: "));
    EXPECT_NE(status.message().find("another one"), std::string_view::npos);
  }
  EXPECT_EQ(SyncErrnoStatus(EIO, "sync it", "/a").code(), StatusCode::kIoError);
  EXPECT_EQ(SyncErrnoStatus(ENOSPC, "sync it", "/a").code(),
            StatusCode::kResourceExhausted);
}

TEST(IsCleanRefusal, IsFalseWhereALinkMayHaveHappened) {
  for (int error : {EIO, EINTR, ETIMEDOUT, ESTALE, ECONNRESET, ENOMEM}) {
    EXPECT_FALSE(IsCleanRefusal(error)) << error;
  }
  for (int error : {EACCES, EROFS, ENOSPC, ENOENT, EOPNOTSUPP}) {
    EXPECT_TRUE(IsCleanRefusal(error)) << error;
  }
}

TEST(CheckPath, RefusesEmptyPathsAndZeroBytes) {
  EXPECT_TRUE(CheckPath("a").ok());
  EXPECT_EQ(CheckPath("").code(), StatusCode::kInvalidArgument);
  Status status = CheckPath(std::string("ab\0c", 4));
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(status.message().starts_with("ab: "));
}

TEST(FileDescriptor, ClosesOnceAndMoves) {
  FileDescriptor first = OpenDescriptor("/dev/null", O_RDONLY);
  ASSERT_TRUE(first.valid());
  int number = first.get();
  FileDescriptor second = std::move(first);
  EXPECT_EQ(second.get(), number);
  second = FileDescriptor();
  EXPECT_EQ(fcntl(number, F_GETFD), -1);
}

TEST(WriteAll, TellsThatADeviceIsFull) {
  FileDescriptor full = OpenDescriptor("/dev/full", O_WRONLY);
  ASSERT_TRUE(full.valid());
  EXPECT_EQ(WriteAll(full.get(), test::BytesOf("x")), ENOSPC);
  EXPECT_EQ(WriteAll(full.get(), {}), 0);
}

TEST(WriteAll, GoesOnAfterShortWrites) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  FileDescriptor reader(ends[0]);
  FileDescriptor writer(ends[1]);
  const std::string text(1'000'000, 'x');
  test::ChildProcess child([&] {  // a pipe takes 64 KiB at a time
    return WriteAll(writer.get(), test::BytesOf(text)) == 0 ? 0 : 1;
  });
  writer.Close();
  std::vector<char> buffer(4'096);
  size_t total = 0;
  ssize_t got = 0;
  while ((got = read(reader.get(), buffer.data(), buffer.size())) > 0) {
    total += static_cast<size_t>(got);
  }
  EXPECT_EQ(total, text.size());
  EXPECT_EQ(child.Wait().exit_code, 0);
}

}  // namespace
}  // namespace lancer
