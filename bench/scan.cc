// Scan: whole columns and tables into Arrow memory, one thread, batch by batch. Files are
// in the page cache and opened anew for each scan, so Lancer computes every checksum.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "bench/arrow_bridge.h"
#include "bench/commands.h"
#include "bench/machine.h"

namespace lancer::bench {
namespace {

using Kind = Target::Kind;

struct Columns {
  std::string kind;                // "int64"
  std::vector<std::string> names;  // empty: the whole table
  double parquet = 1;              // how many times our cost Parquet with zstd is to pay
  double parquet_compact = 0;      // and that of the profile compact; 0: no figure
};

// What checking may add to a scan of a whole table, as a factor.
constexpr double kChecksAtMost = 1.05;

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

// The contenders of these names, in this order.
std::vector<Contender> Chosen(const std::vector<Contender>& all,
                              const std::vector<std::string>& names) {
  std::vector<Contender> chosen;
  for (const std::string& name : names) {
    const auto found = std::ranges::find(all, name, &Contender::name);
    if (found != all.end()) {
      chosen.push_back(*found);
    }
  }
  return chosen;
}

// All contenders beside the profile random; then those that compare with another one of
// ours: the profile compact, and what checks cost.
void MeasureGroups(const std::string& table, const Columns& columns, double bytes,
                   const std::vector<Contender>& contenders, Results* results) {
  const auto measure = [&](const std::string& suffix, std::vector<Contender> chosen,
                           std::vector<Target> targets) {
    Group group;
    group.title =
        fmt::format("scan {} ({}{}){}", columns.kind, table,
                    columns.names.empty() ? "" : "." + columns.names[0], suffix);
    group.unit = "s";
    group.state = "hot files, opened anew, 1 thread";
    group.bytes = bytes;
    group.contenders = std::move(chosen);
    group.targets = std::move(targets);
    results->Measure(group);
  };
  std::vector<Target> targets = {
      {"parquet zstd", Kind::kTimesOursAtLeast, columns.parquet}};
  if (columns.kind == "vector") {
    targets.push_back({"memcpy", Kind::kTimesOursAtLeast, 0.55});
  }
  measure("", contenders, std::move(targets));
  if (columns.kind == "vector") {
    measure(", no checks", Chosen(contenders, {"lancer, no checks", "memcpy"}),
            {{"memcpy", Kind::kTimesOursAtLeast, 0.95}});
  }
  if (!columns.names.empty()) {
    return;
  }
  measure(", compact", Chosen(contenders, {"lancer compact", "parquet zstd"}),
          {{"parquet zstd", Kind::kTimesOursAtLeast, columns.parquet_compact}});
  for (const std::string name : {"lancer", "lancer compact"}) {
    measure(", checks of " + name, Chosen(contenders, {name + ", no checks", name}),
            {{name, Kind::kTimesOursAtMost, kChecksAtMost}});
  }
}

Status ScanTable(const NamedTable& source, const std::vector<Columns>& selections,
                 const Setting& setting, Results* results) {
  const std::string folder = setting.work_folder + "/scan";
  LANCER_RETURN_IF_ERROR(MakeEmptyFolder(folder));
  std::vector<PeerPtr> peers;
  peers.push_back(MakeLancerFile());
  peers.push_back(MakeLancerFile(Profile::kRandom, Checks::kNever));
  peers.push_back(MakeLancerFile(Profile::kCompact));
  peers.push_back(MakeLancerFile(Profile::kCompact, Checks::kNever));
  peers.push_back(MakeParquetZstd());
  peers.push_back(MakeParquet());
  peers.push_back(MakeArrowIpc());
  WriteAll(source.table, folder, &peers, results);
  LANCER_RETURN_IF_ERROR(CheckScan(source, folder + "/lancer"));
  for (const Columns& columns : selections) {
    LANCER_ASSIGN_OR_RETURN(const auto part, Select(source.table, columns.names));
    std::vector<Contender> contenders;
    for (PeerPtr& peer : peers) {
      contenders.push_back(
          {peer->name(), peer->setting(),
           [&, path = FolderOf(*peer, folder)](int repetition) -> Result<Sample> {
             if (repetition == 0) {
               LANCER_RETURN_IF_ERROR(LoadIntoCache(path));
             }
             return ScanOnce(*peer, path, columns.names, source.table->num_rows());
           }});
    }
    if (columns.kind == "vector") {
      contenders.push_back(MemoryCopy(part));
    }
    MeasureGroups(source.name, columns, ArrowBytes(*part), contenders, results);
  }
  return Status::Ok();
}

}  // namespace

Status BenchScan(const Setting& setting, Results* results) {
  {
    LANCER_ASSIGN_OR_RETURN(const NamedTable lineitem, LoadLineitem(setting.tables));
    LANCER_RETURN_IF_ERROR(ScanTable(lineitem,
                                     {{"int64", {"l_orderkey"}, 5},
                                      {"int32", {"l_linenumber"}, 5},
                                      {"decimal", {"l_extendedprice"}, 5},
                                      {"date", {"l_shipdate"}, 5},
                                      {"low-cardinality string", {"l_shipmode"}, 5},
                                      {"short string", {"l_comment"}, 1.3},
                                      {"whole table", {}, 4.5, 1.2}},
                                     setting, results));
  }
  LANCER_ASSIGN_OR_RETURN(const NamedTable packages, LoadPackages(setting.tables));
  LANCER_RETURN_IF_ERROR(ScanTable(packages,
                                   {{"unique string", {"package"}, 1.3},
                                    {"long text", {"description"}, 1.3},
                                    {"list of strings", {"depends"}, 1.3},
                                    {"bool", {"essential"}},
                                    {"irregular int64", {"size"}, 5},
                                    {"whole table", {}, 2.7, 1.2}},
                                   setting, results));
  LANCER_ASSIGN_OR_RETURN(const NamedTable vectors, LoadEmbeddings(setting.tables));
  LANCER_RETURN_IF_ERROR(ScanTable(vectors, {{"vector", {"value"}}}, setting, results));
  LANCER_ASSIGN_OR_RETURN(std::optional<NamedTable> photos, LoadPhotos(setting.tables));
  return photos.has_value() ? ScanTable(*photos, {{"image", {"photo"}}}, setting, results)
                            : Status::Ok();
}

}  // namespace lancer::bench
