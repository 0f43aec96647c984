#include <fmt/format.h>

#include <map>

#include "bench/commands.h"
#include "bench/machine.h"

namespace lancer::bench {

std::string FolderOf(const Peer& peer, const std::string& folder) {
  return folder + "/" + peer.storage();
}

void WriteAll(const std::shared_ptr<arrow::Table>& table, const std::string& folder,
              std::vector<PeerPtr>* peers, Results* results) {
  std::map<std::string, Status> written;
  for (PeerPtr& peer : *peers) {
    const std::string path = FolderOf(*peer, folder);
    auto [place, is_new] = written.try_emplace(peer->storage());
    if (is_new) {
      place->second = MakeEmptyFolder(path);
      if (place->second.ok()) {
        place->second = peer->Write(table, path);
      }
    }
    if (!place->second.ok()) {
      results->Note(
          fmt::format("{} is left out: {}", peer->name(), place->second.ToString()));
      peer.reset();
    }
  }
  std::erase(*peers, nullptr);
}

}  // namespace lancer::bench
