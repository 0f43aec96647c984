// Size: bytes of the files that each peer writes for a table.
#include <fmt/format.h>

#include "bench/arrow_bridge.h"
#include "bench/commands.h"
#include "bench/machine.h"

namespace lancer::bench {
namespace {

Status SizeOf(const NamedTable& source, const std::vector<Target>& targets,
              const Setting& setting, Results* results) {
  const std::string folder = setting.work_folder + "/size";
  LANCER_RETURN_IF_ERROR(MakeEmptyFolder(folder));
  std::vector<PeerPtr> peers;
  peers.push_back(MakeLancerFile());
  peers.push_back(MakeLancerCompactFile());
  peers.push_back(MakeParquetZstd());
  peers.push_back(MakeParquet());
  peers.push_back(MakeParquetSmall());
  WriteAll(source.table, folder, &peers, results);
  Group group;
  group.title = "size of " + source.name;
  group.unit = "MB";
  group.state = "files on disk";
  group.once = true;
  group.targets = targets;
  for (PeerPtr& peer : peers) {
    const double size = static_cast<double>(SizeOnDisk(FolderOf(*peer, folder))) / 1e6;
    group.contenders.push_back({peer->name(), peer->setting(), [size](int) {
                                  return Result<Sample>(Sample{size, 0});
                                }});
  }
  const double raw = ArrowBytes(*source.table) / 1e6;
  group.contenders.push_back({"arrow in memory", "bytes of the buffers", [raw](int) {
                                return Result<Sample>(Sample{raw, 0});
                              }});
  results->Measure(group);
  return MakeEmptyFolder(folder);
}

}  // namespace

Status BenchSize(const Setting& setting, Results* results) {
  using Kind = Target::Kind;
  LANCER_ASSIGN_OR_RETURN(const NamedTable packages, LoadPackages(setting.tables));
  LANCER_RETURN_IF_ERROR(SizeOf(
      packages, {{"parquet zstd", Kind::kTimesOursAtLeast, 1 / 1.9}}, setting, results));
  {
    LANCER_ASSIGN_OR_RETURN(const NamedTable lineitem, LoadLineitem(setting.tables));
    LANCER_RETURN_IF_ERROR(SizeOf(lineitem,
                                  {{"parquet zstd", Kind::kTimesOursAtLeast, 1 / 1.4}},
                                  setting, results));
  }
  LANCER_ASSIGN_OR_RETURN(const NamedTable vectors, LoadEmbeddings(setting.tables));
  LANCER_RETURN_IF_ERROR(SizeOf(vectors,
                                {{"arrow in memory", Kind::kTimesOursAtLeast, 1 / 1.02}},
                                setting, results));
  LANCER_ASSIGN_OR_RETURN(std::optional<NamedTable> photos, LoadPhotos(setting.tables));
  return photos.has_value() ? SizeOf(*photos, {}, setting, results) : Status::Ok();
}

}  // namespace lancer::bench
