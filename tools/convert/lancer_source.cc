// Reads a version of a Lancer dataset, or a single file.
#include "tools/convert/formats.h"
#include "tools/convert/input_file.h"
#include "tools/open/table.h"

namespace lancer::tools {
namespace {

class LancerSource final : public Source {
 public:
  Status Open(const std::string& path, const SourceOptions& options);

  const std::shared_ptr<const Schema>& schema() const override { return rows_->schema(); }
  std::optional<uint64_t> total_rows() const override { return table_->row_count(); }

 private:
  Status Start(const SourceOptions& options);
  // Errors name what the user named, not the copy of standard input.
  Status Named(const Status& status) const;
  Result<std::optional<Batch>> ReadBatch() override;

  std::unique_ptr<InputFile> standard_input_;  // its copy; null for a path
  std::string path_;
  std::optional<OpenedTable> table_;
  std::unique_ptr<BatchReader> rows_;
};

Status LancerSource::Open(const std::string& path, const SourceOptions& options) {
  path_ = path;
  if (path == "-") {
    LANCER_ASSIGN_OR_RETURN(standard_input_, InputFile::Open(path, options.cancel));
    path_ = standard_input_->path();
  }
  return Named(Start(options));
}

Status LancerSource::Start(const SourceOptions& options) {
  OpenOptions open;
  // Every page is read once: a map would only let the process grow to the table's size.
  open.map = MapMode::kNever;
  open.version = options.version;
  open.time_us = options.time_us;
  open.allow_rollback = options.allow_rollback;
  LANCER_ASSIGN_OR_RETURN(table_, OpenedTable::Open(path_, open));
  ScanOptions scan;
  scan.batch_rows = options.batch_rows;
  scan.cancel = options.cancel;
  if (!options.columns.empty()) {
    scan.columns = options.columns;
  }
  LANCER_ASSIGN_OR_RETURN(rows_, table_->Scan(scan));
  return Status::Ok();
}

Status LancerSource::Named(const Status& status) const {
  std::string message(status.message());
  if (status.ok() || standard_input_ == nullptr || !message.starts_with(path_)) {
    return status;
  }
  return Status(status.code(), message.replace(0, path_.size(), standard_input_->name()));
}

Result<std::optional<Batch>> LancerSource::ReadBatch() {
  Result<std::optional<Batch>> batch = rows_->Next();
  return batch.has_value() ? std::move(batch) : Named(batch.error());
}

}  // namespace

Result<std::unique_ptr<Source>> OpenLancer(const std::string& path,
                                           const SourceOptions& options) {
  auto source = std::make_unique<LancerSource>();
  LANCER_RETURN_IF_ERROR(source->Open(path, options));
  return source;
}

}  // namespace lancer::tools
