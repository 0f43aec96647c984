// The way from rows to a version, shared by append, overwrite and create: write files,
// publish them, commit.

#include <utility>

#include "dataset/dataset_impl.h"
#include "dataset/node_file.h"
#include "fmt/format.h"
#include "format/schema_codec.h"

namespace lancer {
namespace dataset {

Result<NewSchema> MakeNewSchema(const Store& store, Session* session,
                                const Schema& schema, uint64_t first_field,
                                uint64_t next_field) {
  NewSchema made;
  made.first_field = first_field;
  made.next_field = next_field;
  made.entry.bytes = format::SerializeSchema(schema);
  if (made.entry.bytes.size() <= kInlineSchemaBytes) {
    return made;
  }
  LANCER_ASSIGN_OR_RETURN(FileImage image, NodeFileBuilder().Finish(made.entry.bytes));
  LANCER_ASSIGN_OR_RETURN(
      made.entry.file,
      PublishNodes(store.layout, *store.context->file_system, session, image));
  made.entry.bytes.clear();
  return made;
}

namespace {

// A copy of the field, its children included, with no ids.
Field WithoutIds(Field field) {
  field.id = FieldId();
  if (field.type->children().empty()) {
    return field;
  }
  DataType::Parameters parameters = field.type->parameters();
  for (Field& child : parameters.children) {
    child = WithoutIds(child);
  }
  // The parameters come from a type, so they make one.
  field.type = *DataType::Make(field.type->kind(), std::move(parameters));
  return field;
}

}  // namespace

Result<NumberedSchema> NumberFields(const Schema& schema, uint64_t first) {
  std::vector<Field> fields;
  for (const Field& field : schema.fields()) {
    fields.push_back(WithoutIds(field));
  }
  // Numbering counts in 32 bits; no schema comes near half of them.
  constexpr uint64_t kLastStart = 1u << 30;
  if (first > kLastStart) {
    return Status::ResourceExhausted("the dataset has used up its field ids");
  }
  auto next = static_cast<int32_t>(first);
  Schema numbered = Schema(std::move(fields), schema.metadata()).WithFieldIds(&next);
  return NumberedSchema{.schema = std::make_shared<const Schema>(std::move(numbered)),
                        .next_field = static_cast<uint64_t>(next)};
}

}  // namespace dataset

using dataset::Transaction;

Status Dataset::Impl::EnsureSession() {
  if (session != nullptr) {
    return Status();
  }
  VersionNumber known = snapshot ? snapshot->manifest().version : VersionNumber(0);
  LANCER_ASSIGN_OR_RETURN(session,
                          dataset::Session::Begin(store->layout, store->context,
                                                  store->format.publish_method, known));
  return Status();
}

Result<Transaction> Dataset::Impl::BeginTransaction(OperationKind kind,
                                                    const CommitOptions& options) const {
  LANCER_RETURN_IF_ERROR(dataset::CheckCommitOptions(options));
  Transaction transaction;
  transaction.id =
      options.transaction ? *options.transaction : store->context->random->NextUuid();
  transaction.kind = kind;
  transaction.read = snapshot ? snapshot->stored() : nullptr;
  transaction.app = options.app;
  transaction.message = options.message;
  transaction.force = options.force;
  return transaction;
}

Result<std::optional<CommitResult>> Dataset::Impl::FindAppliedPosition(
    const Transaction& transaction) {
  if (!transaction.app.has_value() || transaction.read == nullptr) {
    return std::optional<CommitResult>();
  }
  LANCER_ASSIGN_OR_RETURN(dataset::LogHead head,
                          store->log.FindHead(transaction.read, false));
  LANCER_ASSIGN_OR_RETURN(
      dataset::AppStanding standing,
      dataset::JudgeAppPosition(*transaction.app, head.manifest->manifest));
  if (standing == dataset::AppStanding::kNext) {
    return std::optional<CommitResult>();
  }
  // The commit finds the version, and makes sure that it is durable.
  LANCER_ASSIGN_OR_RETURN(CommitResult result,
                          Commit(transaction, nullptr, snapshot->schema(), {}));
  return std::optional(result);
}

Result<CommitResult> Dataset::Impl::Commit(Transaction transaction,
                                           dataset::FragmentWriter* writer,
                                           std::shared_ptr<const Schema> schema,
                                           const CommitOptions& options) {
  if (writer != nullptr) {
    transaction.fragments = writer->fragments();
    transaction.session = session->id();
    if (Status published = writer->Publish(); !published.ok()) {
      writer->Discard();
      return published;
    }
  }
  dataset::Committer committer(&store->log, store->nodes.get(), store->context,
                               store->format.publish_method);
  auto outcome = committer.Commit(transaction, session.get(), options.timeout_us);
  bool unused = !outcome || outcome->already_committed;
  if (unused && writer != nullptr) {
    // Files that no manifest can name may go; all others wait for collection.
    if (!committer.tried()) {
      writer->Discard();
    } else {
      session->KeepIntent();
    }
  }
  LANCER_RETURN_IF_ERROR(outcome.status());
  CommitResult result;
  result.version = outcome->manifest->manifest.version;
  result.already_committed = outcome->already_committed;
  if (outcome->already_committed) {
    LANCER_RETURN_IF_ERROR(MoveTo(outcome->head));
    return result;
  }
  if (writer != nullptr) {
    result.rows_written = writer->rows_written();
    result.fragments_written = writer->fragments().size();
    result.bytes_written = writer->bytes_written();
  }
  result.bytes_written += outcome->manifest->size_bytes;
  snapshot = dataset::Snapshot::Make(*store, outcome->manifest, std::move(schema));
  return result;
}

Result<CommitResult> Dataset::Impl::Write(Transaction transaction,
                                          std::shared_ptr<const Schema> schema,
                                          BatchReader* rows,
                                          const WriteOptions& options) {
  dataset::FragmentWriter writer(store, session.get(), schema, options);
  Status written = writer.WriteAll(rows);
  if (written.ok()) {
    written = writer.Finish();
  }
  if (!written.ok()) {
    writer.Discard();
    return written;
  }
  return Commit(std::move(transaction), &writer, std::move(schema), options.commit);
}

}  // namespace lancer
