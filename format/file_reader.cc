#include "lancer/file_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "format/describe.h"
#include "format/explain.h"
#include "format/filtered_scan.h"
#include "format/open_data_file.h"
#include "format/open_file.h"
#include "format/scan_plan.h"
#include "format/take_plan.h"
#include "format/verify.h"

namespace lancer {

struct FileReader::Impl {
  std::shared_ptr<const format::OpenDataFile> file;
};

FileReader::FileReader(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
FileReader::~FileReader() = default;

Result<std::shared_ptr<const FileReader>> FileReader::Open(const std::string& path,
                                                           ReaderOptions options,
                                                           ContextPtr context) {
  return FileReaderAccess::Open(path, options, context, nullptr, nullptr);
}

Result<std::shared_ptr<const FileReader>> FileReaderAccess::Open(
    const std::string& path, const ReaderOptions& options, const ContextPtr& context,
    const format::FileRef* expected, std::shared_ptr<const Schema> schema,
    std::shared_ptr<MemoryBudget> budget) {
  auto impl = std::make_shared<FileReader::Impl>();
  LANCER_ASSIGN_OR_RETURN(
      impl->file, format::OpenDataFile::Open(path, options, context, expected,
                                             std::move(schema), std::move(budget)));
  return std::shared_ptr<const FileReader>(new FileReader(std::move(impl)));
}

const format::OpenDataFile& FileReaderAccess::File(const FileReader& reader) {
  return *reader.impl_->file;
}

const std::string& FileReader::path() const { return impl_->file->path(); }
Result<std::shared_ptr<const Schema>> FileReader::schema() const {
  return impl_->file->schema();
}
uint64_t FileReader::row_count() const { return impl_->file->container().row_count(); }
uint64_t FileReader::size_bytes() const { return impl_->file->container().file().size(); }

Result<std::unique_ptr<BatchReader>> FileReader::Scan(const ScanOptions& options) const {
  if (options.filter.has_value()) {
    return format::FilteredScan::Make(impl_->file, options);
  }
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<format::ScanReader> scan,
                          format::ScanReader::Make(impl_->file, options));
  return std::unique_ptr<BatchReader>(std::move(scan));
}

namespace {

// Refuses rows that cannot fit before anything is read or allocated for them. What lists
// and byte strings take is known only when they are decoded.
Status CheckLeastBytes(const std::string& path,
                       std::span<const format::ColumnReader* const> columns, size_t rows,
                       const MemoryBudget& budget) {
  uint64_t need = 0;
  for (const format::ColumnReader* column : columns) {
    for (const auto& leaf : column->leaves) {
      uint64_t bytes = leaf->shape().LeastBytes(rows);
      need = bytes > UINT64_MAX - need ? UINT64_MAX : need + bytes;
    }
  }
  if (need <= budget.available()) {
    return Status::Ok();
  }
  return Status::ResourceExhausted(
      fmt::format("{}: taking {} rows needs at least {} bytes with {} of {} in use; take "
                  "fewer rows or "
                  "columns at once, or raise memory_budget_bytes",
                  path, rows, need, budget.used(), budget.limit()));
}

// Says what to do about an error of memory.
Status OfTake(const Status& status, const std::string& path, size_t rows) {
  if (status.code() != StatusCode::kResourceExhausted) {
    return status;
  }
  std::string_view what = status.message();
  if (what.starts_with(path)) {
    what.remove_prefix(std::min(what.size(), path.size() + 2));
  }
  return Status::ResourceExhausted(
      fmt::format("{}: taking {} rows: {}; take fewer rows or columns at once, or raise "
                  "memory_budget_bytes",
                  path, rows, what));
}

}  // namespace

Result<Batch> FileReader::Take(std::span<const uint64_t> rows,
                               const TakeOptions& options) const {
  MemoryBudget budget(options.memory_budget_bytes);
  return FileReaderAccess::Take(*this, rows, options, &budget);
}

Result<Batch> FileReaderAccess::Take(const FileReader& reader,
                                     std::span<const uint64_t> rows,
                                     const TakeOptions& options, MemoryBudget* budget) {
  const format::OpenDataFile& file = *reader.impl_->file;
  LANCER_RETURN_IF_ERROR(options.cancel.Check());
  Batch batch;
  LANCER_ASSIGN_OR_RETURN(batch.schema, file.SchemaOf(options.columns));
  LANCER_ASSIGN_OR_RETURN(format::ColumnSet columns, file.Columns(options.columns));
  Result<format::RowOrder> order = format::RowOrder::Make(rows, reader.row_count());
  if (!order) {
    return order.error().WithContext(reader.path());
  }
  LANCER_RETURN_IF_ERROR(
      CheckLeastBytes(reader.path(), columns.columns(), rows.size(), *budget));
  LANCER_ASSIGN_OR_RETURN(format::TakePlan plan,
                          format::TakePlan::Make(columns.columns(), *order));
  const ReadableFile& bytes = file.container().file();
  std::vector<format::ByteRange> ranges;
  if (bytes.mapped().empty()) {
    ranges = plan.Ranges(Verify::kAlways);
  } else if (options.verify == Verify::kOnce) {
    ranges = plan.Ranges(Verify::kOnce);  // all else was touched before
  }
  LANCER_ASSIGN_OR_RETURN(format::FetchedRanges fetched,
                          format::FetchedRanges::Fetch(bytes, std::move(ranges)));
  Result<std::vector<ArrayPtr>> read = plan.Read(
      fetched.bytes(),
      {.verify = options.verify, .counters = file.context().counters.get()}, budget);
  if (!read) {
    return OfTake(read.error(), reader.path(), rows.size());
  }
  batch.columns = *std::move(read);
  batch.length = static_cast<int64_t>(rows.size());
  return batch;
}

Result<VerifyReport> FileReader::Verify(const VerifyOptions& options) const {
  return format::VerifyFile(*impl_->file, options);
}

Result<std::vector<ColumnInfo>> FileReader::DescribeColumns(
    const std::optional<std::vector<std::string>>& columns) const {
  return format::DescribeColumns(*impl_->file, columns);
}

Result<std::vector<ColumnExplanation>> FileReader::ExplainEncodings(
    const std::optional<std::vector<std::string>>& columns) const {
  return format::ExplainEncodings(*impl_->file, columns);
}

Result<std::vector<FilePart>> FileReader::DescribeParts() const {
  return format::DescribeParts(*impl_->file);
}

Metadata FileReader::Describe() const {
  const format::Container& container = impl_->file->container();
  return {{"format_version",
           fmt::format("{}.{}", container.major_version(), container.minor_version())},
          {"written_by", container.written_by()},
          {"rows", std::to_string(container.row_count())},
          {"leaf_columns", std::to_string(container.leaf_count())},
          {"tail_bytes", std::to_string(container.tail_size())},
          {"digest", container.digest().ToString()}};
}

}  // namespace lancer
