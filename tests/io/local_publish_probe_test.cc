#include "io/local_publish_probe.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/child_process.h"
#include "tests/support/file_contents.h"
#include "tests/support/temporary_directory.h"

namespace lancer {
namespace {

TEST(ProbeLocalPublish, FindsLinkOnAnOrdinaryFileSystem) {
  test::TemporaryDirectory directory;
  Result<PublishMethod> method = ProbeLocalPublish(directory.path());
  ASSERT_TRUE(method.has_value()) << method.status().ToString();
  EXPECT_EQ(*method, PublishMethod::kLink);
  EXPECT_TRUE(test::ListNames(*MakeLocalFileSystem(), directory.path())->empty());
}

TEST(ProbeLocalPublish, RefusesADirectoryThatCannotBeWritten) {
  test::TemporaryDirectory directory;
  ASSERT_EQ(chmod(directory.path().c_str(), 0555), 0);
  test::ChildEnd end = test::RunInChild([&] {
    if (!test::BecomeUnprivileged()) {
      return 2;
    }
    Status status = ProbeLocalPublish(directory.path()).status();
    return status.code() == StatusCode::kIoError &&
                   status.message().find("permissions") != std::string_view::npos
               ? 0
               : 1;
  });
  EXPECT_EQ(end.exit_code, 0);
}

TEST(ProbeLocalPublish, RefusesAFileSystemWithoutFiles) {
  Result<PublishMethod> method = ProbeLocalPublish("/proc");
  EXPECT_FALSE(method.has_value());
}

TEST(ProbeLocalPublish, NamesAMissingDirectory) {
  Status status = ProbeLocalPublish("/none/at/all").status();
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_TRUE(status.message().starts_with("/none/at/all"));
}

}  // namespace
}  // namespace lancer
