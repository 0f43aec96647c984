#include "tools/open/table.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "tools/open/original_lance.h"

namespace lancer::tools {
namespace {

bool BeginsAsLancer(const std::string& path) {
  std::array<char, 4> start{};
  std::ifstream file(path, std::ios::binary);
  file.read(start.data(), start.size());
  return std::string_view(start.data(), static_cast<size_t>(file.gcount())) == "LNCR";
}

// What is not found in a folder with parts of a dataset was lost; one without them is
// none.
Status WithFolderRemedy(const Status& status, const std::filesystem::path& folder) {
  const std::string message(status.message());
  if (status.code() != StatusCode::kNotFound || message.find("; ") != message.npos) {
    return status;
  }
  std::error_code error;
  const bool is_dataset = std::filesystem::exists(folder / "FORMAT", error) ||
                          std::filesystem::exists(folder / "_log", error);
  return Status::NotFound(message + (is_dataset
                                         ? "; restore it from a copy"
                                         : "; lance-convert makes one of other data"));
}

Status WithFileRemedy(const Status& status, const std::string& path) {
  const std::string message(status.message());
  if (status.code() == StatusCode::kUnsupported) {
    const bool has_one = message.find("; ") != message.npos;
    return Status::Unsupported(message + (has_one ? "" : "; use a newer Lancer"));
  }
  return BeginsAsLancer(path)
             ? status
             : Status(status.code(),
                      message +
                          "; restore it from a copy, or make Lancer of another format "
                          "with lance-convert");
}

}  // namespace

Status ChooseVersion(std::optional<uint64_t> number, const std::string& time,
                     OpenOptions* options) {
  if (number) {
    options->version = VersionNumber(*number);
  }
  if (!time.empty()) {
    if (number) {
      return Status::InvalidArgument("give --version or --time, not both");
    }
    LANCER_ASSIGN_OR_RETURN(options->time_us, ParseTime(time));
  }
  return Status::Ok();
}

Result<OpenedTable> OpenedTable::Open(const std::string& uri,
                                      const OpenOptions& options) {
  OpenedTable table;
  LANCER_ASSIGN_OR_RETURN(table.path_, PathFromUri(uri));
  std::error_code error;
  if (!std::filesystem::exists(table.path_, error)) {
    return Status::NotFound(table.path_ + ": no such file or folder");
  }
  LANCER_RETURN_IF_ERROR(RefuseOriginalLance(table.path_));
  if (std::filesystem::is_directory(table.path_, error)) {
    auto dataset = Dataset::Open(table.path_, options);
    if (!dataset.has_value()) {
      return WithFolderRemedy(dataset.error(), table.path_);
    }
    table.dataset_ = *std::move(dataset);
    table.schema_ = table.dataset_->schema();
    return table;
  }
  if (options.version || options.time_us) {
    return Status::InvalidArgument(
        table.path_ +
        ": is a single file, which has no versions; leave --version and --time out");
  }
  ReaderOptions reader;
  reader.map = options.map;
  auto file = FileReader::Open(table.path_, reader);
  if (!file.has_value()) {
    return WithFileRemedy(file.error(), table.path_);
  }
  table.file_ = *std::move(file);
  LANCER_ASSIGN_OR_RETURN(table.schema_, table.file_->schema());
  return table;
}

uint64_t OpenedTable::row_count() const {
  return dataset_ != nullptr ? dataset_->row_count() : file_->row_count();
}

Result<std::unique_ptr<BatchReader>> OpenedTable::Scan(const ScanOptions& options) const {
  return dataset_ != nullptr ? dataset_->Scan(options) : file_->Scan(options);
}

Result<Batch> OpenedTable::Take(const std::vector<uint64_t>& rows,
                                const TakeOptions& options) const {
  if (dataset_ == nullptr) {
    return file_->Take(rows, options);
  }
  if (options.columns) {
    LANCER_RETURN_IF_ERROR(CheckColumns(*options.columns));
  }
  std::vector<RowPosition> positions(rows.begin(), rows.end());
  return dataset_->Take(positions, options);
}

Status OpenedTable::CheckColumns(const std::vector<std::string>& names) const {
  return schema_->Select(names).status().WithContext(path_);
}

Result<VerifyReport> OpenedTable::Verify(const VerifyOptions& options) const {
  return dataset_ != nullptr ? dataset_->Verify(options) : file_->Verify(options);
}

Result<std::vector<OpenedTable::File>> OpenedTable::ListFiles() const {
  std::vector<File> files;
  if (dataset_ == nullptr) {
    FragmentInfo info;
    info.rows = file_->row_count();
    info.path = path_;
    info.size_bytes = file_->size_bytes();
    files.push_back({std::move(info), file_});
    return files;
  }
  LANCER_ASSIGN_OR_RETURN(std::vector<FragmentInfo> fragments, dataset_->Fragments());
  for (FragmentInfo& info : fragments) {
    files.push_back({std::move(info), nullptr});
  }
  return files;
}

Result<std::vector<OpenedTable::File>> OpenedTable::OpenFiles(
    std::optional<uint32_t> only) const {
  LANCER_ASSIGN_OR_RETURN(std::vector<File> files, ListFiles());
  std::vector<File> opened;
  for (File& file : files) {
    if (only && file.info.id.value != *only) {
      continue;
    }
    if (file.reader == nullptr) {
      LANCER_ASSIGN_OR_RETURN(file.reader, dataset_->OpenFragment(file.info.id));
    }
    opened.push_back(std::move(file));
  }
  if (only && opened.empty()) {
    return Status::NotFound(
        fmt::format("{}: no fragment {}; `files` lists them", path_, *only));
  }
  return opened;
}

}  // namespace lancer::tools
