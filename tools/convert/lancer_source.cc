// Reads a Lancer dataset (its newest version) or a single file.
#include <filesystem>

#include "lancer/dataset.h"
#include "lancer/file_reader.h"
#include "tools/convert/formats.h"
#include "tools/open/original_lance.h"

namespace lancer::tools {
namespace {

class LancerSource final : public Source {
 public:
  LancerSource(std::shared_ptr<const void> keeper, std::unique_ptr<BatchReader> rows,
               uint64_t total_rows)
      : keeper_(std::move(keeper)), rows_(std::move(rows)), total_rows_(total_rows) {}

  const std::shared_ptr<const Schema>& schema() const override { return rows_->schema(); }
  std::optional<uint64_t> total_rows() const override { return total_rows_; }
  Result<bool> Next(Batch* batch) override { return rows_->Next(batch); }

 private:
  std::shared_ptr<const void> keeper_;
  std::unique_ptr<BatchReader> rows_;
  uint64_t total_rows_;
};

}  // namespace

Result<std::unique_ptr<Source>> OpenLancer(const std::string& path,
                                           const SourceOptions& options) {
  if (path == "-") {
    return Status::Unsupported(
        "standard input: a Lancer dataset is a folder; give its path");
  }
  LANCER_RETURN_IF_ERROR(RefuseOriginalLance(path));
  ScanOptions scan;
  scan.batch_rows = options.batch_rows;
  scan.cancel = options.cancel;
  if (!options.columns.empty()) {
    scan.columns = options.columns;
  }
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    LANCER_ASSIGN_OR_RETURN(std::shared_ptr<Dataset> dataset, Dataset::Open(path));
    LANCER_ASSIGN_OR_RETURN(std::unique_ptr<BatchReader> rows, dataset->Scan(scan));
    const uint64_t total_rows = dataset->row_count();
    return std::make_unique<LancerSource>(std::move(dataset), std::move(rows),
                                          total_rows);
  }
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const FileReader> file, FileReader::Open(path));
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<BatchReader> rows, file->Scan(scan));
  const uint64_t total_rows = file->row_count();
  return std::make_unique<LancerSource>(std::move(file), std::move(rows), total_rows);
}

}  // namespace lancer::tools
