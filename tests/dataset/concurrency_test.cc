// Many writers at once, on the machine's own file system: threads, processes, and
// processes that are killed.
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include "tests/dataset/dataset_fixture.h"
#include "tests/dataset/unexplained_files.h"
#include "tests/support/child_process.h"
#include "tests/support/soak.h"
#include "tests/support/temporary_directory.h"

namespace lancer::dataset {
namespace {

constexpr int64_t kStride = 1'000'000;  // of the rows of one writer
constexpr int64_t kKilledAtOnce = 4;    // writers of one round

// Numbers in the dataset, by writer, in the order of the table.
std::map<int64_t, std::vector<int64_t>> RowsByWriter(const std::string& path) {
  auto dataset = ValueOrFail(Dataset::Open(path));
  std::map<int64_t, std::vector<int64_t>> rows;
  for (int64_t number : ValueOrFail(ReadNumbers(*dataset))) {
    rows[number / kStride].push_back(number % kStride);
  }
  return rows;
}

// No id twice, and versions without a hole.
void CheckIds(const std::string& path) {
  auto dataset = ValueOrFail(Dataset::Open(path));
  std::set<uint64_t> row_ids;
  for (const FragmentInfo& fragment : ValueOrFail(dataset->Fragments())) {
    EXPECT_TRUE(row_ids.insert(fragment.first_row_id.value).second);
  }
  EXPECT_EQ(ValueOrFail(dataset->Versions()).size(), dataset->version().value);
}

TEST(Concurrency, EightThreadsAppendAndAllSucceed) {
  test::TemporaryDirectory directory;
  std::string path = directory.File("t");
  ASSERT_TRUE(Dataset::Create(path, NumberStream(0, 0)).has_value());
  std::vector<std::thread> threads;
  std::atomic<int> failures{0};
  for (int64_t writer = 1; writer <= 8; ++writer) {
    threads.emplace_back([&, writer] {
      auto dataset = *Dataset::Open(path);
      for (int64_t i = 0; i < 5; ++i) {
        auto result = dataset->Append(NumberStream(writer * kStride + i, 1));
        failures += result.has_value() ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(failures, 0);
  auto rows = RowsByWriter(path);
  for (int64_t writer = 1; writer <= 8; ++writer) {
    EXPECT_EQ(rows[writer], Iota(0, 5)) << writer;
  }
  CheckIds(path);
}

TEST(Concurrency, ProcessesAppendAndAllSucceed) {
  test::TemporaryDirectory directory;
  std::string path = directory.File("t");
  ASSERT_TRUE(Dataset::Create(path, NumberStream(0, 0)).has_value());
  std::vector<std::unique_ptr<test::ChildProcess>> children;
  for (int64_t writer = 1; writer <= 4; ++writer) {
    children.push_back(std::make_unique<test::ChildProcess>([&path, writer] {
      auto dataset = Dataset::Open(path);
      for (int64_t i = 0; dataset && i < 6; ++i) {
        if (!(*dataset)->Append(NumberStream(writer * kStride + i, 1)).has_value()) {
          return 1;
        }
      }
      return dataset ? 0 : 2;
    }));
  }
  for (auto& child : children) {
    EXPECT_EQ(child->Wait().exit_code, 0);
  }
  auto rows = RowsByWriter(path);
  for (int64_t writer = 1; writer <= 4; ++writer) {
    EXPECT_EQ(rows[writer], Iota(0, 6)) << writer;
  }
  CheckIds(path);
}

// What a writer acknowledged, one byte per row, through a pipe that outlives it.
struct Acks {
  Acks() { EXPECT_EQ(pipe(ends), 0); }
  ~Acks() {
    close(ends[0]);
    close(ends[1]);
  }
  // Waits until the writer has acknowledged `count` rows; false when it never does.
  bool Await(size_t count) {
    constexpr int kPatienceMillis = 120'000;  // only a failure waits so long
    std::array<char, 64> buffer;
    while (seen < count) {
      pollfd ready{.fd = ends[0], .events = POLLIN, .revents = 0};
      if (poll(&ready, 1, kPatienceMillis) != 1) {
        return false;
      }
      ssize_t n = read(ends[0], buffer.data(), std::min(count - seen, buffer.size()));
      if (n <= 0) {
        return false;
      }
      seen += static_cast<size_t>(n);
    }
    return true;
  }
  // All that the writer acknowledged until it ended.
  size_t CloseAndCount() {
    close(ends[1]);
    ends[1] = dup(ends[0]);  // so that the destructor has something to close
    std::array<char, 4096> buffer;
    for (ssize_t n = 0; (n = read(ends[0], buffer.data(), buffer.size())) > 0;) {
      seen += static_cast<size_t>(n);
    }
    return seen;
  }
  int ends[2];
  size_t seen = 0;  // acknowledgements read so far
};

// Kills writers in the middle of their work. What they acknowledged must be there, each
// writer's rows must be a prefix of what it wrote, and writing must go on.
TEST(Concurrency, KilledWritersLoseNothingTheyAcknowledged) {
  test::TemporaryDirectory directory;
  std::string path = directory.File("t");
  ASSERT_TRUE(Dataset::Create(path, NumberStream(0, 0)).has_value());
  std::map<int64_t, size_t> acknowledged;
  auto random = MakeSeededRandom(3);
  int64_t writer = 0;
  size_t least = 0;  // acknowledgements that were waited for
  const uint64_t rounds = 75 * test::SoakFactor();
  for (uint64_t round = 0; round < rounds; ++round) {
    std::vector<std::pair<std::unique_ptr<Acks>, std::unique_ptr<test::ChildProcess>>>
        running;
    for (int64_t i = 0; i < kKilledAtOnce; ++i) {
      ++writer;
      auto acks = std::make_unique<Acks>();
      int out = acks->ends[1];
      auto child = std::make_unique<test::ChildProcess>([&path, writer, out] {
        auto dataset = Dataset::Open(path);
        for (int64_t row = 0; dataset; ++row) {
          if (!(*dataset)->Append(NumberStream(writer * kStride + row, 1)).has_value() ||
              write(out, "a", 1) != 1) {
            return 1;
          }
        }
        return 2;
      });
      running.emplace_back(std::move(acks), std::move(child));
    }
    // Some of its commits later, so that the others are anywhere in theirs.
    size_t awaited = 1 + random->Next() % 4;
    ASSERT_TRUE(running[random->Next() % running.size()].first->Await(awaited));
    least += awaited;
    for (auto& [acks, child] : running) {
      child->Kill();
      EXPECT_TRUE(child->Wait().signal.has_value()) << "a writer gave up by itself";
    }
    int64_t first = writer - kKilledAtOnce + 1;
    for (auto& [acks, child] : running) {
      acknowledged[first++] = acks->CloseAndCount();
    }
  }
  auto rows = RowsByWriter(path);
  size_t total = 0;
  for (const auto& [id, count] : acknowledged) {
    EXPECT_EQ(rows[id], Iota(0, static_cast<int64_t>(rows[id].size()))) << "a hole";
    EXPECT_GE(rows[id].size(), count) << "an acknowledged row is lost";
    EXPECT_LE(rows[id].size(), count + 1) << "a row that nobody wrote";
    total += count;
  }
  EXPECT_GE(total, least);
  test::ReportSoak(fmt::format("{} writers killed, {} commits acknowledged, none lost",
                               acknowledged.size(), total));
  CheckIds(path);
  auto dataset = ValueOrFail(Dataset::Open(path));
  EXPECT_TRUE(ValueOrFail(dataset->Verify()).faults.empty());
  EXPECT_TRUE(dataset->Append(NumberStream(5, 1)).has_value());
  dataset.reset();
  auto context = MakeContext(1);
  if (context->file_system->LocksProveLife(path)) {
    EXPECT_EQ(UnexplainedFiles(context, path), std::vector<std::string>());
  }
}

TEST(Concurrency, OneOfManyCreatorsWins) {
  test::TemporaryDirectory directory;
  std::string path = directory.File("t");
  std::atomic<int> created{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (int64_t i = 1; i <= 6; ++i) {
    threads.emplace_back([&, i] {
      auto dataset = Dataset::Create(path, NumberStream(i * 10, 2));
      if (dataset) {
        ++created;
      } else if (dataset.error().code() == StatusCode::kAlreadyExists) {
        ++refused;
      } else {
        ADD_FAILURE() << dataset.status().ToString();
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(created, 1);
  EXPECT_EQ(refused, 5);
  EXPECT_EQ(ValueOrFail(Dataset::Open(path))->row_count(), 2u);
}

TEST(Concurrency, ReadersTakeWhileWritersWrite) {
  test::TemporaryDirectory directory;
  std::string path = directory.File("t");
  auto dataset = *Dataset::Create(path, NumberStream(0, 50), {.fragment_rows = 5});
  std::atomic<bool> stop{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      auto reader = *Dataset::Open(path);
      while (!stop) {
        uint64_t rows = reader->row_count();
        std::vector<RowPosition> wanted = Positions({0, rows - 1, rows / 2});
        auto batch = reader->Take(wanted);
        EXPECT_TRUE(batch.has_value()) << batch.status().ToString();
        EXPECT_TRUE(reader->Refresh().has_value());
      }
    });
  }
  for (int64_t i = 0; i < 20; ++i) {
    EXPECT_TRUE(dataset->Append(NumberStream(50 + i, 1)).has_value());
  }
  stop = true;
  for (std::thread& reader : readers) {
    reader.join();
  }
}

// What went wrong in one of the reading calls on a dataset of the numbers 0, 1, ..., each
// in a fragment of its own; or nothing.
std::string ReadOneWay(const Dataset& dataset, uint64_t way, uint64_t row) {
  const auto rows = static_cast<int64_t>(dataset.row_count());
  const std::vector<RowPosition> positions = Positions({row});
  switch (way % 5) {
    case 0: {
      auto batch = dataset.Take(positions);
      const bool right = batch && batch->Equals(Numbers(static_cast<int64_t>(row), 1));
      return right ? "" : "take: " + batch.status().ToString();
    }
    case 1: {
      auto ids = dataset.RowIds(positions);
      auto batch = ids ? dataset.TakeIds(*ids) : Result<Batch>(ids.status());
      const bool right = batch && batch->Equals(Numbers(static_cast<int64_t>(row), 1));
      return right ? "" : "take by id: " + batch.status().ToString();
    }
    case 2: {
      auto numbers = ReadNumbers(dataset);
      return numbers && *numbers == Iota(0, rows) ? "" : numbers.status().ToString();
    }
    case 3: {
      auto fragments = dataset.Fragments();
      auto versions = dataset.Versions();
      auto file = fragments
                      ? dataset.OpenFragment((*fragments)[row].id)
                      : Result<std::shared_ptr<const FileReader>>(fragments.status());
      const bool right = versions && file && (*file)->row_count() == 1;
      return right ? "" : "fragments: " + file.status().ToString();
    }
    default: {
      auto report = dataset.Verify();
      return report && report->faults.empty() ? "" : report.status().ToString();
    }
  }
}

// More fragments than a manifest lists and than readers are kept, so that the tree, the
// caches and their evictions are shared as well.
TEST(Concurrency, ThreadsShareOneDataset) {
  constexpr int64_t kFragments = 300;
  auto context = test::MakeTestContext({.threads = 2}).context;
  auto dataset = ValueOrFail(
      Dataset::Create("t", NumberStream(0, kFragments), {.fragment_rows = 1}, context));
  ASSERT_NE(dataset, nullptr);
  std::vector<std::string> faults(4);
  std::vector<std::thread> threads;
  for (size_t thread = 0; thread < faults.size(); ++thread) {
    threads.emplace_back([&, thread] {
      for (uint64_t i = 0; i < 10 && faults[thread].empty(); ++i) {
        faults[thread] =
            ReadOneWay(*dataset, thread + i, (thread * 10 + i) * 97 % kFragments);
      }
    });
  }
  auto writer = ValueOrFail(Dataset::Open("t", {}, context));
  for (int64_t i = 0; i < 10; ++i) {
    EXPECT_TRUE(writer->Append(NumberStream(kFragments + i, 1)).has_value());
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(faults, std::vector<std::string>(faults.size()));
  EXPECT_TRUE(ValueOrFail(dataset->Refresh()));
  EXPECT_EQ(ValueOrFail(ReadNumbers(*dataset)), Iota(0, kFragments + 10));
}

TEST(Concurrency, ReadOnlyFoldersOpenWithoutAWrite) {
  test::TemporaryDirectory directory;
  std::string path = directory.File("t");
  ASSERT_TRUE(Dataset::Create(path, NumberStream(0, 5)).has_value());
  std::string command =
      "chmod -R a-w '" + path + "' && chmod a+rx '" + directory.path() + "'";
  ASSERT_EQ(system(command.c_str()), 0);
  auto end = test::RunInChild([&] {
    if (!test::BecomeUnprivileged()) {
      return 9;
    }
    auto dataset = Dataset::Open(path, {}, MakeContext(1));
    if (!dataset || !(*dataset)->Take(Positions({4})).has_value()) {
      return 1;
    }
    auto refused = (*dataset)->Append(NumberStream(5, 1));
    return refused.status().code() == StatusCode::kIoError ? 0 : 2;
  });
  ASSERT_EQ(system(("chmod -R u+w '" + path + "'").c_str()), 0);
  if (end.exit_code == 9) {
    GTEST_SKIP() << "cannot give up rights here";
  }
  EXPECT_EQ(end.exit_code, 0);
}

}  // namespace
}  // namespace lancer::dataset
