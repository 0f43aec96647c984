#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <new>
#include <stdexcept>
#include <thread>

#include "lancer/context.h"
#include "tests/support/child_process.h"

// ThreadSanitizer cannot follow a child of a threaded process that starts threads: its
// own table still holds those of the parent.
#if defined(__SANITIZE_THREAD__)
#define LANCER_TEST_UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LANCER_TEST_UNDER_TSAN 1
#endif
#endif

namespace lancer {
namespace {

size_t ThreadsOfThisProcess() {
  size_t count = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator("/proc/self/task")) {
    ++count;
  }
  return count;
}

// Passes once `expected` threads are in it at the same time; fails when they do not come.
class Meeting {
 public:
  explicit Meeting(int expected) : missing_(expected) {}
  Status Attend() {
    std::unique_lock lock(mutex_);
    --missing_;
    all_here_.notify_all();
    return all_here_.wait_for(lock, kPatience, [&] { return missing_ <= 0; })
               ? Status::Ok()
               : Status::Internal("the other threads did not come");
  }

 private:
  // So long that no slow machine needs it: only a failure waits.
  static constexpr std::chrono::minutes kPatience{2};
  std::mutex mutex_;
  std::condition_variable all_here_;
  int missing_;
};

TEST(Executor, RunsEveryTaskOnce) {
  for (int threads : {1, 2, 4}) {
    auto executor = MakeExecutor(threads);
    for (size_t count : {0u, 1u, 2u, 3u, 10'000u}) {
      std::vector<std::atomic<int>> runs(count);
      Status status = executor->ParallelFor(count, 0, [&](size_t i) {
        ++runs[i];
        return Status::Ok();
      });
      EXPECT_TRUE(status.ok());
      for (const std::atomic<int>& run : runs) {
        EXPECT_EQ(run, 1);
      }
    }
  }
}

TEST(Executor, RunsTasksAtTheSameTime) {
  auto executor = MakeExecutor(3);
  Meeting meeting(3);
  EXPECT_TRUE(executor->ParallelFor(3, 0, [&](size_t) { return meeting.Attend(); }).ok());
}

TEST(Executor, KeepsToTheGivenNumberOfThreads) {
  auto executor = MakeExecutor(4);
  for (int allowed : {1, 2, 3}) {
    std::atomic<int> running{0};
    std::atomic<int> most{0};
    EXPECT_TRUE(executor
                    ->ParallelFor(200, allowed,
                                  [&](size_t) {
                                    int now = ++running;
                                    int before = most;
                                    while (now > before &&
                                           !most.compare_exchange_weak(before, now)) {
                                    }
                                    std::this_thread::yield();
                                    --running;
                                    return Status::Ok();
                                  })
                    .ok());
    EXPECT_LE(most, allowed);
  }
}

TEST(Executor, StartsNoThreadForOneTask) {
  test::ChildEnd end = test::RunInChild([] {
    size_t before = ThreadsOfThisProcess();
    auto executor = MakeExecutor(4);
    std::thread::id caller = std::this_thread::get_id();
    bool same = true;
    auto task = [&](size_t) {
      same = same && std::this_thread::get_id() == caller;
      return Status::Ok();
    };
    bool ok = executor->ParallelFor(1, 0, task).ok() &&
              executor->ParallelFor(50, 1, task).ok() &&
              executor->ParallelFor(0, 0, task).ok();
    return ok && same && ThreadsOfThisProcess() == before ? 0 : 1;
  });
  EXPECT_EQ(end.exit_code, 0);
}

TEST(Executor, StartsOnlyAsManyThreadsAsTasksNeed) {
  test::ChildEnd end = test::RunInChild([] {
    size_t before = ThreadsOfThisProcess();
    auto executor = MakeExecutor(8);
    bool ok = executor->ParallelFor(2, 0, [](size_t) { return Status::Ok(); }).ok();
    size_t during = ThreadsOfThisProcess();
    executor.reset();
    return ok && during == before + 1 ? 0 : 1;
  });
  EXPECT_EQ(end.exit_code, 0);
}

TEST(Executor, ReturnsTheErrorOfTheLowestIndex) {
  for (int threads : {1, 2, 4}) {
    auto executor = MakeExecutor(threads);
    for (int round = 0; round < 200; ++round) {
      Status status = executor->ParallelFor(100, 0, [&](size_t i) {
        return i >= 7 && i % 2 == 1 ? Status::NotFound(std::to_string(i)) : Status::Ok();
      });
      EXPECT_EQ(status.code(), StatusCode::kNotFound);
      EXPECT_EQ(status.message(), "7");
    }
  }
}

TEST(Executor, LeavesOutTasksAfterAFailure) {
  auto executor = MakeExecutor(2);
  std::atomic<size_t> ran{0};
  Status status = executor->ParallelFor(1'000'000, 0, [&](size_t) {
    ++ran;
    return Status::IoError("broken");
  });
  EXPECT_EQ(status.code(), StatusCode::kIoError);
  EXPECT_LE(ran, 2u);
}

TEST(Executor, TurnsExceptionsIntoErrors) {
  for (int threads : {1, 3}) {
    auto executor = MakeExecutor(threads);
    EXPECT_EQ(
        executor->ParallelFor(10, 0, [](size_t) -> Status { throw std::bad_alloc(); })
            .code(),
        StatusCode::kResourceExhausted);
    Status status = executor->ParallelFor(
        10, 0, [](size_t) -> Status { throw std::runtime_error("why"); });
    EXPECT_EQ(status.code(), StatusCode::kInternal);
    EXPECT_NE(status.message().find("why"), std::string_view::npos);
  }
}

TEST(Executor, RunsNestedCalls) {
  for (int threads : {1, 2, 3}) {
    auto executor = MakeExecutor(threads);
    std::atomic<size_t> leaves{0};
    Status status = executor->ParallelFor(8, 0, [&](size_t) {
      return executor->ParallelFor(8, 0, [&](size_t) {
        return executor->ParallelFor(8, 0, [&](size_t) {
          ++leaves;
          return Status::Ok();
        });
      });
    });
    EXPECT_TRUE(status.ok());
    EXPECT_EQ(leaves, 512u);
  }
}

TEST(Executor, ServesSeveralCallersAtOnce) {
  auto executor = MakeExecutor(3);
  std::vector<std::thread> callers;
  std::atomic<size_t> ran{0};
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int round = 0; round < 100; ++round) {
        EXPECT_TRUE(executor
                        ->ParallelFor(20, 0,
                                      [&](size_t) {
                                        ++ran;
                                        return Status::Ok();
                                      })
                        .ok());
      }
    });
  }
  for (std::thread& caller : callers) {
    caller.join();
  }
  EXPECT_EQ(ran, 8'000u);
}

#ifndef LANCER_TEST_UNDER_TSAN
TEST(Executor, WorksInAForkedChild) {
  auto executor = MakeExecutor(3);
  auto meet = [&] {
    Meeting meeting(3);
    return executor->ParallelFor(3, 0, [&](size_t) { return meeting.Attend(); });
  };
  ASSERT_TRUE(meet().ok());  // threads exist now
  for (int child = 0; child < 3; ++child) {
    test::ChildEnd end = test::RunInChild([&] {
      bool first = meet().ok();
      bool second = meet().ok();
      executor.reset();  // joins the child's threads, not its parent's
      return first && second ? 0 : 1;
    });
    EXPECT_EQ(end.exit_code, 0);
  }
  EXPECT_TRUE(meet().ok());
}
#endif

TEST(Executor, CanBeDroppedInAForkedChildUnused) {
  auto executor = MakeExecutor(3);
  ASSERT_TRUE(executor->ParallelFor(10, 0, [](size_t) { return Status::Ok(); }).ok());
  test::ChildEnd end = test::RunInChild([&] {
    executor.reset();
    return 0;
  });
  EXPECT_EQ(end.exit_code, 0);
}

TEST(Executor, KeepsSignalsAwayFromItsThreads) {
  auto executor = MakeExecutor(2);
  std::thread::id caller = std::this_thread::get_id();
  std::atomic<bool> blocked{false};
  Meeting meeting(2);
  EXPECT_TRUE(executor
                  ->ParallelFor(2, 0,
                                [&](size_t) {
                                  if (std::this_thread::get_id() != caller) {
                                    sigset_t set;
                                    pthread_sigmask(SIG_SETMASK, nullptr, &set);
                                    blocked = sigismember(&set, SIGINT) == 1;
                                  }
                                  return meeting.Attend();
                                })
                  .ok());
  EXPECT_TRUE(blocked);
}

TEST(Executor, HasAtLeastOneThread) {
  EXPECT_GE(MakeExecutor(0)->thread_count(), 1);
  EXPECT_EQ(MakeExecutor(5)->thread_count(), 5);
}

}  // namespace
}  // namespace lancer
