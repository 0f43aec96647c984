#include "io/read_batch.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "io/posix.h"
#include "lancer/context.h"
#include "tests/support/file_contents.h"
#include "tests/support/temporary_directory.h"

namespace lancer {
namespace {

struct Wanted {
  uint64_t offset;
  size_t size;
};

// Ranges with memory of their own.
struct Batch {
  explicit Batch(const std::vector<Wanted>& wanted) {
    for (const Wanted& one : wanted) {
      memory.emplace_back(one.size);
    }
    for (size_t i = 0; i < wanted.size(); ++i) {
      ranges.push_back({wanted[i].offset, memory[i]});
    }
  }
  std::vector<std::vector<std::byte>> memory;
  std::vector<ReadRange> ranges;
};

struct PlanCase {
  const char* what;
  std::vector<Wanted> wanted;
  size_t requests;
  uint64_t bytes;
};

TEST(ReadPlan, JoinsAdjacentRangesOnly) {
  const PlanCase cases[] = {
      {"none", {}, 0, 0},
      {"empty ranges", {{0, 0}, {100, 0}}, 0, 0},
      {"one", {{5, 10}}, 1, 10},
      {"adjacent", {{0, 10}, {10, 5}, {15, 85}}, 1, 100},
      {"adjacent, out of order", {{15, 85}, {0, 10}, {10, 5}}, 1, 100},
      {"a gap", {{0, 10}, {11, 5}}, 2, 15},
      {"overlapping", {{0, 10}, {5, 10}}, 2, 20},
      {"the same twice", {{0, 10}, {0, 10}}, 2, 20},
      {"an empty one between", {{0, 10}, {10, 0}, {10, 5}}, 1, 15},
      {"to the end", {{90, 10}}, 1, 10},
  };
  for (const PlanCase& expected : cases) {
    SCOPED_TRACE(expected.what);
    Batch batch(expected.wanted);
    Result<ReadPlan> plan = ReadPlan::Make(batch.ranges, 100, "f");
    ASSERT_TRUE(plan.has_value());
    EXPECT_EQ(plan->requests().size(), expected.requests);
    EXPECT_EQ(plan->total_bytes(), expected.bytes);
  }
}

TEST(ReadPlan, RefusesWhatLiesBeyondTheEnd) {
  for (const Wanted& wanted : {Wanted{100, 1}, Wanted{101, 0}, Wanted{99, 2},
                               Wanted{UINT64_MAX, 2}, Wanted{UINT64_MAX - 1, 1}}) {
    Batch batch({{0, 1}, wanted});
    Status status = ReadPlan::Make(batch.ranges, 100, "dir/f").status();
    EXPECT_EQ(status.code(), StatusCode::kCorruption);
    EXPECT_TRUE(status.message().starts_with("dir/f: ends at 100, but "));
  }
}

class ReadWithPreadvTest : public ::testing::Test {
 protected:
  ReadWithPreadvTest() {
    auto random = MakeSeededRandom(3);
    for (std::byte& b : contents_) {
      b = static_cast<std::byte>(random->Next());
    }
    auto files = MakeLocalFileSystem();
    EXPECT_TRUE(test::PublishFile(*files, path_, contents_).ok());
    descriptor_ = OpenDescriptor(path_, O_RDONLY);
  }
  void ExpectRead(const std::vector<Wanted>& wanted) {
    Batch batch(wanted);
    Result<ReadPlan> plan = ReadPlan::Make(batch.ranges, contents_.size(), path_);
    ASSERT_TRUE(plan.has_value());
    ASSERT_TRUE(ReadWithPreadv(descriptor_.get(), *plan, path_).ok());
    for (size_t i = 0; i < wanted.size(); ++i) {
      EXPECT_TRUE(
          std::equal(batch.memory[i].begin(), batch.memory[i].end(),
                     contents_.begin() + static_cast<std::ptrdiff_t>(wanted[i].offset)))
          << "range " << i << " at " << wanted[i].offset;
    }
  }

  test::TemporaryDirectory directory_;
  const std::string path_ = directory_.File("f");
  std::vector<std::byte> contents_ = std::vector<std::byte>(100'000);
  FileDescriptor descriptor_;
};

TEST_F(ReadWithPreadvTest, FillsRandomBatches) {
  auto random = MakeSeededRandom(4);
  for (int round = 0; round < 200; ++round) {
    std::vector<Wanted> wanted;
    for (uint64_t i = random->Next() % 20; i > 0; --i) {
      uint64_t offset = random->Next() % contents_.size();
      uint64_t room = contents_.size() - offset;
      wanted.push_back({offset, static_cast<size_t>(random->Next() % (room + 1))});
    }
    ExpectRead(wanted);
  }
}

TEST_F(ReadWithPreadvTest, FillsMoreAdjacentRangesThanOneCallTakes) {
  std::vector<Wanted> wanted;
  for (uint64_t i = 0; i < 5'000; ++i) {  // preadv takes 1,024
    wanted.push_back({i * 7, 7});
  }
  ExpectRead(wanted);
}

TEST_F(ReadWithPreadvTest, FillsRangesThatAreNotInMemory) {
  ASSERT_EQ(fsync(descriptor_.get()), 0);
  posix_fadvise(descriptor_.get(), 0, 0, POSIX_FADV_DONTNEED);
  ExpectRead({{90'000, 100}, {0, 5'000}, {50'000, 20'000}});
}

TEST_F(ReadWithPreadvTest, CallsAFileThatWasCutMeanwhileAnIoError) {
  ASSERT_EQ(truncate(path_.c_str(), 10'000), 0);
  for (const auto& wanted :
       {std::vector<Wanted>{{9'990, 100}}, std::vector<Wanted>{{0, 10}, {50'000, 1}}}) {
    Batch batch(wanted);
    Result<ReadPlan> plan = ReadPlan::Make(batch.ranges, contents_.size(), path_);
    Status status = ReadWithPreadv(descriptor_.get(), *plan, path_);
    EXPECT_EQ(status.code(), StatusCode::kIoError);
    EXPECT_NE(status.message().find(path_ + ": was cut while it was open"),
              std::string_view::npos)
        << status.ToString();
  }
}

TEST_F(ReadWithPreadvTest, NamesPathAndRangeOfADeviceError) {
  Batch batch({{16, 8}});
  Result<ReadPlan> plan = ReadPlan::Make(batch.ranges, contents_.size(), "f");
  Status status = ReadWithPreadv(-1, *plan, "f");  // EBADF stands for any refusal
  EXPECT_EQ(status.code(), StatusCode::kIoError);
  EXPECT_TRUE(status.message().starts_with("f: cannot read 8 bytes at offset 16: "))
      << status.ToString();
}

TEST(CountBatch, AddsUpAndBearsNull) {
  Counters counters;
  CountBatch(&counters, 3, 100);
  CountBatch(&counters, 1, 11);
  CountBatch(nullptr, 1, 1);
  EXPECT_EQ(counters.batches, 2u);
  EXPECT_EQ(counters.requests, 4u);
  EXPECT_EQ(counters.bytes_read, 111u);
}

}  // namespace
}  // namespace lancer
