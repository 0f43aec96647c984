// A writer that is killed at any of its calls: the next write leaves no file that no
// version names. And one that is only slow: nobody touches its files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "tests/dataset/dataset_fixture.h"
#include "tests/dataset/unexplained_files.h"
#include "tests/support/child_process.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/temporary_directory.h"

namespace lancer::dataset {
namespace {

using test::FaultFileSystem;
using test::RecordedCall;

constexpr int64_t kRows = 130;  // in as many fragments: enough for a tree

using Write = std::function<bool(Dataset& dataset)>;

// The process of a writer, on its own view of the machine's file system.
struct Writer {
  Writer() : files(std::make_shared<FaultFileSystem>(MakeLocalFileSystem())) {
    static uint64_t writers = 0;  // of this process: names never come again
    const uint64_t seed = static_cast<uint64_t>(getpid()) << 32 | ++writers;
    context = test::MakeTestContext({.file_system = files, .seed = seed}).context;
  }
  int Run(const std::string& path, const Write& write) const {
    auto dataset = Dataset::Open(path, {}, context);
    if (!dataset) {
      return 2;
    }
    const bool written = write(**dataset);
    dataset->reset();  // the end of the session counts too
    return written ? 0 : 1;
  }

  std::shared_ptr<FaultFileSystem> files;
  ContextPtr context;
};

class KilledWriterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!MakeLocalFileSystem()->LocksProveLife(directory_.path())) {
      GTEST_SKIP() << "locks prove nothing on this file system";
    }
    WriteOptions options;
    options.fragment_rows = 1;
    ASSERT_TRUE(Dataset::Create(path_, NumberStream(0, kRows), options, MakeContext(1))
                    .has_value());
  }
  // Kills a writer before each of its calls in turn, of those that `counts` wants; after
  // each, another one writes.
  void KillEverywhere(const Write& write, const Write& write_next,
                      bool (*counts)(const RecordedCall& call)) {
    size_t killed = 0;
    for (size_t call = 0;; ++call) {
      ASSERT_LT(call, 500u);
      SCOPED_TRACE(call);
      test::ChildProcess child([&] {
        size_t counted = 0;
        Writer writer;
        writer.files->BeforeEachCall([&](size_t /*number*/, const RecordedCall& made) {
          if (counts(made) && counted++ == call) {
            raise(SIGKILL);
          }
        });
        return writer.Run(path_, write);
      });
      const test::ChildEnd end = child.Wait();
      EXPECT_EQ(Writer().Run(path_, write_next), 0);
      EXPECT_THAT(UnexplainedFiles(MakeContext(1), path_), ::testing::IsEmpty());
      if (!end.signal.has_value()) {
        EXPECT_EQ(end.exit_code, 0);
        break;
      }
      ++killed;
    }
    EXPECT_GT(killed, 6u);
    EXPECT_TRUE(ValueOrFail(ValueOrFail(Dataset::Open(path_))->Verify()).faults.empty());
  }

  test::TemporaryDirectory directory_;
  const std::string path_ = directory_.File("t");
};

TEST_F(KilledWriterTest, InAnAppendLeavesNothing) {
  const Write write = [](Dataset& d) {
    return d.Append(NumberStream(kRows, 2)).has_value() &&
           d.Append(NumberStream(kRows + 2, 1)).has_value();
  };
  KillEverywhere(write, write, [](const RecordedCall&) { return true; });
}

TEST_F(KilledWriterTest, InAnOverwriteByALargeSchemaLeavesNothing) {
  int64_t number = 0;
  const Write write = [&](Dataset& d) {
    // Of a large schema and back, so that each is new.
    auto rows = d.schema()->field_count() == 3 ? NumberStream(number++, 2)
                                               : Stream({WideRow(number++)});
    return d.Overwrite(std::move(rows)).has_value();
  };
  KillEverywhere(write, write, [](const RecordedCall&) { return true; });
}

// The files of a tree, too; of the many calls that write data files none counts.
TEST_F(KilledWriterTest, InAWriteOfATreeLeavesNothing) {
  KillEverywhere(
      [](Dataset& d) {
        WriteOptions options;
        options.fragment_rows = 1;
        return d.Overwrite(NumberStream(0, kRows), options).has_value();
      },
      [](Dataset& d) { return d.Append(NumberStream(7, 1)).has_value(); },
      [](const RecordedCall& call) {
        switch (call.call) {
          case test::FileCall::kPublish:
            return call.path.find("/data/") == std::string::npos;
          case test::FileCall::kSyncDirectory:
          case test::FileCall::kLock:
          case test::FileCall::kTryLock:
          case test::FileCall::kOverwrite:
          case test::FileCall::kRemove:
            return true;
          default:
            return false;
        }
      });
}

// Stops a writer before each call up to its commit, lets another one write, and goes on.
TEST_F(KilledWriterTest, ThatIsOnlySlowKeepsItsFiles) {
  int64_t next = kRows;
  for (size_t call = 0;; ++call) {
    ASSERT_LT(call, 500u);
    SCOPED_TRACE(call);
    int stopped[2];
    int go_on[2];
    ASSERT_EQ(pipe(stopped), 0);
    ASSERT_EQ(pipe(go_on), 0);
    test::ChildProcess child([&] {
      Writer writer;
      bool committing = false;
      writer.files->BeforeEachCall([&](size_t number, const RecordedCall& made) {
        // From here on others wait for it.
        committing = committing || (made.call == test::FileCall::kLock);
        if (number == call) {
          char answer = committing ? 'c' : 's';
          (void)!write(stopped[1], &answer, 1);
          (void)!read(go_on[0], &answer, 1);
        }
      });
      return writer.Run(
          path_, [&](Dataset& d) { return d.Append(NumberStream(next, 1)).has_value(); });
    });
    char answer = 0;
    ASSERT_EQ(read(stopped[0], &answer, 1), 1);
    if (answer == 's') {
      EXPECT_EQ(Writer().Run(path_,
                             [&](Dataset& d) {
                               return d.Append(NumberStream(next + 1, 1)).has_value();
                             }),
                0);
    }
    ASSERT_EQ(write(go_on[1], &answer, 1), 1);
    EXPECT_EQ(child.Wait().exit_code, 0);
    for (int end : {stopped[0], stopped[1], go_on[0], go_on[1]}) {
      close(end);
    }
    if (answer == 'c') {
      break;
    }
    next += 2;
  }
  auto dataset = ValueOrFail(Dataset::Open(path_));
  EXPECT_GT(dataset->row_count(), kRows + 20u);
  EXPECT_TRUE(ValueOrFail(dataset->Verify()).faults.empty());
  EXPECT_THAT(UnexplainedFiles(MakeContext(1), path_), ::testing::IsEmpty());
}

}  // namespace
}  // namespace lancer::dataset
