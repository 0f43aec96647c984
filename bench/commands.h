// The benchmarks, one function each: they measure groups into `results`.
//
// Ownership: results stay with the caller. Thread rule: one thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/peers/peer.h"
#include "bench/results.h"
#include "bench/tables.h"

namespace lancer::bench {

struct Setting {
  TableOptions tables;
  std::string work_folder;
  bool quick = false;
};

Status BenchTake(const Setting& setting, Results* results);
Status BenchScan(const Setting& setting, Results* results);
Status BenchSize(const Setting& setting, Results* results);
Status BenchWrite(const Setting& setting, Results* results);
Status BenchOpen(const Setting& setting, Results* results);
Status BenchTensors(const Setting& setting, Results* results);
Status BenchCommit(const Setting& setting, Results* results);
Status BenchKernels(const Setting& setting, Results* results);

// Writes the table once per storage of the peers, each into <folder>/<storage>. A peer
// that fails is named in a note and set to null.
void WriteAll(const std::shared_ptr<arrow::Table>& table, const std::string& folder,
              std::vector<PeerPtr>* peers, Results* results);
std::string FolderOf(const Peer& peer, const std::string& folder);

}  // namespace lancer::bench
