#include "dataset/next_manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "types/library_version.h"

namespace lancer::dataset {
namespace {

size_t EntryBytes(std::span<const Fragment> fragments) {
  size_t bytes = 0;
  for (const Fragment& fragment : fragments) {
    bytes += FragmentEntryBytes(fragment);
  }
  return bytes;
}

// What every version takes over from the one before it.
Manifest Successor(const StoredManifest* head, const NextVersion& next) {
  Manifest manifest;
  if (head != nullptr) {
    manifest = head->manifest;
    manifest.parent = head->manifest.version;
    manifest.parent_digest = head->digest;
    manifest.time_us = std::max(next.now_us, head->manifest.time_us + 1);
  } else {
    manifest.time_us = next.now_us;
  }
  manifest.table = next.table;
  manifest.version = next.version;
  manifest.written_by = LibraryVersion();
  manifest.transactions.clear();
  manifest.operations.clear();
  return manifest;
}

void RecordTransaction(const Transaction& transaction, Manifest* manifest) {
  TransactionRecord record;
  record.id = transaction.id;
  if (transaction.session.has_value()) {
    record.sessions.push_back(*transaction.session);
  }
  if (transaction.app.has_value()) {
    record.app = transaction.app->app;
    record.epoch = transaction.app->epoch;
    record.sequence = transaction.app->sequence;
    manifest->appliers[record.app] = {
        .epoch = record.epoch, .sequence = record.sequence, .version = manifest->version};
  }
  record.operations = DigestOfOperations(transaction);
  manifest->transactions.push_back(std::move(record));
  manifest->recent.push_back({.id = transaction.id, .version = manifest->version});
  if (manifest->recent.size() > kRecentTransactions) {
    manifest->recent.erase(manifest->recent.begin());
  }
  manifest->message = transaction.message;
}

Status TakeSchema(const NewSchema& schema, Manifest* manifest) {
  if (manifest->next.schema > UINT32_MAX) {
    return Status::ResourceExhausted("the dataset has used up its schema numbers");
  }
  manifest->schema_id = static_cast<uint32_t>(manifest->next.schema++);
  manifest->schemas = {schema.entry};
  manifest->schemas.front().id = manifest->schema_id;
  manifest->next.field = std::max(manifest->next.field, schema.next_field);
  return Status::Ok();
}

void ClearFragments(Manifest* manifest) {
  manifest->tree.reset();
  manifest->fragments.clear();
  manifest->totals = {};
}

// Numbers the new fragments and their rows behind all that was ever given out.
Status AddFragments(const Transaction& transaction, Manifest* manifest,
                    OperationRecord* operation) {
  NextNumbers& next = manifest->next;
  operation->first_fragment = FragmentId(static_cast<uint32_t>(next.fragment));
  operation->first_row_id = RowId(next.row_id);
  for (const NewFragment& added : transaction.fragments) {
    if (next.fragment > UINT32_MAX || added.rows > kRowIdEnd - next.row_id) {
      return Status::ResourceExhausted(fmt::format(
          "the dataset has used up its fragment ids (next {}) or row ids (next {})",
          next.fragment, next.row_id));
    }
    Fragment fragment;
    fragment.id = FragmentId(static_cast<uint32_t>(next.fragment));
    fragment.rows = added.rows;
    fragment.row_ids = {{.first = next.row_id, .count = added.rows}};
    fragment.schema_id = manifest->schema_id;
    fragment.file = added.file;
    fragment.created = manifest->version;
    if (!AddTotals(&manifest->totals, TotalsOf(fragment))) {
      return Status::ResourceExhausted("the dataset would have too many rows or bytes");
    }
    ++next.fragment;
    next.row_id += added.rows;
    operation->rows += added.rows;
    ++operation->fragments;
    manifest->fragments.push_back(std::move(fragment));
  }
  return Status::Ok();
}

void TakeContentOf(const Manifest& source, Manifest* manifest) {
  manifest->schemas = source.schemas;
  manifest->schema_id = source.schema_id;
  manifest->totals = source.totals;
  manifest->tree = source.tree;
  manifest->fragments = source.fragments;
}

}  // namespace

Result<Subtree> TreeSpill::MoveToTree(const std::optional<Subtree>& base,
                                      std::span<const Fragment> fragments) {
  NodeFileBuilder builder;
  LANCER_ASSIGN_OR_RETURN(Subtree root, AppendToTree(base, fragments, *cache_, &builder));
  LANCER_ASSIGN_OR_RETURN(FileImage image, builder.Finish());
  LANCER_ASSIGN_OR_RETURN(root.node.file, publish_(image));
  return root;
}

Status TreeSpill::Apply(size_t kept_from, Manifest* manifest) {
  std::vector<Fragment>& all = manifest->fragments;
  if (EntryBytes(all) <= kInlineFragmentBytes) {
    return Status::Ok();
  }
  if (last_.has_value() && last_->base == manifest->tree &&
      all.size() >= last_->fragments.size() &&
      std::equal(last_->fragments.begin(), last_->fragments.end(), all.begin()) &&
      EntryBytes(std::span(all).subspan(last_->fragments.size())) <=
          kInlineFragmentBytes) {
    manifest->tree = last_->tree;
    all.erase(all.begin(),
              all.begin() + static_cast<std::ptrdiff_t>(last_->fragments.size()));
    return Status::Ok();
  }
  bool kept_fit = kept_from > 0 &&
                  EntryBytes(std::span(all).subspan(kept_from)) <= kInlineFragmentBytes;
  auto moved_end =
      all.begin() + static_cast<std::ptrdiff_t>(kept_fit ? kept_from : all.size());
  Move move{.base = manifest->tree, .fragments = {all.begin(), moved_end}, .tree = {}};
  LANCER_ASSIGN_OR_RETURN(move.tree, MoveToTree(move.base, move.fragments));
  manifest->tree = move.tree;
  all.erase(all.begin(), moved_end);
  last_ = std::move(move);
  return Status::Ok();
}

Result<Manifest> MakeNextManifest(const StoredManifest* head,
                                  const Transaction& transaction, const NextVersion& next,
                                  TreeSpill* spill) {
  Manifest manifest = Successor(head, next);
  OperationRecord operation;
  operation.kind = transaction.kind;
  switch (transaction.kind) {
    case OperationKind::kCreate:
    case OperationKind::kOverwrite:
      ClearFragments(&manifest);
      if (transaction.schema.has_value()) {
        LANCER_RETURN_IF_ERROR(TakeSchema(*transaction.schema, &manifest));
      }
      break;
    case OperationKind::kRestore:
      TakeContentOf(transaction.restore_source->manifest, &manifest);
      operation.source_version = transaction.restore_source->manifest.version;
      break;
    case OperationKind::kAppend:
    case OperationKind::kBarrier:
      break;
  }
  RecordTransaction(transaction, &manifest);
  size_t kept_from = manifest.fragments.size();
  LANCER_RETURN_IF_ERROR(AddFragments(transaction, &manifest, &operation));
  manifest.operations.push_back(operation);
  if (spill != nullptr) {
    LANCER_RETURN_IF_ERROR(spill->Apply(kept_from, &manifest));
  }
  return manifest;
}

}  // namespace lancer::dataset
