#include "format/open_data_file.h"

#include <utility>

#include "fmt/format.h"
#include "format/open_file.h"

namespace lancer::format {

OpenDataFile::OpenDataFile(std::shared_ptr<const Container> container, ContextPtr context)
    : container_(std::move(container)),
      context_(std::move(context)),
      metadata_budget_(context_->metadata_cache_bytes) {}

OpenDataFile::~OpenDataFile() {
  delete selection_.load(std::memory_order_acquire);  // published by SchemaOf
  if (layout_ == nullptr) {
    return;
  }
  for (size_t i = 0; i < layout_->schema->field_count(); ++i) {
    delete layout_->columns[i].load(std::memory_order_acquire);  // published by Column
  }
}

Result<std::shared_ptr<const OpenDataFile>> OpenDataFile::Open(
    const std::string& path, const ReaderOptions& options, const ContextPtr& context,
    const FileRef* expected, std::shared_ptr<const Schema> schema) {
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const ReadableFile> file,
                          context->file_system->OpenForRead(path, options.map));
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const Container> container,
                          Container::Open(std::move(file), FileKind::kData, expected));
  std::shared_ptr<OpenDataFile> opened(new OpenDataFile(std::move(container), context));
  if (schema != nullptr) {
    LANCER_RETURN_IF_ERROR(opened->LoadLayout(std::move(schema)));
  }
  return std::shared_ptr<const OpenDataFile>(std::move(opened));
}

Status OpenDataFile::LoadLayout(std::shared_ptr<const Schema> given) const {
  if (layout_ready_.load(std::memory_order_acquire)) {
    return Status();
  }
  std::lock_guard lock(layout_mutex_);
  if (layout_ready_.load(std::memory_order_relaxed)) {
    return Status();
  }
  auto layout = std::make_unique<Layout>();
  layout->schema = std::move(given);
  if (layout->schema == nullptr) {
    LANCER_ASSIGN_OR_RETURN(layout->schema, container_->ReadSchema());
  }
  uint64_t leaves = 0;
  const std::vector<Field>& fields = layout->schema->fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    layout->first_leaf.push_back(static_cast<uint32_t>(leaves));
    layout->field_of.emplace(fields[i].name, i);
    leaves += LeavesOf(fields[i]).size();
  }
  if (leaves != container_->leaf_count()) {
    return Status::Corruption(
        fmt::format("{}: the schema has {} leaf columns, the column directory {}", path(),
                    leaves, container_->leaf_count()));
  }
  layout->columns = std::make_unique<std::atomic<const ColumnReader*>[]>(fields.size());
  layout_ = std::move(layout);
  layout_ready_.store(true, std::memory_order_release);
  return Status();
}

Result<std::shared_ptr<const Schema>> OpenDataFile::schema() const {
  LANCER_RETURN_IF_ERROR(LoadLayout(nullptr));
  return layout_->schema;
}

Result<const ColumnReader*> OpenDataFile::Column(size_t field) const {
  std::atomic<const ColumnReader*>& slot = layout_->columns[field];
  const ColumnReader* kept = slot.load(std::memory_order_acquire);
  if (kept != nullptr) {
    return kept;
  }
  auto made = std::make_unique<ColumnReader>();
  made->field = layout_->schema->field(field);
  uint32_t leaf = layout_->first_leaf[field];
  for (LeafShape& shape : LeavesOf(made->field)) {
    LANCER_ASSIGN_OR_RETURN(std::unique_ptr<const LeafReader> reader,
                            LeafReader::Load(*container_, LeafId(leaf++),
                                             std::move(shape), &metadata_budget_));
    made->leaves.push_back(std::move(reader));
  }
  if (slot.compare_exchange_strong(kept, made.get(), std::memory_order_acq_rel)) {
    return made.release();
  }
  return kept;  // another thread was first
}

Result<std::vector<const ColumnReader*>> OpenDataFile::Columns(
    const std::optional<std::vector<std::string>>& names) const {
  LANCER_RETURN_IF_ERROR(LoadLayout(nullptr));
  std::vector<const ColumnReader*> columns;
  if (!names) {
    columns.reserve(layout_->schema->field_count());
    for (size_t i = 0; i < layout_->schema->field_count(); ++i) {
      LANCER_ASSIGN_OR_RETURN(const ColumnReader* column, Column(i));
      columns.push_back(column);
    }
    return columns;
  }
  columns.reserve(names->size());
  for (const std::string& name : *names) {
    auto found = layout_->field_of.find(name);
    if (found == layout_->field_of.end()) {
      return SchemaOf(std::vector{name}).status();
    }
    LANCER_ASSIGN_OR_RETURN(const ColumnReader* column, Column(found->second));
    columns.push_back(column);
  }
  return columns;
}

Result<std::shared_ptr<const Schema>> OpenDataFile::SchemaOf(
    const std::optional<std::vector<std::string>>& names) const {
  LANCER_RETURN_IF_ERROR(LoadLayout(nullptr));
  if (!names) {
    return layout_->schema;
  }
  const Selection* kept = selection_.load(std::memory_order_acquire);
  if (kept != nullptr && kept->names == *names) {
    return kept->schema;
  }
  Result<Schema> selected = layout_->schema->Select(*names);
  if (!selected) {
    return selected.error().WithContext(path());
  }
  auto schema = std::make_shared<const Schema>(*std::move(selected));
  if (kept == nullptr) {
    auto made = std::make_unique<const Selection>(Selection{*names, schema});
    if (selection_.compare_exchange_strong(kept, made.get(), std::memory_order_acq_rel)) {
      (void)made.release();  // kept by selection_ from here on
    }
  }
  return schema;
}

}  // namespace lancer::format
