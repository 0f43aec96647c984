// What is safe for concurrent calls by its thread rule, called at once: one open file
// shared by threads that load its parts in a race, and threads that share a context. What
// only a thread sanitizer can see, the build `tsan` does.
#include <gtest/gtest.h>

#include <latch>
#include <random>
#include <thread>

#include "tests/format/file_fixture.h"
#include "tests/support/arrays/random_arrays.h"

namespace lancer::format {
namespace {

constexpr int64_t kRows = 2000;
constexpr int kThreads = 4;

// Two plain columns and three of any nested types.
Batch RandomRows(uint64_t seed) {
  std::mt19937_64 random(seed);
  const Batch numbered = NumberedRows(0, kRows);
  std::vector<Field> fields = numbered.schema->fields();
  std::vector<ArrayPtr> columns = numbered.columns;
  for (int i = 0; i < 3; ++i) {
    fields.push_back(test::RandomField(random, 2));
    fields.back().name = "column " + std::to_string(i);
    columns.push_back(test::RandomArray(fields.back(), kRows, random));
  }
  return {std::make_shared<const Schema>(std::move(fields)), kRows, std::move(columns)};
}

// Each of these returns what went wrong, or nothing.

std::string Taken(const FileReader& reader, const Batch& expected, uint64_t first) {
  std::vector<uint64_t> rows(20);
  std::iota(rows.begin(), rows.end(), first);
  auto batch = reader.Take(rows);
  if (!batch) {
    return batch.status().ToString();
  }
  return batch->Equals(expected.Slice(static_cast<int64_t>(first), 20)) ? ""
                                                                        : "other rows";
}

std::string Scanned(const FileReader& reader, const Batch& expected, int threads) {
  ScanOptions options;
  options.threads = threads;
  options.batch_rows = 300;
  auto scan = reader.Scan(options);
  if (!scan) {
    return scan.status().ToString();
  }
  auto all = ReadAll(scan->get());
  if (!all) {
    return all.status().ToString();
  }
  return all->Equals(expected) ? "" : "other rows in a scan";
}

std::string Described(const FileReader& reader, const Batch& expected) {
  auto schema = reader.schema();
  auto columns = reader.DescribeColumns();
  if (!schema || !columns) {
    return schema ? columns.status().ToString() : schema.status().ToString();
  }
  return (*schema)->Equals(*expected.schema) ? "" : "another schema";
}

std::string Verified(const FileReader& reader) {
  auto report = reader.Verify();
  if (!report) {
    return report.status().ToString();
  }
  return report->faults.empty() ? "" : report->faults[0].ToString();
}

// Every kind of read, from another one on in each thread.
std::string ReadEverything(const FileReader& reader, const Batch& expected, int thread) {
  for (int i = 0; i < 6; ++i) {
    std::string fault;
    switch ((thread + i) % 4) {
      case 0:
        fault = Taken(reader, expected, static_cast<uint64_t>(thread * 400 + i * 11));
        break;
      case 1:
        fault = Scanned(reader, expected, 1 + thread % 2);
        break;
      case 2:
        fault = Described(reader, expected);
        break;
      default:
        fault = Verified(reader);
    }
    if (!fault.empty()) {
      return fault;
    }
  }
  return "";
}

// Runs `body` on all threads at the same time; it returns what went wrong, or nothing.
template <typename Body>
void AtOnce(const Body& body) {
  std::latch start(kThreads);
  std::vector<std::string> faults(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      faults[static_cast<size_t>(i)] = body(i);
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(faults, std::vector<std::string>(kThreads));
}

void ShareReaders(uint64_t seed, MapMode map, uint64_t metadata_cache_bytes) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Context context = *MemoryContext(2);
  context.metadata_cache_bytes = metadata_cache_bytes;
  const auto shared = std::make_shared<const Context>(std::move(context));
  const Batch rows = RandomRows(seed);
  ASSERT_NO_FATAL_FAILURE(WriteFile(shared, "a.lancer", {rows},
                                    {.random_encodings = true, .page_bytes = 4096}));
  const auto reader = OpenOrFail(shared, "a.lancer", map);
  ASSERT_NE(reader, nullptr);
  AtOnce([&](int thread) { return ReadEverything(*reader, rows, thread); });
}

TEST(FileConcurrency, ThreadsShareAReaderThatNobodyHasUsed) {
  for (uint64_t seed = 0; seed < 8 && !testing::Test::HasFailure(); ++seed) {
    ShareReaders(seed, seed % 2 == 0 ? MapMode::kAuto : MapMode::kNever, 64 << 20);
  }
}

// Nothing or little is kept: threads load the same parts for themselves again and again.
TEST(FileConcurrency, ThreadsShareAReaderWithoutRoomForItsMetadata) {
  for (uint64_t seed = 10; seed < 14 && !testing::Test::HasFailure(); ++seed) {
    ShareReaders(seed, MapMode::kNever, seed % 2 == 0 ? 0 : 8192);
  }
}

TEST(FileConcurrency, ThreadsWriteFilesWithOneContext) {
  const ContextPtr context = MemoryContext(3);
  AtOnce([&](int thread) -> std::string {
    const Batch rows = RandomRows(20 + static_cast<uint64_t>(thread));
    const std::string path = std::to_string(thread) + ".lancer";
    WriteFile(context, path, {rows}, {.threads = 3, .page_bytes = 8192});
    const auto reader = OpenOrFail(context, path);
    return reader == nullptr ? "not written" : Scanned(*reader, rows, 3);
  });
}

}  // namespace
}  // namespace lancer::format
