// File systems that are no ordinary disk, mounted for the test where the machine lets it:
// what the README of io says of them is what the probe finds.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "io/describe_file_system.h"
#include "tests/support/child_process.h"
#include "tests/support/file_contents.h"
#include "tests/support/temporary_directory.h"

namespace lancer {
namespace {

// Exit codes of a child; others tell which step went wrong.
constexpr int kFine = 0;
constexpr int kNoMounts = 77;  // mounting needs rights that a container may withhold

bool MountTmpfs(const std::string& at) {
  return mkdir(at.c_str(), 0777) == 0 &&
         mount("none", at.c_str(), "tmpfs", 0, nullptr) == 0;
}

// An overlay with one file, "below", in its lower layer.
bool MountOverlay(const std::string& layers, const std::string& at) {
  for (const char* name : {"/lower", "/upper", "/work"}) {
    if (mkdir((layers + name).c_str(), 0777) != 0) {
      return false;
    }
  }
  const std::string options = "lowerdir=" + layers + "/lower,upperdir=" + layers +
                              "/upper,workdir=" + layers + "/work";
  return test::PublishFile(*MakeLocalFileSystem(), layers + "/lower/below", "old").ok() &&
         mkdir(at.c_str(), 0777) == 0 &&
         mount("none", at.c_str(), "overlay", 0, options.c_str()) == 0;
}

// Runs `use` in a child whose mounts nobody else sees.
template <typename Use>
int RunWithMounts(const Use& use) {
  test::ChildEnd end = test::RunInChild([&] {
    const bool allowed = unshare(CLONE_NEWNS) == 0 &&
                         mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    return allowed ? use() : kNoMounts;
  });
  return end.exit_code.value_or(-1);
}

// That the folder is of this kind, is local, and does all that a dataset asks of it.
int UseAsADisk(const std::string& directory, std::string_view kind) {
  auto described = DescribeFileSystem(directory);
  if (!described || described->name != kind || described->network) {
    return 1;
  }
  auto files = MakeLocalFileSystem();
  if (files->ProbePublish(directory).value_or(PublishMethod::kExclusiveCreate) !=
      PublishMethod::kLink) {
    return 2;
  }
  const std::string path = directory + "/a";
  if (!test::PublishFile(*files, path, "text").ok() ||
      test::PublishFile(*files, path, "other").code() != StatusCode::kAlreadyExists ||
      !files->SyncDirectory(directory).ok()) {
    return 3;
  }
  auto file = files->OpenForRead(path, MapMode::kAuto);
  if (!file || (*file)->mapped().size() != 4) {
    return 4;
  }
  return files->Lock(directory + "/lock").has_value() ? kFine : 5;
}

TEST(MountedFileSystems, TmpfsHoldsDatasets) {
  test::TemporaryDirectory directory;
  const std::string at = directory.File("tmpfs");
  const int end =
      RunWithMounts([&] { return MountTmpfs(at) ? UseAsADisk(at, "tmpfs") : kNoMounts; });
  EXPECT_TRUE(end == kFine || end == kNoMounts) << end;
}

TEST(MountedFileSystems, OverlayHoldsDatasetsAndKeepsTheLayerBelow) {
  test::TemporaryDirectory directory;
  const std::string layers = directory.File("layers");
  const std::string at = directory.File("overlay");
  const int end = RunWithMounts([&] {
    if (!MountTmpfs(layers) || !MountOverlay(layers, at)) {
      return kNoMounts;
    }
    auto files = MakeLocalFileSystem();
    // A name of the layer below is taken, too; an overwritten hint leaves that layer.
    if (test::PublishFile(*files, at + "/below", "x").code() !=
            StatusCode::kAlreadyExists ||
        !files->Overwrite(at + "/below", test::BytesOf("new")).ok() ||
        test::ReadFileText(*files, at + "/below").value_or("?") != "new" ||
        test::ReadFileText(*files, layers + "/lower/below").value_or("?") != "old") {
      return 6;
    }
    return UseAsADisk(at, "overlay");
  });
  EXPECT_TRUE(end == kFine || end == kNoMounts) << end;
}

// Needs no rights: /dev/shm is a tmpfs on nearly every Linux.
TEST(MountedFileSystems, SharedMemoryIsATmpfs) {
  auto kind = DescribeFileSystem("/dev/shm");
  if (!kind || kind->name != "tmpfs") {
    return;
  }
  std::string directory = "/dev/shm/lancer-XXXXXX";
  ASSERT_NE(mkdtemp(directory.data()), nullptr);
  EXPECT_EQ(UseAsADisk(directory, "tmpfs"), kFine);
  auto files = MakeLocalFileSystem();
  const auto names = test::ListNames(*files, directory);
  for (const std::string& name : *names) {
    EXPECT_TRUE(files->Remove(directory + "/" + name).ok());
  }
  EXPECT_TRUE(files->RemoveDirectory(directory).ok());
}

}  // namespace
}  // namespace lancer
