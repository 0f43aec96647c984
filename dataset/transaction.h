// Transaction: what a writer asks the log to become, apart from who was there first.
//
// It keeps its uuid and its read version through every attempt, so that it is applied
// once. Ownership: values. Thread rule: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dataset/manifest_file.h"
#include "lancer/dataset.h"

namespace lancer::dataset {

// A fragment without the numbers that only a commit can give.
struct NewFragment {
  uint64_t rows = 0;
  format::FileRef file;
};

// A schema that a transaction brings. Its fields have ids from `first_field` on.
struct NewSchema {
  SchemaEntry entry;  // without an id
  uint64_t first_field = 0;
  uint64_t next_field = 0;
};

struct Transaction {
  Uuid id;
  OperationKind kind = OperationKind::kBarrier;
  StoredManifestPtr read;  // null: no version existed
  std::optional<Uuid> session;
  std::optional<AppPosition> app;
  std::string message;
  bool force = false;
  std::vector<NewFragment> fragments;
  std::optional<NewSchema> schema;   // create, overwrite
  StoredManifestPtr restore_source;  // restore
};

// A digest of what the transaction does: equal for a retry that writes the same rows in
// the same way under other file names.
Digest DigestOfOperations(const Transaction& transaction);

// OK when the options fit into a manifest. Errors: InvalidArgument.
Status CheckCommitOptions(const CommitOptions& options);

// Where an application's position stands against what was applied.
enum class AppStanding {
  kNext,     // to be applied now
  kApplied,  // was applied before
};
// Errors: Fenced for an epoch that has ended; InvalidArgument for a sequence that leaves
// one out.
Result<AppStanding> JudgeAppPosition(const AppPosition& position, const Manifest& head);

}  // namespace lancer::dataset
