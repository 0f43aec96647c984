#include "io/local_file_lock.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "io/posix.h"
#include "tests/support/child_process.h"
#include "tests/support/file_contents.h"
#include "tests/support/temporary_directory.h"

namespace lancer {
namespace {

// Asks without waiting.
bool IsLocked(const std::string& path) {
  FileDescriptor descriptor = OpenDescriptor(path, O_RDWR);
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  EXPECT_EQ(fcntl(descriptor.get(), F_OFD_GETLK, &range), 0);
  return range.l_type != F_UNLCK;
}

void WaitUntilLocked(const std::string& path) {
  while (access(path.c_str(), F_OK) != 0 || !IsLocked(path)) {
    usleep(1'000);
  }
}

class LocalFileLockTest : public ::testing::Test {
 protected:
  test::TemporaryDirectory directory_;
  const std::string path_ = directory_.File("lock");
};

TEST_F(LocalFileLockTest, HoldsFromCreationToDestruction) {
  auto lock = LockLocalFile(path_);
  ASSERT_TRUE(lock.has_value());
  EXPECT_TRUE(IsLocked(path_));
  lock->reset();
  EXPECT_FALSE(IsLocked(path_));
}

TEST_F(LocalFileLockTest, ExcludesOtherProcesses) {
  const std::string counter = directory_.File("counter");
  auto add = [&](int times) {
    auto files = MakeLocalFileSystem();
    for (int i = 0; i < times; ++i) {
      auto lock = LockLocalFile(path_);
      if (!lock.has_value()) {
        return 1;
      }
      int value = std::stoi(test::ReadFileText(*files, counter).value_or("0"));
      if (!files->Overwrite(counter, test::BytesOf(std::to_string(value + 1))).ok()) {
        return 2;
      }
    }
    return 0;
  };
  std::vector<std::unique_ptr<test::ChildProcess>> children;
  for (int i = 0; i < 4; ++i) {
    children.push_back(std::make_unique<test::ChildProcess>([&] { return add(50); }));
  }
  for (const auto& child : children) {
    EXPECT_EQ(child->Wait().exit_code, 0);
  }
  EXPECT_EQ(test::ReadFileText(*MakeLocalFileSystem(), counter).value_or("?"), "200");
}

TEST_F(LocalFileLockTest, IsDroppedWhenItsHolderIsKilled) {
  test::ChildProcess child([&] {
    auto lock = LockLocalFile(path_);
    pause();
    return 0;
  });
  WaitUntilLocked(path_);
  child.Kill();
  child.Wait();
  EXPECT_TRUE(LockLocalFile(path_).has_value());
}

TEST_F(LocalFileLockTest, IsNotDroppedByAForkedChild) {
  auto lock = *LockLocalFile(path_);
  test::ChildEnd end = test::RunInChild([&] {
    lock.reset();  // the child's copy
    return 0;
  });
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_TRUE(IsLocked(path_));
}

TEST_F(LocalFileLockTest, IsDroppedByItsHolderThoughAChildHasACopy) {
  auto lock = *LockLocalFile(path_);
  test::ChildProcess child([] {
    pause();
    return 0;
  });
  lock.reset();
  EXPECT_FALSE(IsLocked(path_));
}

TEST_F(LocalFileLockTest, WaitsThroughSignals) {
  struct sigaction quiet {};
  quiet.sa_handler = [](int) {};  // without SA_RESTART: calls are interrupted
  struct sigaction before {};
  ASSERT_EQ(sigaction(SIGUSR1, &quiet, &before), 0);
  auto held = *LockLocalFile(path_);
  std::atomic<bool> has_lock{false};
  Status status;
  std::thread waiter([&] {
    status = LockLocalFile(path_).status();
    has_lock = true;
  });
  for (int i = 0; i < 20; ++i) {
    pthread_kill(waiter.native_handle(), SIGUSR1);
    usleep(1'000);
  }
  EXPECT_FALSE(has_lock);
  held.reset();
  waiter.join();
  EXPECT_TRUE(status.ok()) << status.ToString();
  sigaction(SIGUSR1, &before, nullptr);
}

TEST_F(LocalFileLockTest, TryingNeitherWaitsNorCreates) {
  EXPECT_EQ(TryLockLocalFile(path_).status().code(), StatusCode::kNotFound);
  auto held = *LockLocalFile(path_);
  auto refused = TryLockLocalFile(path_);
  ASSERT_TRUE(refused.has_value()) << refused.status().ToString();
  EXPECT_EQ(*refused, nullptr);
  held.reset();
  auto taken = TryLockLocalFile(path_);
  ASSERT_TRUE(taken.has_value()) << taken.status().ToString();
  ASSERT_NE(*taken, nullptr);
  EXPECT_TRUE(IsLocked(path_));
}

TEST_F(LocalFileLockTest, TryingFindsTheLockOfALivingProcessAlone) {
  test::ChildProcess child([&] {
    auto lock = LockLocalFile(path_);
    pause();
    return 0;
  });
  WaitUntilLocked(path_);
  EXPECT_EQ(*TryLockLocalFile(path_), nullptr);
  child.Kill();
  child.Wait();
  EXPECT_NE(*TryLockLocalFile(path_), nullptr);
}

// Two processes try: one removes the file while it holds the lock. Whoever gets the lock
// afterwards must not believe that it has the file.
TEST_F(LocalFileLockTest, TryingNeverLocksAFileWithoutAName) {
  auto files = MakeLocalFileSystem();
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(files->Overwrite(path_, {}).ok());
    std::atomic<int> had_it{0};
    auto take = [&] {
      auto lock = TryLockLocalFile(path_);
      if (lock && *lock != nullptr) {
        ++had_it;
        EXPECT_TRUE(files->Remove(path_).ok());
      } else if (!lock) {
        EXPECT_EQ(lock.error().code(), StatusCode::kNotFound);
      }
    };
    std::thread other(take);
    take();
    other.join();
    EXPECT_EQ(had_it, 1);
  }
}

TEST_F(LocalFileLockTest, NamesAPathThatCannotBeLocked) {
  Status status = LockLocalFile(directory_.File("none/lock")).status();
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_NE(status.message().find("none/lock: cannot open it for locking"),
            std::string_view::npos);
}

}  // namespace
}  // namespace lancer
