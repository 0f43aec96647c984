#include "dataset/snapshot.h"

#include <fmt/format.h>

#include <utility>

#include "dataset/node_file.h"
#include "format/schema_codec.h"

namespace lancer::dataset {
namespace {

// Every stored field has an id below the counter: a schema from elsewhere is found out.
// Dictionary and run-end types are stored as their values, whose field has none of its
// own.
Status CheckFieldIds(const Field& field, uint64_t end, const std::string& where) {
  if (!field.id.assigned() || static_cast<uint64_t>(field.id.value) >= end) {
    return Status::Corruption(fmt::format("{}: field {}: id {} was never given out",
                                          where, field.name, field.id.value));
  }
  for (const Field& child : field.type->storage().children()) {
    LANCER_RETURN_IF_ERROR(CheckFieldIds(child, end, where));
  }
  return Status::Ok();
}

}  // namespace

Result<SnapshotPtr> Snapshot::Load(const Store& store, StoredManifestPtr manifest) {
  const Manifest& content = manifest->manifest;
  const SchemaEntry& entry = content.schema();
  std::string where = store.paths.manifest(content.version) + ": schema of the manifest";
  Result<Schema> parsed = Status::Internal("not parsed yet");
  if (entry.file.has_value()) {
    LANCER_ASSIGN_OR_RETURN(
        BufferPtr bytes,
        ReadSchemaFile(store.paths, *store.context->file_system, *entry.file));
    where = store.paths.Path(entry.file->path) + ": schema";
    parsed = format::ParseSchema(bytes->bytes(), where);
  } else {
    parsed = format::ParseSchema(entry.bytes, where);
  }
  LANCER_RETURN_IF_ERROR(parsed.status());
  for (const Field& field : parsed->fields()) {
    LANCER_RETURN_IF_ERROR(CheckFieldIds(field, content.next.field, where));
  }
  return Make(store, std::move(manifest),
              std::make_shared<const Schema>(*std::move(parsed)));
}

SnapshotPtr Snapshot::Make(const Store& store, StoredManifestPtr manifest,
                           std::shared_ptr<const Schema> schema) {
  return SnapshotPtr(new Snapshot(std::move(manifest), std::move(schema), store.nodes));
}

}  // namespace lancer::dataset
