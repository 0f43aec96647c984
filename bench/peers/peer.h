// Peer: one way to store a table, behind one interface. Lancer is one of them.
//
// A peer is opened, asked many times, and closed. Its files stay in one folder, so that
// their size is known and the page cache can be dropped under them.
// Ownership: a peer owns its open files; results own their memory. Thread rule: one
// thread.
#pragma once

#include <arrow/table.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bench/peers/taken.h"
#include "lancer/array.h"
#include "lancer/profile.h"
#include "lancer/result.h"

namespace lancer::bench {

struct Scanned {
  uint64_t rows = 0;
  uint64_t batches = 0;
};

class Peer {
 public:
  virtual ~Peer() = default;
  virtual std::string name() const = 0;
  // The choices made where the peer leaves some; for the table.
  virtual std::string setting() const = 0;
  // Peers that read the same files have the same storage: written once.
  virtual std::string storage() const { return name(); }

  // Writes a table into an empty folder.
  virtual Status Write(const std::shared_ptr<arrow::Table>& table,
                       const std::string& folder) = 0;
  // Opens what Write made. Calling it again opens anew: nothing is kept from before.
  virtual Status Open(const std::string& folder) = 0;
  virtual void Close() = 0;

  // Rows of a table's only column, in the order asked. REQUIRES: open.
  virtual Status Take(std::span<const uint64_t> rows, Taken* out);
  // All rows of the named columns (all of them for an empty list), batch by batch into
  // Arrow memory, each batch dropped. REQUIRES: open.
  virtual Status Scan(const std::vector<std::string>& columns, Scanned* out);
};

// What MakeLancerFile's Write made, as a stream, to compare with the source.
Result<std::unique_ptr<BatchReader>> ScanLancerFile(const std::string& folder);

using PeerPtr = std::unique_ptr<Peer>;

// How the checksums of Lancer's files are treated; of no meaning to others.
enum class Checks { kOnce, kAlways, kNever };

PeerPtr MakeLancerFile(Profile profile = Profile::kRandom, Checks checks = Checks::kOnce);
PeerPtr MakeLancerDataset();
PeerPtr MakeLmdb();
PeerPtr MakeArrowIpc();
PeerPtr MakeRawFiles();
// Parquet through Arrow C++. A take reads the row groups that hold the rows.
PeerPtr MakeParquet();       // defaults: snappy, 1 Mi-row groups, 1 MiB pages
PeerPtr MakeParquetZstd();   // zstd level 3, else defaults
PeerPtr MakeParquetSmall();  // snappy, 64 Ki-row groups, 8 KiB pages, page index
// The files of MakeParquetSmall, but only the pages that hold the rows are read.
PeerPtr MakeParquetPages();

}  // namespace lancer::bench
