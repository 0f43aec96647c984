// Reads a version of a Lancer dataset, or a single file.
#include "tools/convert/formats.h"
#include "tools/open/table.h"

namespace lancer::tools {
namespace {

class LancerSource final : public Source {
 public:
  LancerSource(OpenedTable table, std::unique_ptr<BatchReader> rows)
      : table_(std::move(table)), rows_(std::move(rows)) {}

  const std::shared_ptr<const Schema>& schema() const override { return rows_->schema(); }
  std::optional<uint64_t> total_rows() const override { return table_.row_count(); }

 private:
  Result<std::optional<Batch>> ReadBatch() override { return rows_->Next(); }

  OpenedTable table_;
  std::unique_ptr<BatchReader> rows_;
};

}  // namespace

Result<std::unique_ptr<Source>> OpenLancer(const std::string& path,
                                           const SourceOptions& options) {
  if (path == "-") {
    return Status::Unsupported(
        "standard input: a Lancer dataset is a folder; give its path");
  }
  OpenOptions open;
  // Every page is read once: a map would only let the process grow to the table's size.
  open.map = MapMode::kNever;
  open.version = options.version;
  open.time_us = options.time_us;
  open.allow_rollback = options.allow_rollback;
  LANCER_ASSIGN_OR_RETURN(OpenedTable table, OpenedTable::Open(path, open));
  ScanOptions scan;
  scan.batch_rows = options.batch_rows;
  scan.cancel = options.cancel;
  if (!options.columns.empty()) {
    scan.columns = options.columns;
  }
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<BatchReader> rows, table.Scan(scan));
  return std::make_unique<LancerSource>(std::move(table), std::move(rows));
}

}  // namespace lancer::tools
