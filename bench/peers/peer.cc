#include "bench/peers/peer.h"

namespace lancer::bench {

Status Peer::Take(std::span<const uint64_t> rows, Taken* out) {
  static_cast<void>(rows);
  static_cast<void>(out);
  return Status::Unsupported(name() + " takes no rows");
}

Status Peer::Scan(const std::vector<std::string>& columns, Scanned* out) {
  static_cast<void>(columns);
  static_cast<void>(out);
  return Status::Unsupported(name() + " scans no tables");
}

}  // namespace lancer::bench
