// Scan: whole columns and tables into Arrow memory, one thread, batch by batch. Files are
// in the page cache and opened anew for each scan, so Lancer computes every checksum.
#include <fmt/format.h>

#include <cstring>

#include "bench/arrow_bridge.h"
#include "bench/commands.h"
#include "bench/machine.h"

namespace lancer::bench {
namespace {

struct Columns {
  std::string kind;                // "int64"
  std::vector<std::string> names;  // empty: the whole table
};

Result<Sample> ScanOnce(Peer& peer, const std::string& path,
                        const std::vector<std::string>& columns, int64_t rows) {
  Scanned scanned;
  const Stopwatch watch;
  LANCER_RETURN_IF_ERROR(peer.Open(path));
  LANCER_RETURN_IF_ERROR(peer.Scan(columns, &scanned));
  const Sample sample = watch.Stop();
  peer.Close();
  if (scanned.rows != static_cast<uint64_t>(rows)) {
    return Status::Internal(fmt::format("{} rows came back of {}", scanned.rows, rows));
  }
  return sample;
}

// The floor: the same bytes copied from memory to memory.
Contender MemoryCopy(const std::shared_ptr<arrow::Table>& table) {
  return {"memcpy", "the Arrow buffers, 1 MiB at a time, into fresh memory",
          [table](int) -> Result<Sample> {
            const Stopwatch watch;
            std::vector<char> target(1 << 20);
            for (const auto& column : table->columns()) {
              for (const auto& chunk : column->chunks()) {
                LANCER_ASSIGN_OR_RETURN(const Taken view, ViewOf(chunk));
                const size_t size = view.rows * view.width;
                for (size_t at = 0; at < size; at += target.size()) {
                  std::memcpy(target.data(), view.bytes + at,
                              std::min(target.size(), size - at));
                }
              }
            }
            return watch.Stop();
          }};
}

Status CheckScan(const NamedTable& source, const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(auto batches, ScanLancerFile(path));
  LANCER_ASSIGN_OR_RETURN(auto table, AsTable(std::move(batches)));
  return table->Equals(*source.table)
             ? Status::Ok()
             : Status::Internal(source.name + ": the scan differs from the source");
}

Status ScanTable(const NamedTable& source, const std::vector<Columns>& selections,
                 const Setting& setting, Results* results) {
  const std::string folder = setting.work_folder + "/scan";
  LANCER_RETURN_IF_ERROR(MakeEmptyFolder(folder));
  std::vector<PeerPtr> peers;
  peers.push_back(MakeLancerFile(Checks::kOnce));
  peers.push_back(MakeLancerFile(Checks::kNever));
  peers.push_back(MakeParquetZstd());
  peers.push_back(MakeParquet());
  peers.push_back(MakeArrowIpc());
  WriteAll(source.table, folder, &peers, results);
  LANCER_RETURN_IF_ERROR(CheckScan(source, folder + "/lancer"));
  for (const Columns& columns : selections) {
    LANCER_ASSIGN_OR_RETURN(const auto part, Select(source.table, columns.names));
    Group group;
    group.title = fmt::format("scan {} ({}{})", columns.kind, source.name,
                              columns.names.empty() ? "" : "." + columns.names[0]);
    group.unit = "s";
    group.state = "hot files, opened anew, 1 thread";
    group.bytes = ArrowBytes(*part);
    group.targets = {{"parquet zstd", Target::Kind::kTimesOursAtLeast, 1}};
    for (PeerPtr& peer : peers) {
      group.contenders.push_back(
          {peer->name(), peer->setting(),
           [&, path = FolderOf(*peer, folder)](int repetition) -> Result<Sample> {
             if (repetition == 0) {
               LANCER_RETURN_IF_ERROR(LoadIntoCache(path));
             }
             return ScanOnce(*peer, path, columns.names, source.table->num_rows());
           }});
    }
    if (columns.kind == "vector") {
      group.contenders.push_back(MemoryCopy(part));
    }
    results->Measure(group);
  }
  return Status::Ok();
}

}  // namespace

Status BenchScan(const Setting& setting, Results* results) {
  {
    LANCER_ASSIGN_OR_RETURN(const NamedTable lineitem, LoadLineitem(setting.tables));
    LANCER_RETURN_IF_ERROR(ScanTable(lineitem,
                                     {{"int64", {"l_orderkey"}},
                                      {"int32", {"l_linenumber"}},
                                      {"decimal", {"l_extendedprice"}},
                                      {"date", {"l_shipdate"}},
                                      {"low-cardinality string", {"l_shipmode"}},
                                      {"short string", {"l_comment"}},
                                      {"whole table", {}}},
                                     setting, results));
  }
  LANCER_ASSIGN_OR_RETURN(const NamedTable packages, LoadPackages(setting.tables));
  LANCER_RETURN_IF_ERROR(ScanTable(packages,
                                   {{"unique string", {"package"}},
                                    {"long text", {"description"}},
                                    {"list of strings", {"depends"}},
                                    {"bool", {"essential"}},
                                    {"irregular int64", {"size"}},
                                    {"whole table", {}}},
                                   setting, results));
  LANCER_ASSIGN_OR_RETURN(const NamedTable vectors, LoadEmbeddings(setting.tables));
  LANCER_RETURN_IF_ERROR(ScanTable(vectors, {{"vector", {"value"}}}, setting, results));
  LANCER_ASSIGN_OR_RETURN(std::optional<NamedTable> photos, LoadPhotos(setting.tables));
  return photos.has_value() ? ScanTable(*photos, {{"image", {"photo"}}}, setting, results)
                            : Status::Ok();
}

}  // namespace lancer::bench
