#include "format/open_data_file.h"

#include <fmt/format.h>

#include <utility>

#include "format/open_file.h"

namespace lancer::format {

OpenDataFile::OpenDataFile(std::shared_ptr<const Container> container, ContextPtr context,
                           std::shared_ptr<MemoryBudget> budget)
    : container_(std::move(container)),
      context_(std::move(context)),
      metadata_budget_(budget != nullptr ? std::move(budget)
                                         : std::make_shared<MemoryBudget>(
                                               context_->metadata_cache_bytes)) {}

Result<std::shared_ptr<const OpenDataFile>> OpenDataFile::Open(
    const std::string& path, const ReaderOptions& options, const ContextPtr& context,
    const FileRef* expected, std::shared_ptr<const Schema> schema,
    std::shared_ptr<MemoryBudget> budget) {
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const ReadableFile> file,
                          context->file_system->OpenForRead(path, options.map));
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const Container> container,
                          Container::Open(std::move(file), FileKind::kData, expected));
  std::shared_ptr<OpenDataFile> opened(
      new OpenDataFile(std::move(container), context, std::move(budget)));
  if (schema != nullptr) {
    LANCER_RETURN_IF_ERROR(opened->LoadSchema(std::move(schema)));
  }
  return std::shared_ptr<const OpenDataFile>(std::move(opened));
}

Status OpenDataFile::LoadSchema(std::shared_ptr<const Schema> given) const {
  if (index_ready_.load(std::memory_order_acquire)) {
    return Status::Ok();
  }
  std::lock_guard lock(index_mutex_);
  if (index_ready_.load(std::memory_order_relaxed)) {
    return Status::Ok();
  }
  auto index = std::make_unique<SchemaIndex>();
  index->schema = std::move(given);
  if (index->schema == nullptr) {
    LANCER_ASSIGN_OR_RETURN(index->schema, container_->ReadSchema());
  }
  uint64_t leaves = 0;
  const std::vector<Field>& fields = index->schema->fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    index->first_leaf.push_back(static_cast<uint32_t>(leaves));
    index->field_of.emplace(fields[i].name, i);
    leaves += LeafCount(fields[i]);
  }
  if (leaves != container_->leaf_count()) {
    return Status::Corruption(
        fmt::format("{}: the schema has {} leaf columns, the column directory {}", path(),
                    leaves, container_->leaf_count()));
  }
  index->columns = std::make_unique<OnceSlot<ColumnReader>[]>(fields.size());
  index_ = std::move(index);
  index_ready_.store(true, std::memory_order_release);
  return Status::Ok();
}

Result<std::shared_ptr<const Schema>> OpenDataFile::schema() const {
  LANCER_RETURN_IF_ERROR(LoadSchema(nullptr));
  return index_->schema;
}

Result<ColumnHandle> OpenDataFile::Column(size_t field) const {
  OnceSlot<ColumnReader>& slot = index_->columns[field];
  if (const ColumnReader* kept = slot.get(); kept != nullptr) {
    return ColumnHandle(kept);
  }
  auto made = std::make_unique<ColumnReader>();
  made->field = index_->schema->field(field);
  uint32_t leaf = index_->first_leaf[field];
  bool within_budget = true;
  for (LeafShape& shape : LeavesOf(made->field)) {
    LANCER_ASSIGN_OR_RETURN(std::unique_ptr<const LeafReader> reader,
                            LeafReader::Load(*container_, LeafId(leaf++),
                                             std::move(shape), metadata_budget_.get()));
    within_budget &= reader->within_budget();
    made->leaves.push_back(std::move(reader));
  }
  if (!within_budget) {
    return ColumnHandle(std::move(made));
  }
  (void)slot.Publish(std::move(made));  // false: another thread was first
  return ColumnHandle(slot.get());
}

Result<ColumnSet> OpenDataFile::Columns(
    const std::optional<std::vector<std::string>>& names) const {
  LANCER_RETURN_IF_ERROR(LoadSchema(nullptr));
  ColumnSet columns;
  size_t count = names ? names->size() : index_->schema->field_count();
  columns.Reserve(count);
  for (size_t i = 0; i < count; ++i) {
    size_t field = i;
    if (names) {
      auto found = index_->field_of.find((*names)[i]);
      if (found == index_->field_of.end()) {
        return SchemaOf(std::vector{(*names)[i]}).status();
      }
      field = found->second;
    }
    LANCER_ASSIGN_OR_RETURN(ColumnHandle column, Column(field));
    columns.Add(std::move(column));
  }
  return columns;
}

Result<std::shared_ptr<const Schema>> OpenDataFile::SchemaOf(
    const std::optional<std::vector<std::string>>& names) const {
  LANCER_RETURN_IF_ERROR(LoadSchema(nullptr));
  if (!names) {
    return index_->schema;
  }
  const Selection* kept = selection_.get();
  if (kept != nullptr && kept->names == *names) {
    return kept->schema;
  }
  Result<Schema> selected = index_->schema->Select(*names);
  if (!selected) {
    return selected.error().WithContext(path());
  }
  auto schema = std::make_shared<const Schema>(*std::move(selected));
  if (kept == nullptr) {
    (void)selection_.Publish(
        std::make_unique<const Selection>(Selection{*names, schema}));
  }
  return schema;
}

}  // namespace lancer::format
