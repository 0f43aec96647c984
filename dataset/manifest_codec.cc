// Writes a manifest's table. Layout: spec/schemas/manifest.fbs, explained in
// spec/manifest.md:
//
//   identity | parent | transactions, operations | counters | schemas | fragments

#include <array>
#include <cstring>
#include <utility>

#include "dataset/fragment_codec.h"
#include "dataset/manifest.h"
#include "generated/manifest_generated.h"

namespace lancer::dataset {
namespace {

stored::Uuid PackUuid(const Uuid& uuid) {
  std::array<uint8_t, 16> bytes;
  std::memcpy(bytes.data(), uuid.bytes.data(), bytes.size());
  return stored::Uuid(flatbuffers::make_span(std::as_const(bytes)));
}

TableVector<stored::Transaction> PackTransactions(
    FlatBufferBuilder& builder, const std::vector<TransactionRecord>& transactions) {
  std::vector<flatbuffers::Offset<stored::Transaction>> offsets;
  for (const TransactionRecord& transaction : transactions) {
    std::vector<stored::Uuid> sessions;
    for (const Uuid& session : transaction.sessions) {
      sessions.push_back(PackUuid(session));
    }
    auto session_vector = builder.CreateVectorOfStructs(sessions);
    flatbuffers::Offset<flatbuffers::String> app;
    if (!transaction.app.empty()) {
      app = builder.CreateString(transaction.app);
    }
    stored::Uuid id = PackUuid(transaction.id);
    stored::Digest operations = PackDigest(transaction.operations);
    offsets.push_back(stored::CreateTransaction(builder, &id, session_vector, app,
                                                transaction.epoch, transaction.sequence,
                                                &operations));
  }
  return builder.CreateVector(offsets);
}

TableVector<stored::Operation> PackOperations(
    FlatBufferBuilder& builder, const std::vector<OperationRecord>& operations) {
  std::vector<flatbuffers::Offset<stored::Operation>> offsets;
  for (const OperationRecord& operation : operations) {
    offsets.push_back(stored::CreateOperation(
        builder, static_cast<uint8_t>(operation.kind), operation.first_fragment.value,
        operation.fragments, operation.first_row_id.value, operation.rows,
        operation.source_version.value));
  }
  return builder.CreateVector(offsets);
}

TableVector<stored::Applier> PackAppliers(
    FlatBufferBuilder& builder, const std::map<std::string, Applier>& appliers) {
  std::vector<flatbuffers::Offset<stored::Applier>> offsets;
  for (const auto& [app, applier] : appliers) {
    auto name = builder.CreateString(app);
    offsets.push_back(stored::CreateApplier(builder, name, applier.epoch,
                                            applier.sequence, applier.version.value));
  }
  return builder.CreateVector(offsets);
}

TableVector<stored::SchemaEntry> PackSchemas(FlatBufferBuilder& builder,
                                             const std::vector<SchemaEntry>& schemas) {
  std::vector<flatbuffers::Offset<stored::SchemaEntry>> offsets;
  for (const SchemaEntry& schema : schemas) {
    if (schema.file.has_value()) {
      auto file = PackRef(builder, *schema.file);
      offsets.push_back(stored::CreateSchemaEntry(builder, schema.id, 0, file));
      continue;
    }
    // A FlatBuffer inside: aligned, so that it can be read in place.
    builder.ForceVectorAlignment(schema.bytes.size(), 1, 8);
    auto bytes = builder.CreateVector(
        static_cast<const uint8_t*>(static_cast<const void*>(schema.bytes.data())),
        schema.bytes.size());
    offsets.push_back(stored::CreateSchemaEntry(builder, schema.id, bytes));
  }
  return builder.CreateVector(offsets);
}

auto PackRecent(FlatBufferBuilder& builder,
                const std::vector<RecentTransaction>& recent) {
  std::vector<stored::RecentTransaction> packed;
  for (const RecentTransaction& transaction : recent) {
    packed.emplace_back(PackUuid(transaction.id), transaction.version.value);
  }
  return builder.CreateVectorOfStructs(packed);
}

}  // namespace

const SchemaEntry& Manifest::schema() const {
  for (const SchemaEntry& entry : schemas) {
    if (entry.id == schema_id) {
      return entry;
    }
  }
  return schemas.front();  // not reached: a checked manifest has its schema
}

const TransactionRecord* Manifest::FindTransaction(const Uuid& id) const {
  for (const TransactionRecord& transaction : transactions) {
    if (transaction.id == id) {
      return &transaction;
    }
  }
  return nullptr;
}

size_t FragmentEntryBytes(const Fragment& fragment) {
  // Tables, offsets and padding of one entry, measured and rounded up.
  constexpr size_t kFixedBytes = 224;
  return kFixedBytes + fragment.file.path.size() +
         fragment.row_ids.size() * sizeof(stored::RowIdRange);
}

std::vector<std::byte> SerializeManifest(const Manifest& manifest) {
  FlatBufferBuilder builder;
  auto message = builder.CreateString(manifest.message);
  auto written_by = builder.CreateString(manifest.written_by);
  auto transactions = PackTransactions(builder, manifest.transactions);
  auto operations = PackOperations(builder, manifest.operations);
  auto appliers = PackAppliers(builder, manifest.appliers);
  auto recent = PackRecent(builder, manifest.recent);
  auto reader_features = builder.CreateVectorOfStrings(manifest.reader_features);
  auto writer_features = builder.CreateVectorOfStrings(manifest.writer_features);
  auto schemas = PackSchemas(builder, manifest.schemas);
  flatbuffers::Offset<stored::Subtree> tree;
  if (manifest.tree.has_value()) {
    tree = PackSubtree(builder, *manifest.tree);
  }
  auto fragments = PackFragments(builder, manifest.fragments);
  stored::Uuid table = PackUuid(manifest.table);
  stored::Digest parent_digest = PackDigest(manifest.parent_digest);
  stored::Counters next(manifest.next.row_id, manifest.next.fragment, manifest.next.field,
                        manifest.next.schema, 0);
  stored::Summary summary(manifest.totals.fragments, manifest.totals.files,
                          manifest.totals.rows, 0, manifest.totals.bytes);
  stored::ManifestBuilder root(builder);
  root.add_table(&table);
  root.add_version(manifest.version.value);
  root.add_parent_version(manifest.parent.value);
  root.add_parent_digest(&parent_digest);
  root.add_time_us(manifest.time_us);
  root.add_message(message);
  root.add_written_by(written_by);
  root.add_transactions(transactions);
  root.add_operations(operations);
  root.add_appliers(appliers);
  root.add_recent_transactions(recent);
  root.add_reader_features(reader_features);
  root.add_writer_features(writer_features);
  root.add_schemas(schemas);
  root.add_schema_id(manifest.schema_id);
  root.add_next(&next);
  root.add_summary(&summary);
  root.add_fragment_tree(tree);
  root.add_fragments(fragments);
  builder.Finish(root.Finish());
  auto bytes = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
  return {bytes.begin(), bytes.end()};
}

}  // namespace lancer::dataset
