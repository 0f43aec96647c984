#include "io/describe_file_system.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "io/posix.h"
#include "tests/support/temporary_directory.h"

namespace lancer {
namespace {

TEST(DescribeFileSystem, KnowsWhatLiesOnAnotherMachine) {
  EXPECT_EQ(KindOfMagic(0xEF53).name, "ext4");
  EXPECT_EQ(KindOfMagic(0x794C7630).name, "overlay");
  EXPECT_EQ(KindOfMagic(0x01021994).name, "tmpfs");
  for (uint64_t local : {0xEF53u, 0x58465342u, 0x9123683Eu, 0x01021994u, 0x794C7630u}) {
    EXPECT_FALSE(KindOfMagic(local).network) << local;
  }
  for (uint64_t remote : {0x6969u, 0xFF534D42u, 0x65735546u, 0x00C36400u}) {
    EXPECT_TRUE(KindOfMagic(remote).network) << remote;
  }
  EXPECT_EQ(KindOfMagic(0x12345678).name, "unknown");
}

TEST(DescribeFileSystem, TrustsTheLocksOfKnownLocalFileSystemsAlone) {
  for (uint64_t local : {0xEF53u, 0x58465342u, 0x9123683Eu, 0x01021994u, 0x794C7630u}) {
    EXPECT_TRUE(LocksProveLifeOn(KindOfMagic(local))) << local;
  }
  for (uint64_t other : {0x6969u, 0xFF534D42u, 0x65735546u, 0x00C36400u, 0x12345678u}) {
    EXPECT_FALSE(LocksProveLifeOn(KindOfMagic(other))) << other;
  }
}

TEST(DescribeFileSystem, AnswersForPathsAndDescriptors) {
  test::TemporaryDirectory directory;
  Result<FileSystemKind> kind = DescribeFileSystem(directory.path());
  ASSERT_TRUE(kind.has_value());
  FileDescriptor descriptor = OpenDescriptor(directory.path(), O_RDONLY);
  EXPECT_EQ(DescribeDescriptor(descriptor.get()).name, kind->name);
  EXPECT_EQ(DescribeDescriptor(-1).name, "unknown");
}

TEST(DescribeFileSystem, NamesAMissingPath) {
  Status status = DescribeFileSystem("/none/at/all").status();
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_TRUE(status.message().starts_with("/none/at/all: "));
}

}  // namespace
}  // namespace lancer
