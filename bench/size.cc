// Size: bytes of the files that each peer writes for a table.
#include <algorithm>
#include <utility>

#include "bench/arrow_bridge.h"
#include "bench/commands.h"
#include "bench/machine.h"

namespace lancer::bench {
namespace {

using Kind = Target::Kind;

// How many times the bytes of another one a profile may take at most; 0: no figure.
struct Limits {
  std::string name;
  double random = 0;
  double compact = 0;
  double archive = 0;
};

// The figure of one profile, which is the first of its group: its size is what others'
// are measured in.
std::vector<Target> TargetsOf(const std::vector<Limits>& limits,
                              double Limits::*profile) {
  std::vector<Target> targets;
  for (const Limits& limit : limits) {
    if (limit.*profile > 0) {
      targets.push_back({limit.name, Kind::kTimesOursAtLeast, 1 / (limit.*profile)});
    }
  }
  return targets;
}

// A group whose first contender is `ours`: nothing where it could not write the table.
void MeasureProfile(const std::string& title, const std::string& ours,
                    std::vector<Target> targets, std::vector<Contender> sizes,
                    Results* results) {
  const auto first = std::ranges::find(sizes, ours, &Contender::name);
  if (first == sizes.end()) {
    return;
  }
  std::rotate(sizes.begin(), first, first + 1);
  Group group;
  group.title = "size of " + title;
  group.unit = "MB";
  group.state = "files on disk";
  group.once = true;
  group.targets = std::move(targets);
  group.contenders = std::move(sizes);
  results->Measure(group);
}

Status SizeOf(const NamedTable& source, const std::vector<Limits>& limits,
              const Setting& setting, Results* results) {
  const std::string folder = setting.work_folder + "/size";
  LANCER_RETURN_IF_ERROR(MakeEmptyFolder(folder));
  std::vector<PeerPtr> peers;
  peers.push_back(MakeLancerFile());
  peers.push_back(MakeLancerFile(Profile::kCompact));
  peers.push_back(MakeLancerFile(Profile::kArchive));
  peers.push_back(MakeParquetZstd());
  peers.push_back(MakeParquet());
  peers.push_back(MakeParquetSmall());
  WriteAll(source.table, folder, &peers, results);
  std::vector<Contender> sizes;
  const auto add = [&](const std::string& name, const std::string& text, double bytes) {
    sizes.push_back({name, text, [bytes](int) {
                       return Result<Sample>(Sample{bytes / 1e6, 0});
                     }});
  };
  for (PeerPtr& peer : peers) {
    add(peer->name(), peer->setting(),
        static_cast<double>(SizeOnDisk(FolderOf(*peer, folder))));
  }
  add("arrow in memory", "bytes of the buffers", ArrowBytes(*source.table));
  MeasureProfile(source.name, "lancer", TargetsOf(limits, &Limits::random), sizes,
                 results);
  MeasureProfile(source.name + ", compact", "lancer compact",
                 TargetsOf(limits, &Limits::compact), sizes, results);
  MeasureProfile(source.name + ", archive", "lancer archive",
                 TargetsOf(limits, &Limits::archive), sizes, results);
  return MakeEmptyFolder(folder);
}

}  // namespace

Status BenchSize(const Setting& setting, Results* results) {
  LANCER_ASSIGN_OR_RETURN(const NamedTable packages, LoadPackages(setting.tables));
  LANCER_RETURN_IF_ERROR(
      SizeOf(packages,
             {{.name = "parquet zstd", .random = 1.45, .compact = 0.95, .archive = 0.90}},
             setting, results));
  {
    LANCER_ASSIGN_OR_RETURN(const NamedTable lineitem, LoadLineitem(setting.tables));
    LANCER_RETURN_IF_ERROR(
        SizeOf(lineitem, {{.name = "parquet zstd", .random = 1.15, .compact = 0.86}},
               setting, results));
  }
  LANCER_ASSIGN_OR_RETURN(const std::optional<NamedTable> orders,
                          LoadOrders(setting.tables));
  if (orders.has_value()) {
    LANCER_RETURN_IF_ERROR(SizeOf(*orders, {}, setting, results));
  }
  LANCER_ASSIGN_OR_RETURN(const NamedTable vectors, LoadEmbeddings(setting.tables));
  LANCER_RETURN_IF_ERROR(
      SizeOf(vectors, {{.name = "arrow in memory", .random = 1.02, .compact = 0.84}},
             setting, results));
  LANCER_ASSIGN_OR_RETURN(const NamedTable halves, AsHalfFloats(vectors));
  LANCER_RETURN_IF_ERROR(
      SizeOf(halves, {{.name = "arrow in memory", .random = 1.02, .compact = 0.95}},
             setting, results));
  LANCER_ASSIGN_OR_RETURN(std::optional<NamedTable> photos, LoadPhotos(setting.tables));
  return photos.has_value() ? SizeOf(*photos, {}, setting, results) : Status::Ok();
}

}  // namespace lancer::bench
