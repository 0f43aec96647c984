// Dataset: a folder of immutable files under a log of versions.
//
// A Dataset object is pinned to one version until Refresh. Every commit is a single
// atomic, durable step: an acknowledged version survives a power cut, an interrupted one
// leaves the earlier version as it was (spec: log). Appends of several processes at once
// all succeed. Ownership: shares the context; batches and scans keep what they read
// alive. Thread rule: safe for concurrent const calls; Refresh and the writing calls need
// the object to themselves.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lancer/array.h"
#include "lancer/context.h"
#include "lancer/export.h"
#include "lancer/file_reader.h"
#include "lancer/file_writer.h"
#include "lancer/scan.h"
#include "lancer/version.h"

namespace lancer {

struct OpenOptions {
  std::optional<VersionNumber> version = {};  // absent: the newest
  std::optional<int64_t> time_us = {};        // the newest version at or before it
  MapMode map = MapMode::kAuto;               // whether data files are mapped or read
  // Opens the newest good version when the newest is damaged; rolled_back() says so.
  bool allow_rollback = false;
};

// How an application numbers its own commits, so that a retry is applied once: a commit
// whose (epoch, sequence) was applied before returns the version that did it.
struct AppPosition {
  std::string app = {};   // its name, the same for all its writers
  uint64_t epoch = 0;     // of the writer: a higher one fences off lower ones
  uint64_t sequence = 0;  // of the commit in the epoch
};

struct CommitOptions {
  std::string message = {};             // kept in the version
  std::optional<AppPosition> app = {};  // absent: each commit is applied
  // The caller's own id of the commit; absent: one is drawn, which the message of Unknown
  // names. Writing the same rows with it again resolves Unknown: they are applied exactly
  // once, and already_committed says whether they had been. The object that got Unknown
  // recognises its transaction whatever came after, another object among the last 64.
  std::optional<Uuid> transaction = {};
  int64_t timeout_us = 60'000'000;  // gives Conflict or Unknown when it is over
  // Overwrite and restore fail with Conflict when another commit came in between, unless:
  bool force = false;
};

// A write: rows come as batches, versions follow on success.
struct WriteOptions {
  WriterOptions writer = {};             // of each data file
  CommitOptions commit = {};             // of the version that holds the rows
  uint64_t fragment_rows = 1ull << 23;   // most rows per fragment
  uint64_t fragment_bytes = 1ull << 30;  // file size to aim for per fragment
};

struct CommitResult {
  VersionNumber version;
  uint64_t rows_written = 0;
  uint64_t fragments_written = 0;
  uint64_t bytes_written = 0;      // data files and manifest
  bool already_committed = false;  // a retry of an applied transaction
};

// What `lance-inspect files` shows of a fragment.
struct FragmentInfo {
  FragmentId id;
  uint64_t rows = 0;
  RowId first_row_id;
  std::string path;  // of its data file, relative to the dataset
  uint64_t size_bytes = 0;
  Digest digest;
};

// Files that writers which died left behind, or which a writer at work has not committed
// yet: no version refers to them.
struct LeftoverInfo {
  uint64_t files = 0;  // data, nodes and temporary files
  uint64_t bytes = 0;
};

class LANCER_EXPORT Dataset {
 public:
  // Opens a version: reads FORMAT, the log and the version's manifest, no data file. A
  // read-only folder is opened without a write. A version given by its number opens
  // whatever happened to other manifests; a damaged newest one is an error otherwise,
  // unless rollback is allowed. Errors: NotFound (no dataset there, no
  // such version); InvalidArgument for a file, for a folder of another format, and for a
  // version given beside a time; Expired for a retired version; Corruption; Unsupported
  // for what a newer version of Lancer wrote; IoError.
  static Result<std::shared_ptr<Dataset>> Open(const std::string& uri,
                                               OpenOptions options = {},
                                               ContextPtr context = DefaultContext());
  // Makes the folder and its first version from a stream (version 1), durably. A folder
  // whose creation was interrupted counts as absent. Errors: AlreadyExists when a
  // dataset, a file or a folder with other files is there; Unsupported when the folder's
  // file system cannot publish names safely, or for a schema that cannot be stored; those
  // of the stream; IoError; Unknown as in Append.
  static Result<std::shared_ptr<Dataset>> Create(const std::string& uri,
                                                 std::unique_ptr<BatchReader> rows,
                                                 WriteOptions options = {},
                                                 ContextPtr context = DefaultContext());
  ~Dataset();

  // Writes a stream's rows as new fragments and commits them, durably, over concurrent
  // appends. On success this object is at the new version; after an error it stays where
  // it was. The stream's schema must equal this dataset's by names, types and order;
  // nulls are judged by the rows, not by what the stream's schema allows. Errors. Nothing
  // was committed: InvalidArgument for another schema, for nulls where none may be, and
  // for an application's sequence out of order; Conflict when another commit rules this
  // one out, or others were faster until the time-out: open the newest version and try
  // again; Fenced when the application's epoch has ended; Expired when this version was
  // retired meanwhile; Cancelled; those of the stream; Unsupported, Corruption,
  // ResourceExhausted and IoError. Perhaps committed: Unknown; write the same rows again
  // with the same CommitOptions::transaction or position to resolve it.
  Result<CommitResult> Append(std::unique_ptr<BatchReader> rows,
                              WriteOptions options = {});
  // Replaces all rows and the schema by a stream's, in one version, durably. Conflict
  // when another commit came after this object's version, unless forced. Other errors: as
  // Append, but for the schema, which may be any that can be stored.
  Result<CommitResult> Overwrite(std::unique_ptr<BatchReader> rows,
                                 WriteOptions options = {});
  // Makes an earlier version's rows and schema the newest version, durably. Writes a
  // manifest and copies no data. Errors: NotFound and Expired for the earlier version;
  // Conflict as in Overwrite; else as Append.
  Result<CommitResult> Restore(VersionNumber version, CommitOptions options = {});
  // Moves this object to the newest version; true when it changed. Reads the manifests
  // published since. Errors: Expired when this version was retired meanwhile (open the
  // dataset again); Corruption; IoError.
  Result<bool> Refresh();

  const std::string& path() const;
  const Uuid& uuid() const;
  VersionNumber version() const;
  const std::shared_ptr<const Schema>& schema() const;
  uint64_t row_count() const;
  VersionInfo info() const;
  // True when `allow_rollback` opened an older version than the newest that exists.
  bool rolled_back() const;

  // Rows in order of position. Does I/O as the stream is read; the stream may outlive
  // this object and stays at its version. Errors, here or from the stream: NotFound for
  // an unknown column; InvalidArgument for one asked for twice and for a bound of another
  // type; Cancelled; ResourceExhausted; Corruption; IoError.
  Result<std::unique_ptr<BatchReader>> Scan(const ScanOptions& options = {}) const;
  // The first `n` rows as one batch, fewer when there are fewer. Errors: as Take.
  Result<Batch> Head(uint64_t n, const TakeOptions& options = {}) const;
  // Rows by position (ordinal in this version), in the order asked, repeats allowed. One
  // batch of reads per fragment touched. Errors: InvalidArgument naming the first
  // position that is out of range, or a column asked for twice; NotFound for an unknown
  // column; Cancelled; ResourceExhausted; Corruption; IoError.
  Result<Batch> Take(std::span<const RowPosition> rows,
                     const TakeOptions& options = {}) const;
  // Rows by stable id. Errors: NotFound naming the first id that this version lacks; else
  // as Take.
  Result<Batch> TakeIds(std::span<const RowId> ids,
                        const TakeOptions& options = {}) const;
  // The stable ids of rows by position. Reads at most nodes of the fragment tree. Errors:
  // InvalidArgument naming the first position that is out of range; Corruption; IoError.
  Result<std::vector<RowId>> RowIds(std::span<const RowPosition> rows) const;

  // Published versions, oldest first, newer ones than this object's included; after a
  // rollback without the damaged ones. Reads every manifest. Errors: Corruption; IoError.
  Result<std::vector<VersionInfo>> Versions() const;
  // Fragments of this version, in order. Reads the whole fragment tree, no data file.
  // Errors: Corruption; IoError.
  Result<std::vector<FragmentInfo>> Fragments() const;
  // The reader of one fragment's data file, which may outlive this object. Errors:
  // NotFound when this version has no such fragment; else as FileReader::Open.
  Result<std::shared_ptr<const FileReader>> OpenFragment(FragmentId id) const;
  // Reads and checks every byte of every file that this version reaches: FORMAT, tree,
  // data files; and of the log: every version's manifest, that each names its parent, and
  // that none is missing. Damage ends up in the report. Errors: Cancelled; IoError.
  Result<VerifyReport> Verify(const VerifyOptions& options = {}) const;
  // Counts what no version refers to. Lists folders; while any writer's intent is there,
  // also reads the manifests and fragment trees of the versions since it began. Errors:
  // Corruption; IoError.
  Result<LeftoverInfo> FindLeftovers() const;
  // Removes leftovers of writers that died: their temporary files; on local file systems,
  // where locks tell who lives, also their data and nodes that no version names. The
  // first write of a session does the latter by itself. Nothing is removed that a version
  // which cannot be read may name. Errors: Corruption; IoError.
  Status RemoveLeftovers();

 private:
  struct Impl;
  explicit Dataset(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lancer
