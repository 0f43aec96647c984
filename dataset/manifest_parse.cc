// Reads a manifest's table and checks all that it states about itself (spec: manifest,
// "Checks").

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "dataset/fragment_codec.h"
#include "dataset/manifest.h"
#include "format/verified_root.h"
#include "generated/manifest_generated.h"

namespace lancer::dataset {
namespace {

// Features of readers that this build has.
constexpr std::array<std::string_view, 0> kReaderFeatures = {};
constexpr uint64_t kFieldIdEnd = 1ull << 31;

Uuid UnpackUuid(const stored::Uuid* stored) {
  Uuid uuid;
  for (size_t i = 0; stored != nullptr && i < uuid.bytes.size(); ++i) {
    uuid.bytes[i] =
        static_cast<std::byte>(stored->bytes()->Get(static_cast<uint32_t>(i)));
  }
  return uuid;
}

std::string UnpackString(const flatbuffers::String* stored) {
  return stored == nullptr ? std::string() : stored->str();
}

std::vector<std::string> UnpackStrings(const StoredTables<flatbuffers::String>* stored) {
  std::vector<std::string> strings;
  if (stored != nullptr) {
    for (const flatbuffers::String* string : *stored) {
      strings.push_back(string->str());
    }
  }
  return strings;
}

Status RefuseReservedFields(const stored::Manifest& stored, const std::string& where) {
  const std::pair<bool, std::string_view> fields[] = {
      {stored.branch() != nullptr, "branch"},
      {stored.fork_version() != 0, "fork_version"},
      {stored.fork_digest() != nullptr, "fork_digest"},
      {stored.floor() != 0, "floor"},
      {stored.pins() != nullptr, "pins"},
      {stored.fences() != nullptr, "fences"},
      {stored.key() != nullptr, "key"},
      {stored.buckets() != nullptr, "buckets"},
      {stored.indexes() != nullptr, "indexes"},
      {stored.lineage() != nullptr, "lineage"},
      {stored.column_digests() != nullptr, "column_digests"},
      {stored.next() != nullptr && stored.next()->sequence() != 0, "next.sequence"},
      {stored.summary() != nullptr && stored.summary()->deleted_rows() != 0,
       "summary.deleted_rows"},
  };
  for (const auto& [present, name] : fields) {
    LANCER_RETURN_IF_ERROR(RefuseReserved(present, name, where));
  }
  return Status::Ok();
}

Status CheckReaderFeatures(const std::vector<std::string>& features,
                           const std::string& where) {
  for (const std::string& feature : features) {
    if (std::ranges::find(kReaderFeatures, feature) == kReaderFeatures.end()) {
      return Status::Unsupported(
          fmt::format("{}: reading needs the feature '{}' of a newer version of Lancer",
                      where, feature));
    }
  }
  return Status::Ok();
}

void UnpackTransactions(const stored::Manifest& stored, Manifest* manifest) {
  if (stored.transactions() == nullptr) {
    return;
  }
  for (const stored::Transaction* entry : *stored.transactions()) {
    TransactionRecord record;
    record.id = UnpackUuid(entry->id());
    if (entry->sessions() != nullptr) {
      for (const stored::Uuid* session : *entry->sessions()) {
        record.sessions.push_back(UnpackUuid(session));
      }
    }
    record.app = UnpackString(entry->app());
    record.epoch = entry->epoch();
    record.sequence = entry->sequence();
    record.operations = UnpackDigest(entry->operations());
    manifest->transactions.push_back(std::move(record));
  }
}

Status UnpackOperations(const stored::Manifest& stored, const std::string& where,
                        Manifest* manifest) {
  if (stored.operations() == nullptr) {
    return Status::Ok();
  }
  for (const stored::Operation* entry : *stored.operations()) {
    LANCER_RETURN_IF_ERROR(
        RefuseReserved(entry->kind() > static_cast<uint8_t>(OperationKind::kBarrier),
                       fmt::format("operations, kind {}", entry->kind()), where));
    manifest->operations.push_back(
        {.kind = static_cast<OperationKind>(entry->kind()),
         .first_fragment = FragmentId(entry->first_fragment()),
         .fragments = entry->fragments(),
         .first_row_id = RowId(entry->first_row_id()),
         .rows = entry->rows(),
         .source_version = VersionNumber(entry->source_version())});
  }
  return Status::Ok();
}

Status UnpackAppliers(const stored::Manifest& stored, const std::string& where,
                      Manifest* manifest) {
  if (stored.appliers() != nullptr) {
    for (const stored::Applier* entry : *stored.appliers()) {
      Applier applier{.epoch = entry->epoch(),
                      .sequence = entry->sequence(),
                      .version = VersionNumber(entry->version())};
      if (applier.version.value == 0 || applier.version > manifest->version) {
        return Status::Corruption(
            fmt::format("{}: an applier's version is {}, expected 1 to {}", where,
                        applier.version.value, manifest->version.value));
      }
      manifest->appliers[entry->app()->str()] = applier;
    }
  }
  if (stored.recent_transactions() != nullptr) {
    for (const stored::RecentTransaction* entry : *stored.recent_transactions()) {
      manifest->recent.push_back(
          {.id = UnpackUuid(&entry->id()), .version = VersionNumber(entry->version())});
    }
  }
  return Status::Ok();
}

Status UnpackSchemas(const stored::Manifest& stored, const std::string& where,
                     Manifest* manifest) {
  bool found = false;
  manifest->schema_id = stored.schema_id();
  for (uint32_t i = 0; stored.schemas() != nullptr && i < stored.schemas()->size(); ++i) {
    const stored::SchemaEntry& entry = *stored.schemas()->Get(i);
    SchemaEntry schema;
    schema.id = entry.id();
    if ((entry.bytes() != nullptr) == (entry.file() != nullptr)) {
      return Status::Corruption(fmt::format(
          "{}: schema {} must stand in one place, here or in a file", where, schema.id));
    }
    if (entry.file() != nullptr) {
      LANCER_ASSIGN_OR_RETURN(schema.file, UnpackRef(*entry.file(), where));
    } else {
      auto bytes = std::as_bytes(std::span(entry.bytes()->data(), entry.bytes()->size()));
      schema.bytes.assign(bytes.begin(), bytes.end());
    }
    found = found || schema.id == manifest->schema_id;
    manifest->schemas.push_back(std::move(schema));
  }
  if (!found) {
    return Status::Corruption(fmt::format("{}: schema {} of the version is not among {}",
                                          where, manifest->schema_id,
                                          manifest->schemas.size()));
  }
  return Status::Ok();
}

Status UnpackNumbers(const stored::Manifest& stored, const std::string& where,
                     Manifest* manifest) {
  if (stored.next() == nullptr || stored.summary() == nullptr ||
      stored.table() == nullptr || stored.version() == 0 || stored.version() >> 63 != 0 ||
      stored.parent_version() >= stored.version()) {
    return Status::Corruption(
        fmt::format("{}: version {} with parent {} lacks its table, counters or summary",
                    where, stored.version(), stored.parent_version()));
  }
  manifest->table = UnpackUuid(stored.table());
  manifest->version = VersionNumber(stored.version());
  manifest->parent = VersionNumber(stored.parent_version());
  manifest->parent_digest = UnpackDigest(stored.parent_digest());
  manifest->time_us = stored.time_us();
  manifest->message = UnpackString(stored.message());
  manifest->written_by = UnpackString(stored.written_by());
  manifest->next = {.row_id = stored.next()->row_id(),
                    .fragment = stored.next()->fragment(),
                    .field = stored.next()->field(),
                    .schema = stored.next()->schema()};
  manifest->totals = {.fragments = stored.summary()->fragments(),
                      .files = stored.summary()->files(),
                      .rows = stored.summary()->rows(),
                      .bytes = stored.summary()->bytes()};
  return Status::Ok();
}

Status CheckTotals(const Manifest& manifest, const std::string& where) {
  FragmentTotals totals = manifest.tree ? manifest.tree->totals : FragmentTotals{};
  bool fits = AddTotals(&totals, TotalsOf(manifest.fragments));
  if (!fits || totals != manifest.totals) {
    return Status::Corruption(fmt::format(
        "{}: the summary states {} fragments, {} files, {} rows, {} bytes; the entries "
        "hold {}, {}, {}, {}",
        where, manifest.totals.fragments, manifest.totals.files, manifest.totals.rows,
        manifest.totals.bytes, totals.fragments, totals.files, totals.rows,
        totals.bytes));
  }
  return Status::Ok();
}

// Counters are above all that was given out, and the tree lies below the entries here.
Status CheckCounters(const Manifest& manifest, const std::string& where) {
  uint64_t fragment_end = 0;
  uint64_t row_id_end = 0;
  bool apart = true;
  if (manifest.tree.has_value()) {
    fragment_end = uint64_t{manifest.tree->last_id.value} + 1;
    row_id_end = manifest.tree->last_row_id.value + 1;
  }
  if (!manifest.fragments.empty()) {
    const Fragment& first = manifest.fragments.front();
    apart = first.id.value >= fragment_end && first.row_ids.front().first >= row_id_end;
    const Fragment& last = manifest.fragments.back();
    fragment_end = uint64_t{last.id.value} + 1;
    row_id_end = last.row_ids.back().first + last.row_ids.back().count;
  }
  if (!apart || manifest.next.fragment < fragment_end ||
      manifest.next.fragment > uint64_t{UINT32_MAX} + 1 ||
      manifest.next.row_id < row_id_end || manifest.next.row_id > kRowIdEnd ||
      manifest.next.field > kFieldIdEnd || manifest.next.schema <= manifest.schema_id) {
    return Status::Corruption(fmt::format(
        "{}: counters (row id {}, fragment {}, field {}, schema {}) do not lie above "
        "what "
        "was given out (row id {}, fragment {}, schema {})",
        where, manifest.next.row_id, manifest.next.fragment, manifest.next.field,
        manifest.next.schema, row_id_end, fragment_end, manifest.schema_id));
  }
  for (const Fragment& fragment : manifest.fragments) {
    if (fragment.schema_id != manifest.schema_id) {
      return Status::Unsupported(fmt::format(
          "{}: fragment {} has schema {}, the version {}: this needs a newer version of "
          "Lancer",
          where, fragment.id.value, fragment.schema_id, manifest.schema_id));
    }
  }
  return Status::Ok();
}

}  // namespace

Result<Manifest> ParseManifest(std::span<const std::byte> bytes,
                               const std::string& where) {
  LANCER_ASSIGN_OR_RETURN(auto root,
                          format::VerifiedRoot<stored::Manifest>::Make(bytes, {}, where));
  Manifest manifest;
  manifest.reader_features = UnpackStrings(root->reader_features());
  manifest.writer_features = UnpackStrings(root->writer_features());
  LANCER_RETURN_IF_ERROR(CheckReaderFeatures(manifest.reader_features, where));
  if (!format::IsAligned(root->recent_transactions())) {
    return Status::Corruption(where + ": recent transactions are not aligned");
  }
  LANCER_RETURN_IF_ERROR(RefuseReservedFields(*root, where));
  LANCER_RETURN_IF_ERROR(UnpackNumbers(*root, where, &manifest));
  UnpackTransactions(*root, &manifest);
  LANCER_RETURN_IF_ERROR(UnpackOperations(*root, where, &manifest));
  LANCER_RETURN_IF_ERROR(UnpackAppliers(*root, where, &manifest));
  LANCER_RETURN_IF_ERROR(UnpackSchemas(*root, where, &manifest));
  if (root->fragment_tree() != nullptr) {
    LANCER_ASSIGN_OR_RETURN(manifest.tree,
                            UnpackSubtree(*root->fragment_tree(), nullptr, where));
  }
  LANCER_ASSIGN_OR_RETURN(manifest.fragments, UnpackFragments(root->fragments(), where));
  LANCER_RETURN_IF_ERROR(CheckTotals(manifest, where));
  LANCER_RETURN_IF_ERROR(CheckCounters(manifest, where));
  return manifest;
}

}  // namespace lancer::dataset
