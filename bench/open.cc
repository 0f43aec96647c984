// Open: files of many columns, datasets of many fragments.
#include <arrow/array/array_primitive.h>
#include <arrow/buffer.h>
#include <arrow/dataset/discovery.h>
#include <arrow/dataset/file_parquet.h>
#include <arrow/filesystem/localfs.h>
#include <fmt/format.h>

#include "bench/arrow_bridge.h"
#include "bench/commands.h"
#include "bench/machine.h"
#include "bench/peers/parquet_files.h"
#include "lancer/dataset.h"
#include "lancer/file_reader.h"

namespace lancer::bench {
namespace {

// `count` columns of int32 over the same few values.
std::shared_ptr<arrow::Table> WideTable(int count) {
  constexpr int64_t kRows = 10;
  auto values = arrow::Buffer::FromVector(std::vector<int32_t>(kRows, 7));
  auto array = std::make_shared<arrow::Int32Array>(kRows, values);
  std::vector<std::shared_ptr<arrow::Field>> fields;
  for (int i = 0; i < count; ++i) {
    fields.push_back(arrow::field(fmt::format("column_{}", i), arrow::int32()));
  }
  return arrow::Table::Make(
      arrow::schema(std::move(fields)),
      std::vector<std::shared_ptr<arrow::Array>>(static_cast<size_t>(count), array));
}

Contender OpenOnly(Peer& peer, const std::string& path) {
  return {peer.name(), peer.setting(), [&peer, path](int) -> Result<Sample> {
            peer.Close();
            const Stopwatch watch;
            LANCER_RETURN_IF_ERROR(peer.Open(path));
            return watch.Stop(1e3);
          }};
}

Contender OpenAndScanOne(Peer& peer, const std::string& path, int count) {
  const std::string column = fmt::format("column_{}", count / 2);
  return {peer.name(), peer.setting(), [&peer, path, column](int) -> Result<Sample> {
            peer.Close();
            Scanned scanned;
            const Stopwatch watch;
            LANCER_RETURN_IF_ERROR(peer.Open(path));
            LANCER_RETURN_IF_ERROR(peer.Scan({column}, &scanned));
            return watch.Stop(1e3);
          }};
}

Status OpenWideFile(int count, const Setting& setting, Results* results) {
  const std::string title = fmt::format("open a file of {} columns", count);
  if (!results->Wants(title)) {
    return Status::Ok();
  }
  const std::string folder = setting.work_folder + "/open";
  LANCER_RETURN_IF_ERROR(MakeEmptyFolder(folder));
  std::vector<PeerPtr> peers;
  peers.push_back(MakeLancerFile());
  peers.push_back(MakeParquetZstd());
  peers.push_back(MakeArrowIpc());
  WriteAll(WideTable(count), folder, &peers, results);
  Group open{title, "ms", "hot", 0, false, {}, {}};
  Group one{title + ", scan one of them", "ms", "hot", 0, false, {}, {}};
  for (PeerPtr& peer : peers) {
    const std::string path = FolderOf(*peer, folder);
    open.contenders.push_back(OpenOnly(*peer, path));
    one.contenders.push_back(OpenAndScanOne(*peer, path, count));
  }
  if (count == 100'000) {
    open.targets = {{"lancer", Target::Kind::kCostAtMost, 1}};
  }
  results->Measure(open);
  results->Measure(one);
  return Status::Ok();
}

// Row i of the table, as if it came from one of many writers.
std::shared_ptr<arrow::Table> RowOf(const arrow::Table& table, int i) {
  return table.Slice(i % table.num_rows(), 1);
}

Status MakeFragments(const arrow::Table& table, int count, const std::string& folder) {
  LANCER_ASSIGN_OR_RETURN(auto first, AsBatches(RowOf(table, 0)));
  LANCER_ASSIGN_OR_RETURN(auto dataset,
                          Dataset::Create(folder + "/table.lancer", std::move(first)));
  for (int i = 1; i < count; ++i) {
    LANCER_ASSIGN_OR_RETURN(auto row, AsBatches(RowOf(table, i)));
    LANCER_RETURN_IF_ERROR(dataset->Append(std::move(row)).status());
  }
  return Status::Ok();
}

Status MakeParquetFolder(const arrow::Table& table, int count,
                         const std::string& folder) {
  for (int i = 0; i < count; ++i) {
    LANCER_RETURN_IF_ERROR(WriteParquetFile(RowOf(table, i), ParquetVariant::kZstd,
                                            fmt::format("{}/{}.parquet", folder, i)));
  }
  return Status::Ok();
}

Contender OpenFragments(const std::string& folder, int count) {
  return {"lancer", "Dataset::Open, newest version", [=](int) -> Result<Sample> {
            const Stopwatch watch;
            LANCER_ASSIGN_OR_RETURN(auto dataset,
                                    Dataset::Open(folder + "/table.lancer"));
            const Sample sample = watch.Stop(1e3);
            return dataset->row_count() == static_cast<uint64_t>(count)
                       ? Result<Sample>(sample)
                       : Result<Sample>(Status::Internal("rows are missing"));
          }};
}

Contender OpenParquetFolder(const std::string& folder) {
  return {"parquet folder", "arrow::dataset: list the folder, read one footer",
          [=](int) -> Result<Sample> {
            const Stopwatch watch;
            arrow::fs::FileSelector selector;
            selector.base_dir = folder;
            LANCER_ASSIGN_OR_RETURN(
                auto factory,
                FromArrow(arrow::dataset::FileSystemDatasetFactory::Make(
                    std::make_shared<arrow::fs::LocalFileSystem>(), selector,
                    std::make_shared<arrow::dataset::ParquetFileFormat>(),
                    arrow::dataset::FileSystemFactoryOptions())));
            LANCER_ASSIGN_OR_RETURN(auto dataset, FromArrow(factory->Finish()));
            return watch.Stop(1e3);
          }};
}

Status OpenManyFragments(const arrow::Table& table, int count, const Setting& setting,
                         Results* results) {
  const std::string title = fmt::format("open a dataset of {} fragments", count);
  if (!results->Wants(title)) {
    return Status::Ok();
  }
  const std::string folder = setting.work_folder + "/fragments";
  const std::string parquet_folder = setting.work_folder + "/fragments-parquet";
  LANCER_RETURN_IF_ERROR(MakeEmptyFolder(folder));
  LANCER_RETURN_IF_ERROR(MakeEmptyFolder(parquet_folder));
  LANCER_RETURN_IF_ERROR(MakeFragments(table, count, folder));
  LANCER_RETURN_IF_ERROR(MakeParquetFolder(table, count, parquet_folder));
  Group group{title, "ms", "hot", 0, false, {}, {}};
  group.contenders = {OpenFragments(folder, count), OpenParquetFolder(parquet_folder)};
  if (count == 10'000) {
    group.targets = {{"lancer", Target::Kind::kCostAtMost, 10}};
  }
  results->Measure(group);
  return MakeEmptyFolder(folder);
}

}  // namespace

Status BenchOpen(const Setting& setting, Results* results) {
  for (const int count : {10, 10'000, 100'000}) {
    if (!setting.quick || count <= 10'000) {
      LANCER_RETURN_IF_ERROR(OpenWideFile(count, setting, results));
    }
  }
  LANCER_ASSIGN_OR_RETURN(const NamedTable packages, LoadPackages(setting.tables));
  for (const int count : {10, 1'000, 10'000}) {
    if (!setting.quick || count <= 10) {
      LANCER_RETURN_IF_ERROR(OpenManyFragments(*packages.table, count, setting, results));
    }
  }
  return Status::Ok();
}

}  // namespace lancer::bench
