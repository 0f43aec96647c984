// A pool of threads behind Executor.
//
// A parallel call becomes a Job on a list. The caller works on its own job from the
// start; idle threads join jobs that still want helpers. A caller waits only for helpers
// that have joined its job, and they only for helpers of jobs nested deeper, so nesting
// cannot deadlock, whatever the number of threads.
//
// After fork() the child has none of the threads and may find the mutex locked, so all of
// it lives in a Pool that remembers its process; a child puts a new Pool in its place and
// leaves the old one alone for ever.

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <exception>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

#include "lancer/context.h"

namespace lancer {
namespace {

using Task = std::function<Status(size_t)>;

// Nothing may unwind through a pool thread, and a caller must not leave before its
// helpers have, so what a task throws becomes a Status.
Status RunTask(const Task& task, size_t index) {
  try {
    return task(index);
  } catch (const std::bad_alloc&) {
    return Status::ResourceExhausted("a parallel task ran out of memory");
  } catch (const std::exception& error) {
    return Status::Internal(std::string("a parallel task threw: ") + error.what());
  }
}

Status RunInOrder(size_t count, const Task& task) {
  for (size_t i = 0; i < count; ++i) {
    LANCER_RETURN_IF_ERROR(RunTask(task, i));
  }
  return Status::Ok();
}

// One parallel call. Lives on its caller's stack; helpers hold a pointer only while they
// are counted in `helpers`, which the pool's mutex guards.
class Job {
 public:
  Job(size_t count, int wanted, const Task& task)
      : wanted_helpers(wanted), count_(count), task_(task) {}

  // Runs tasks until none is left or one has failed.
  void Work() {
    while (!failed_.load(std::memory_order_relaxed)) {
      size_t index = next_.fetch_add(1, std::memory_order_relaxed);
      if (index >= count_) {
        return;
      }
      Status status = RunTask(task_, index);
      if (!status.ok()) {
        Fail(index, std::move(status));
      }
    }
  }
  // Indexes begin in order, so every task below a failed one has begun, and the lowest
  // failure is known once all threads are done. REQUIRES: they are.
  Status TakeStatus() { return std::move(status_); }

  int wanted_helpers;  // guarded by the pool's mutex
  int helpers = 0;     // guarded by the pool's mutex

 private:
  void Fail(size_t index, Status status) {
    std::lock_guard lock(mutex_);
    if (status_.ok() || index < failed_index_) {
      failed_index_ = index;
      status_ = std::move(status);
    }
    failed_.store(true, std::memory_order_relaxed);
  }

  const size_t count_;
  const Task& task_;
  std::atomic<size_t> next_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  size_t failed_index_ = 0;  // guarded by mutex_, as is status_
  Status status_;
};

class Pool : public std::enable_shared_from_this<Pool> {
 public:
  explicit Pool(int thread_limit) : process_(getpid()), thread_limit_(thread_limit) {}

  // A pool that owns itself until Release or for ever, so that an atomic plain pointer to
  // it can be swapped in a forked child without a lock.
  static Pool* Make(int thread_limit) {
    auto pool = std::make_shared<Pool>(thread_limit);
    pool->self_ = pool;
    return pool.get();
  }
  void Release() { std::shared_ptr<Pool> last = std::move(self_); }

  // Leaves a pool of a parent process alone: its threads are not ours to join. It stays
  // reachable, so that leak checkers know it is on purpose.
  static void Abandon(Pool* pool) {
    static std::atomic<Pool*> abandoned{nullptr};
    pool->next_abandoned_ = abandoned.load();
    while (!abandoned.compare_exchange_weak(pool->next_abandoned_, pool)) {
    }
  }

  bool BelongsToThisProcess() const { return process_ == getpid(); }

  Status Run(size_t count, int helpers, const Task& task) {
    Job job(count, helpers, task);
    {
      std::lock_guard lock(mutex_);
      StartThreads(helpers);
      jobs_.push_back(&job);
    }
    for (int i = 0; i < helpers; ++i) {
      work_.notify_one();
    }
    job.Work();
    std::unique_lock lock(mutex_);
    std::erase(jobs_, &job);
    done_.wait(lock, [&] { return job.helpers == 0; });
    return job.TakeStatus();
  }

  // Ends and joins the threads. REQUIRES: no Run is going on.
  void Stop() {
    std::vector<std::thread> threads;
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
      threads.swap(threads_);
    }
    work_.notify_all();
    for (std::thread& thread : threads) {
      if (thread.get_id() == std::this_thread::get_id()) {
        thread
            .detach();  // the last owner let go inside a task; Loop keeps the pool alive
      } else {
        thread.join();
      }
    }
  }

 private:
  // Makes sure that `wanted` threads exist, as far as the limit and the machine allow.
  void StartThreads(int wanted) {
    wanted = std::min(wanted, thread_limit_);
    // Signals belong to the program's own threads.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      while (static_cast<int>(threads_.size()) < wanted) {
        threads_.emplace_back([pool = shared_from_this()] { pool->Loop(); });
      }
    } catch (const std::system_error&) {
      // No more threads to be had: the caller does the work, only slower.
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void Loop() {
    std::unique_lock lock(mutex_);
    while (true) {
      Job* job = nullptr;
      work_.wait(lock, [&] { return stopping_ || (job = TakeJob()) != nullptr; });
      if (job == nullptr) {
        return;
      }
      lock.unlock();
      job->Work();
      lock.lock();
      if (--job->helpers == 0) {
        done_.notify_all();
      }
    }
  }

  // Joins the newest job that wants a helper: nested work first, since others wait on it.
  Job* TakeJob() {
    if (jobs_.empty()) {
      return nullptr;
    }
    Job* job = jobs_.back();
    ++job->helpers;
    if (--job->wanted_helpers == 0) {
      jobs_.pop_back();
    }
    return job;
  }

  const pid_t process_;
  const int thread_limit_;
  std::shared_ptr<Pool> self_;
  Pool* next_abandoned_ = nullptr;
  std::mutex mutex_;  // guards all below
  std::condition_variable work_;
  std::condition_variable done_;
  std::deque<Job*> jobs_;  // those that want helpers
  std::vector<std::thread> threads_;
  bool stopping_ = false;
};

class ThreadExecutor final : public Executor {
 public:
  explicit ThreadExecutor(int threads)
      : threads_(threads), pool_(Pool::Make(threads - 1)) {}

  ~ThreadExecutor() override {
    Pool* pool = pool_.load();
    if (!pool->BelongsToThisProcess()) {
      Pool::Abandon(pool);
      return;
    }
    pool->Stop();
    pool->Release();
  }

  int thread_count() const override { return threads_; }

  Status ParallelFor(size_t count, int max_threads, const Task& task) override {
    int limit = max_threads <= 0 ? threads_ : std::min(max_threads, threads_);
    if (count < static_cast<size_t>(limit)) {
      limit = static_cast<int>(count);
    }
    if (limit <= 1) {
      return RunInOrder(count, task);
    }
    return CurrentPool()->Run(count, limit - 1, task);
  }

 private:
  std::shared_ptr<Pool> CurrentPool() {
    Pool* pool = pool_.load();
    while (!pool->BelongsToThisProcess()) {
      Pool* fresh = Pool::Make(threads_ - 1);
      if (pool_.compare_exchange_strong(pool, fresh)) {
        Pool::Abandon(pool);
        pool = fresh;
      } else {
        fresh->Release();  // another thread of the child was quicker; `pool` is its pool
      }
    }
    return pool->shared_from_this();
  }

  const int threads_;
  std::atomic<Pool*> pool_;
};

// Processors this process may run on; a container often gives fewer than the machine has.
int ProcessorCount() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) {
    return std::max(1, CPU_COUNT(&allowed));
  }
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

std::shared_ptr<Executor> MakeExecutor(int threads) {
  return std::make_shared<ThreadExecutor>(threads > 0 ? threads : ProcessorCount());
}

}  // namespace lancer
