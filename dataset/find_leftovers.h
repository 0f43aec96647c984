// Finds files that no version refers to: of writers that died, or are still at work.
//
// Thread rule: safe for concurrent calls.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "dataset/snapshot.h"
#include "lancer/dataset.h"

namespace lancer::dataset {

// Files of `data` and `_tree` whose names begin with the prefixes of some sessions.
struct SessionFiles {
  std::map<std::string, uint64_t> unnamed;  // by no version: path in the dataset, bytes
  // Every version that could name one was read and is understood whole, so that it is
  // certain that none does.
  bool certain = true;
};
// REQUIRES: the sessions began at the version `oldest` or later. Reads the versions
// since, until they have named all files. Errors: Corruption; IoError.
Result<SessionFiles> FindSessionFiles(const Store& store,
                                      const std::set<std::string>& prefixes,
                                      VersionNumber oldest);

// A data file or a file of nodes is explained by a version or by its session's intent, so
// without intents there are only temporary files to count; else the versions since the
// oldest of the intents are read, to leave out what was committed. Errors: Corruption;
// IoError.
Result<LeftoverInfo> FindLeftovers(const Store& store);

}  // namespace lancer::dataset
