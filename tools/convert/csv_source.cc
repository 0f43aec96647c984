// Reads csv with a header line in two passes: the first checks every record and finds the
// types, the second reads the values.
#include <fmt/format.h>

#include <algorithm>

#include "tools/convert/column_builder.h"
#include "tools/convert/csv_record.h"
#include "tools/convert/csv_type.h"
#include "tools/convert/formats.h"

namespace lancer::tools {
namespace {

class CsvSource final : public Source {
 public:
  CsvSource(std::unique_ptr<InputFile> file, char separator, SourceOptions options)
      : file_(std::move(file)),
        options_(std::move(options)),
        records_(file_.get(), separator) {}

  // The first pass.
  Status FindTypes();
  const std::shared_ptr<const Schema>& schema() const override { return schema_; }
  std::optional<uint64_t> total_rows() const override { return total_rows_; }

 private:
  Status ReadHeader();
  Status SelectColumns(std::vector<Field> fields);
  Result<std::optional<Batch>> ReadBatch() override;
  Status AppendRow();

  std::unique_ptr<InputFile> file_;
  SourceOptions options_;
  CsvReader records_;
  std::vector<std::string> names_;
  uint64_t header_line_ = 0;
  std::shared_ptr<const Schema> schema_;
  uint64_t total_rows_ = 0;
  std::vector<size_t> field_index_;  // of each column: its field in a record
  std::vector<ColumnBuilder> columns_;
};

// Leaves the reader behind the header, so that it gives rows.
Status CsvSource::ReadHeader() {
  records_.Rewind();
  records_.KeepEmptyLines(false);
  LANCER_ASSIGN_OR_RETURN(bool more, records_.Next());
  if (!more) {
    return Status::InvalidArgument(file_->name() +
                                   ": is empty; expected a line of column names");
  }
  names_.clear();
  for (size_t i = 0; i < records_.field_count(); ++i) {
    names_.emplace_back(records_.text(i));
    if (names_.back().find('\0') != std::string::npos) {
      return Status::InvalidArgument(fmt::format(
          "{}: line {}: a zero byte in the name of column {}; write the file as UTF-8",
          file_->name(), records_.line_number(), i + 1));
    }
  }
  header_line_ = records_.line_number();
  records_.KeepEmptyLines(names_.size() == 1);
  return Status::Ok();
}

Status CsvSource::FindTypes() {
  LANCER_RETURN_IF_ERROR(ReadHeader());
  std::vector<CsvType> types(names_.size());
  while (true) {
    LANCER_ASSIGN_OR_RETURN(bool more, records_.Next());
    if (!more) {
      break;
    }
    if (records_.field_count() != names_.size()) {
      return Status::InvalidArgument(fmt::format(
          "{}: line {}: {} {}, expected {} as in the header on line {}; put a field that "
          "holds the separator or a line end in quotes, or mend the line",
          file_->name(), records_.line_number(), records_.field_count(),
          records_.field_count() == 1 ? "field" : "fields", names_.size(), header_line_));
    }
    if (total_rows_++ % 4096 == 0) {
      LANCER_RETURN_IF_ERROR(options_.cancel.Check());
    }
    for (size_t i = 0; i < types.size(); ++i) {
      if (!records_.is_null(i)) {
        types[i].Observe(records_.text(i));
      }
    }
  }
  std::vector<Field> fields(names_.size());
  for (size_t i = 0; i < fields.size(); ++i) {
    fields[i].name = names_[i];
    fields[i].type = types[i].ToDataType();
  }
  LANCER_RETURN_IF_ERROR(SelectColumns(std::move(fields)));
  return ReadHeader();
}

Status CsvSource::SelectColumns(std::vector<Field> fields) {
  Schema whole(std::move(fields));
  if (!options_.columns.empty()) {
    LANCER_ASSIGN_OR_RETURN(
        whole, lancer::tools::SelectColumns(whole, options_.columns, file_->name()));
    for (const Field& field : whole.fields()) {
      const auto name = std::find(names_.begin(), names_.end(), field.name);
      field_index_.push_back(static_cast<size_t>(name - names_.begin()));
    }
  } else {
    for (size_t i = 0; i < names_.size(); ++i) {
      field_index_.push_back(i);
    }
  }
  for (const Field& field : whole.fields()) {
    columns_.emplace_back(field.type);
  }
  schema_ = std::make_shared<const Schema>(std::move(whole));
  return Status::Ok();
}

Result<std::optional<Batch>> CsvSource::ReadBatch() {
  LANCER_RETURN_IF_ERROR(options_.cancel.Check());
  int64_t rows = 0;
  int64_t bytes = 0;
  while (rows < options_.batch_rows && bytes < options_.batch_bytes) {
    LANCER_ASSIGN_OR_RETURN(bool more, records_.Next());
    if (!more) {
      break;
    }
    LANCER_RETURN_IF_ERROR(AppendRow());
    ++rows;
    bytes += static_cast<int64_t>(records_.record_bytes() + 8 * columns_.size());
  }
  if (rows == 0) {
    return std::nullopt;
  }
  Batch batch{schema_, rows, {}};
  for (ColumnBuilder& column : columns_) {
    LANCER_ASSIGN_OR_RETURN(ArrayPtr array, column.Finish());
    batch.columns.push_back(std::move(array));
  }
  return batch;
}

Status CsvSource::AppendRow() {
  bool fits = records_.field_count() == names_.size();
  for (size_t i = 0; fits && i < columns_.size(); ++i) {
    const size_t field = field_index_[i];
    if (records_.is_null(field)) {
      columns_[i].AppendNull();
    } else {
      fits = CsvType::Append(records_.text(field), &columns_[i]);
    }
  }
  return fits ? Status::Ok()
              : Status::IoError(fmt::format(
                    "{}: line {}: changed while it was read; try again when nobody "
                    "writes it",
                    file_->name(), records_.line_number()));
}

}  // namespace

Result<std::unique_ptr<Source>> OpenCsv(const std::string& path,
                                        const SourceOptions& options) {
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<InputFile> file,
                          InputFile::Open(path, options.cancel));
  const char separator = path.ends_with(".tsv") ? '\t' : ',';
  auto source = std::make_unique<CsvSource>(std::move(file), separator, options);
  LANCER_RETURN_IF_ERROR(source->FindTypes());
  return source;
}

}  // namespace lancer::tools
