// Manifest: everything that one version is (spec: manifest).
//
// Ownership: values. Thread rule: plain values; functions are pure but for the reading
// that they name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dataset/fragment.h"
#include "lancer/file_system.h"
#include "lancer/schema.h"
#include "lancer/version.h"

namespace lancer::dataset {

// A manifest without its fragments' entries is at most this large; the entries that stand
// in it take at most kInlineFragmentBytes on top.
inline constexpr size_t kMaxManifestBytes = 64 << 10;
inline constexpr size_t kInlineFragmentBytes = 32 << 10;
// Larger schemas stand in a file of their own.
inline constexpr size_t kInlineSchemaBytes = 16 << 10;
inline constexpr size_t kRecentTransactions = 64;
inline constexpr size_t kMaxMessageBytes = 4 << 10;
inline constexpr size_t kMaxAppNameBytes = 128;
inline constexpr size_t kMaxAppliers = 128;

struct TransactionRecord {
  Uuid id;
  std::vector<Uuid> sessions;
  std::string app;  // empty: the application does not number its commits
  uint64_t epoch = 0;
  uint64_t sequence = 0;
  Digest operations;  // equal for a retry, different for anything else
  friend bool operator==(const TransactionRecord&, const TransactionRecord&) = default;
};

struct OperationRecord {
  OperationKind kind = OperationKind::kBarrier;
  FragmentId first_fragment;
  uint64_t fragments = 0;
  RowId first_row_id;
  uint64_t rows = 0;
  VersionNumber source_version;  // restore: what was restored
  friend bool operator==(const OperationRecord&, const OperationRecord&) = default;
};

// One live schema: its bytes, or the file whose section "schema" holds them.
struct SchemaEntry {
  uint32_t id = 0;
  std::vector<std::byte> bytes;
  std::optional<format::FileRef> file;
  friend bool operator==(const SchemaEntry&, const SchemaEntry&) = default;
};

struct Applier {
  uint64_t epoch = 0;
  uint64_t sequence = 0;
  VersionNumber version;  // that applied it
  friend bool operator==(const Applier&, const Applier&) = default;
};

struct RecentTransaction {
  Uuid id;
  VersionNumber version;
  friend bool operator==(const RecentTransaction&, const RecentTransaction&) = default;
};

// Numbers to be given out next; none is ever given out twice.
struct NextNumbers {
  uint64_t row_id = 0;
  uint64_t fragment = 0;
  uint64_t field = 0;
  uint64_t schema = 0;
  friend bool operator==(const NextNumbers&, const NextNumbers&) = default;
};

struct Manifest {
  Uuid table;
  VersionNumber version;
  VersionNumber parent;  // 0: none
  Digest parent_digest;
  int64_t time_us = 0;
  std::string message;
  std::string written_by;
  std::vector<TransactionRecord> transactions;
  std::vector<OperationRecord> operations;
  std::map<std::string, Applier> appliers;
  std::vector<RecentTransaction> recent;  // oldest first
  std::vector<std::string> reader_features, writer_features;
  std::vector<SchemaEntry> schemas;
  uint32_t schema_id = 0;
  NextNumbers next;
  FragmentTotals totals;  // of tree and inline fragments together
  std::optional<Subtree> tree;
  std::vector<Fragment> fragments;
  friend bool operator==(const Manifest&, const Manifest&) = default;

  // REQUIRES: a checked manifest.
  const SchemaEntry& schema() const;
  const TransactionRecord* FindTransaction(const Uuid& id) const;
};

// The FlatBuffer of spec/schemas/manifest.fbs.
std::vector<std::byte> SerializeManifest(const Manifest& manifest);
// Checks everything that the bytes alone can tell: ids and row ids ascend, sums are the
// summary, references are plain paths, counters are above what was given out. Memory is
// bounded by the size of the bytes. `where` starts messages.
// Errors: Corruption; Unsupported for reader features and fields of newer versions.
Result<Manifest> ParseManifest(std::span<const std::byte> bytes,
                               const std::string& where);

// Bytes that the entry of a fragment takes, at most.
size_t FragmentEntryBytes(const Fragment& fragment);

}  // namespace lancer::dataset
