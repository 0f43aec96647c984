// Commit: durable appends of one row, beside plain C calls that make the same number of
// flushes, and beside others that are durable too.
#include <fcntl.h>
#include <fmt/format.h>
#include <lmdb.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>

#include "bench/arrow_bridge.h"
#include "bench/commands.h"
#include "bench/machine.h"
#include "bench/peers/parquet_files.h"
#include "lancer/dataset.h"

namespace lancer::bench {
namespace {

constexpr int kAppends = 20;  // per repetition

// Runs `append` for each of a repetition's appends; milliseconds each.
Result<Sample> Repeat(const std::function<Status()>& append) {
  const Stopwatch watch;
  for (int i = 0; i < kAppends; ++i) {
    LANCER_RETURN_IF_ERROR(append());
  }
  return watch.Stop(1e3 / kAppends);
}

// What one append of ours did, for the C program to do as well.
struct Shape {
  uint64_t syncs = 0;
  size_t data_bytes = 0;
  size_t manifest_bytes = 0;
};

Status Errno(const char* call) {
  return Status::IoError(fmt::format("{}: {}", call, std::strerror(errno)));
}

// An unnamed file is written, flushed and linked; then the folder is flushed.
Status PublishBytes(int folder, const std::string& name, const std::vector<char>& bytes) {
  const int fd = openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0644);
  if (fd < 0) {
    return Errno("open O_TMPFILE");
  }
  const std::string from = fmt::format("/proc/self/fd/{}", fd);
  const bool done =
      write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
      fsync(fd) == 0 &&
      linkat(AT_FDCWD, from.c_str(), folder, name.c_str(), AT_SYMLINK_FOLLOW) == 0 &&
      fsync(folder) == 0;
  const Status status = done ? Status::Ok() : Errno("publish");
  close(fd);
  return status;
}

// The floor for `shape`: a data file and a log file, each published as above.
Contender PlainCalls(const std::string& folder, const Shape& shape) {
  auto count = std::make_shared<int>(0);
  return {"the same in C",
          fmt::format("{} flushes: write, fsync, link, fsync folder, for {} and {} bytes",
                      shape.syncs, shape.data_bytes, shape.manifest_bytes),
          [=](int) -> Result<Sample> {
            const int data = open((folder + "/data").c_str(), O_DIRECTORY | O_RDONLY);
            const int log = open((folder + "/log").c_str(), O_DIRECTORY | O_RDONLY);
            const std::vector<char> row(shape.data_bytes, 'r');
            const std::vector<char> manifest(shape.manifest_bytes, 'm');
            auto append = [&]() -> Status {
              const std::string name = std::to_string((*count)++);
              if (shape.syncs >= 4) {
                LANCER_RETURN_IF_ERROR(PublishBytes(data, name, row));
              }
              return PublishBytes(log, name, manifest);
            };
            Result<Sample> sample = Repeat(append);
            close(data);
            close(log);
            return sample;
          }};
}

Contender LancerAppends(const std::shared_ptr<Dataset>& dataset,
                        const std::shared_ptr<arrow::Table>& row) {
  return {"lancer", "Dataset::Append of one row, one session",
          [=](int) -> Result<Sample> {
            return Repeat([&]() -> Status {
              LANCER_ASSIGN_OR_RETURN(auto batches, AsBatches(row));
              return dataset->Append(std::move(batches)).status();
            });
          }};
}

Contender ParquetFiles(const std::string& folder,
                       const std::shared_ptr<arrow::Table>& row) {
  auto count = std::make_shared<int>(0);
  return {"parquet file per row", "fsync of the file and of the folder",
          [=](int) -> Result<Sample> {
            return Repeat([&]() -> Status {
              const std::string path = fmt::format("{}/{}.parquet", folder, (*count)++);
              LANCER_RETURN_IF_ERROR(WriteParquetFile(row, ParquetVariant::kZstd, path));
              LANCER_RETURN_IF_ERROR(SyncFile(path));
              const int fd = open(folder.c_str(), O_DIRECTORY | O_RDONLY);
              const bool synced = fsync(fd) == 0;
              close(fd);
              return synced ? Status::Ok() : Errno("fsync");
            });
          }};
}

// One put of the row's size per transaction, with LMDB's default durability.
Contender LmdbPuts(const std::string& folder, size_t bytes) {
  MDB_env* env = nullptr;
  int code = mdb_env_create(&env);
  code = code != 0 ? code : mdb_env_set_mapsize(env, 1 << 28);
  code = code != 0 ? code : mdb_env_open(env, folder.c_str(), 0, 0644);
  auto owner = std::shared_ptr<MDB_env>(env, mdb_env_close);
  auto count = std::make_shared<uint64_t>(0);
  return {"lmdb", "one put per transaction, one fdatasync", [=](int) -> Result<Sample> {
            if (code != 0) {
              return Status::IoError(mdb_strerror(code));
            }
            std::string value(bytes, 'r');
            return Repeat([&]() -> Status {
              MDB_txn* txn = nullptr;
              MDB_dbi dbi = 0;
              MDB_val key{sizeof *count, count.get()};
              MDB_val data{value.size(), value.data()};
              int failed = mdb_txn_begin(owner.get(), nullptr, 0, &txn);
              failed = failed != 0 ? failed : mdb_dbi_open(txn, nullptr, 0, &dbi);
              failed = failed != 0 ? failed : mdb_put(txn, dbi, &key, &data, 0);
              failed = failed != 0 ? failed : mdb_txn_commit(txn);
              ++*count;
              return failed == 0 ? Status::Ok() : Status::IoError(mdb_strerror(failed));
            });
          }};
}

// Appends one row and reads off the counters and the new files what it did.
Result<Shape> ShapeOfAppend(Dataset& dataset, const Context& context,
                            const std::shared_ptr<arrow::Table>& row) {
  const uint64_t before = context.counters->syncs.load();
  LANCER_ASSIGN_OR_RETURN(auto batches, AsBatches(row));
  LANCER_ASSIGN_OR_RETURN(const CommitResult commit, dataset.Append(std::move(batches)));
  Shape shape;
  shape.syncs = context.counters->syncs.load() - before;
  LANCER_ASSIGN_OR_RETURN(const auto fragments, dataset.Fragments());
  shape.data_bytes = fragments.back().size_bytes;
  shape.manifest_bytes = commit.bytes_written > shape.data_bytes
                             ? commit.bytes_written - shape.data_bytes
                             : 4096;
  return shape;
}

}  // namespace

Status BenchCommit(const Setting& setting, Results* results) {
  LANCER_ASSIGN_OR_RETURN(const NamedTable packages, LoadPackages(setting.tables));
  const auto row = packages.table->Slice(0, 1);
  const std::string folder = setting.work_folder + "/commit";
  for (const char* part : {"/data", "/log", "/parquet", "/lmdb", "/lancer"}) {
    LANCER_RETURN_IF_ERROR(MakeEmptyFolder(folder + part));
  }
  const ContextPtr context = MakeContext();
  LANCER_ASSIGN_OR_RETURN(auto first_row, AsBatches(row));
  LANCER_RETURN_IF_ERROR(
      Dataset::Create(folder + "/lancer/table.lancer", std::move(first_row), {}, context)
          .status());
  LANCER_ASSIGN_OR_RETURN(auto dataset,
                          Dataset::Open(folder + "/lancer/table.lancer", {}, context));
  LANCER_ASSIGN_OR_RETURN(const Shape first, ShapeOfAppend(*dataset, *context, row));
  LANCER_ASSIGN_OR_RETURN(const Shape next, ShapeOfAppend(*dataset, *context, row));
  results->Note(
      fmt::format("flushes of an append: {} the first time in a session, {} "
                  "afterwards; {} bytes of data and {} of manifest",
                  first.syncs, next.syncs, next.data_bytes, next.manifest_bytes));
  Group group{"durable append of one row (" + packages.name + ")",
              "ms",
              "every commit flushed to the device",
              0,
              false,
              {},
              {}};
  group.contenders = {LancerAppends(dataset, row), PlainCalls(folder, next),
                      ParquetFiles(folder + "/parquet", row),
                      LmdbPuts(folder + "/lmdb", next.data_bytes)};
  group.targets = {{"the same in C", Target::Kind::kTimesOursAtLeast, 1 / 1.3}};
  results->Measure(group);
  return Status::Ok();
}

}  // namespace lancer::bench
