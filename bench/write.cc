// Write: a table from Arrow memory to a closed file. "To memory" leaves the device out
// and shows what encoding costs; "to a file" includes the fsync of all contenders.
#include <arrow/io/memory.h>
#include <fmt/format.h>

#include <thread>

#include "bench/arrow_bridge.h"
#include "bench/commands.h"
#include "bench/machine.h"
#include "bench/peers/lancer_file.h"
#include "bench/peers/parquet_files.h"

namespace lancer::bench {
namespace {

// A context whose files are in memory.
ContextPtr MemoryContext() {
  auto context = std::make_shared<Context>(*MakeContext());
  context->file_system = MakeMemoryFileSystem();
  return context;
}

Result<Sample> WriteLancer(const std::shared_ptr<arrow::Table>& table,
                           const std::string& path, int threads, Profile profile,
                           const ContextPtr& context) {
  const Stopwatch watch;
  LANCER_RETURN_IF_ERROR(
      WriteLancerFile(table, path, {.profile = profile, .threads = threads}, context));
  return watch.Stop();
}

Contender LancerInMemory(const std::shared_ptr<arrow::Table>& table, int threads) {
  return {fmt::format("lancer, {} thread{}", threads, threads == 1 ? "" : "s"),
          "profile random", [table, threads](int) {
            return WriteLancer(table, "/table.lancer", threads, Profile::kRandom,
                               MemoryContext());
          }};
}

Contender LancerCompactInMemory(const std::shared_ptr<arrow::Table>& table) {
  return {"lancer compact, 1 thread", "profile compact", [table](int) {
            return WriteLancer(table, "/table.lancer", 1, Profile::kCompact,
                               MemoryContext());
          }};
}

Contender LancerOnDisk(const std::shared_ptr<arrow::Table>& table, int threads,
                       const std::string& folder) {
  return {fmt::format("lancer, {} thread{}", threads, threads == 1 ? "" : "s"),
          "profile random, fsync of file and folder",
          [table, threads, folder](int) -> Result<Sample> {
            LANCER_RETURN_IF_ERROR(MakeEmptyFolder(folder));
            return WriteLancer(table, folder + "/table.lancer", threads, Profile::kRandom,
                               DefaultContext());
          }};
}

Contender ParquetInMemory(const std::string& name, ParquetVariant variant,
                          const std::shared_ptr<arrow::Table>& table) {
  return {name, std::string("1 thread, ") + ParquetVariantText(variant),
          [variant, table](int) -> Result<Sample> {
            const Stopwatch watch;
            LANCER_ASSIGN_OR_RETURN(
                auto out, FromArrow(arrow::io::BufferOutputStream::Create(1 << 20)));
            LANCER_RETURN_IF_ERROR(WriteParquet(table, variant, out));
            LANCER_RETURN_IF_ERROR(FromArrow(out->Close()));
            return watch.Stop();
          }};
}

Contender ParquetOnDisk(const std::string& name, ParquetVariant variant,
                        const std::shared_ptr<arrow::Table>& table,
                        const std::string& folder) {
  return {name, std::string("1 thread, fsync, ") + ParquetVariantText(variant),
          [variant, table, folder](int) -> Result<Sample> {
            LANCER_RETURN_IF_ERROR(MakeEmptyFolder(folder));
            const std::string path = folder + "/table.parquet";
            const Stopwatch watch;
            LANCER_RETURN_IF_ERROR(WriteParquetFile(table, variant, path));
            LANCER_RETURN_IF_ERROR(SyncFile(path));
            return watch.Stop();
          }};
}

void WriteTable(const NamedTable& source, const Setting& setting, Results* results) {
  Group memory;
  memory.title = "write " + source.name + " to memory";
  memory.unit = "s";
  memory.state = "Arrow in memory to memory";
  memory.bytes = ArrowBytes(*source.table);
  memory.contenders = {
      LancerInMemory(source.table, 1), LancerInMemory(source.table, 2),
      ParquetInMemory("parquet zstd", ParquetVariant::kZstd, source.table),
      ParquetInMemory("parquet", ParquetVariant::kDefault, source.table)};
  memory.targets = {{"parquet zstd", Target::Kind::kTimesOursAtLeast, 1}};
  // Speed-up by a second core: our cost with two threads at most 1 / 1.6 of one. Plain
  // vectors are not encoded, only copied, which memory bounds and not the cores.
  const bool two_cores = std::thread::hardware_concurrency() >= 2;
  if (two_cores && source.table->num_columns() > 1) {
    memory.targets.push_back(
        {"lancer, 2 threads", Target::Kind::kTimesOursAtMost, 1 / 1.6});
  }
  results->Measure(memory);
  Group compact = memory;
  compact.title += ", compact";
  compact.contenders = {
      LancerCompactInMemory(source.table),
      ParquetInMemory("parquet zstd", ParquetVariant::kZstd, source.table)};
  compact.targets = {{"parquet zstd", Target::Kind::kTimesOursAtLeast, 0.5}};
  results->Measure(compact);
  Group disk;
  disk.title = "write " + source.name + " to a file";
  disk.unit = "s";
  disk.state = "Arrow in memory to a durable file";
  disk.bytes = memory.bytes;
  const std::string folder = setting.work_folder + "/write";
  disk.contenders = {LancerOnDisk(source.table, 1, folder + "/lancer"),
                     LancerOnDisk(source.table, 2, folder + "/lancer"),
                     ParquetOnDisk("parquet zstd", ParquetVariant::kZstd, source.table,
                                   folder + "/parquet"),
                     ParquetOnDisk("parquet", ParquetVariant::kDefault, source.table,
                                   folder + "/parquet")};
  results->Measure(disk);
}

}  // namespace

Status BenchWrite(const Setting& setting, Results* results) {
  for (const auto load : {LoadPackages, LoadEmbeddings, LoadLineitem}) {
    LANCER_ASSIGN_OR_RETURN(const NamedTable source, load(setting.tables));
    WriteTable(source, setting, results);
  }
  return Status::Ok();
}

}  // namespace lancer::bench
