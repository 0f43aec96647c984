// Writes csv (RFC 4180): a header line, then a line per row. Null is an empty field, so
// an empty line where there is one column; an empty text is "" in quotes. Both come back
// as they were.
#include <fmt/format.h>

#include "tools/convert/formats.h"
#include "tools/convert/output_file.h"

namespace lancer::tools {
namespace {

void AppendText(std::string_view text, char separator, std::string* line) {
  const bool plain = !text.empty() && text.find(separator) == text.npos &&
                     text.find_first_of("\"\r\n") == text.npos && text[0] != ' ' &&
                     text.back() != ' ';
  if (plain) {
    *line += text;
    return;
  }
  *line += '"';
  for (char c : text) {
    *line += c;
    if (c == '"') {
      *line += '"';
    }
  }
  *line += '"';
}

std::string_view AsText(std::span<const std::byte> bytes) {
  return {static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size()};
}

bool IsText(const DataType& type) {
  const TypeKind kind = type.storage().kind();
  return kind == TypeKind::kString || kind == TypeKind::kLargeString;
}

class CsvSink final : public Sink {
 public:
  CsvSink(std::unique_ptr<OutputFile> file, char separator)
      : file_(std::move(file)), separator_(separator) {}

  Status WriteHeader(const Schema& schema) {
    std::string line;
    for (size_t i = 0; i < schema.field_count(); ++i) {
      if (i > 0) {
        line += separator_;
      }
      AppendText(schema.field(i).name, separator_, &line);
    }
    return file_->Write(line + "\n");
  }

  Status Write(const Batch& batch) override {
    std::string line;
    for (int64_t row = 0; row < batch.length; ++row) {
      line.clear();
      for (size_t i = 0; i < batch.columns.size(); ++i) {
        if (i > 0) {
          line += separator_;
        }
        AppendValue(batch.schema->field(i), *batch.columns[i], row, &line);
      }
      line += '\n';
      LANCER_RETURN_IF_ERROR(file_->Write(line));
    }
    return Status::Ok();
  }

  Result<SinkReport> Finish() override {
    LANCER_RETURN_IF_ERROR(file_->Commit());
    return SinkReport{.version = std::nullopt, .bytes = file_->size()};
  }

 private:
  void AppendValue(const Field& field, const Array& column, int64_t row,
                   std::string* line) const {
    if (column.type()->kind() == TypeKind::kNull || !column.IsValid(row)) {
      return;
    }
    if (IsText(*column.type())) {
      AppendText(AsText(column.value_bytes(row)), separator_, line);
      return;
    }
    const std::string value = column.FormatValue(row, field);
    std::string_view text = value;
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
      text = text.substr(1, text.size() - 2);
    }
    AppendText(text, separator_, line);
  }

  std::unique_ptr<OutputFile> file_;
  char separator_;
};

}  // namespace

Result<SinkReport> WriteCsv(const std::string& path, std::unique_ptr<BatchReader> rows,
                            const SinkOptions& options) {
  if (rows->schema()->field_count() == 0) {
    return Status::InvalidArgument(path + ": csv cannot hold a table without columns");
  }
  for (const Field& field : rows->schema()->fields()) {
    if (field.type->storage().is_nested()) {
      return Status::InvalidArgument(fmt::format(
          "{}: field {}: csv cannot hold {}; leave it out with --columns, or write jsonl "
          "or parquet",
          path, FormatFieldPath(std::vector<std::string>{field.name}),
          field.type->ToString()));
    }
  }
  LANCER_ASSIGN_OR_RETURN(
      std::unique_ptr<OutputFile> file,
      OutputFile::Create(path, options.mode == OutputMode::kOverwrite));
  CsvSink sink(std::move(file), path.ends_with(".tsv") ? '\t' : ',');
  LANCER_RETURN_IF_ERROR(sink.WriteHeader(*rows->schema()));
  return Drain(rows.get(), &sink);
}

}  // namespace lancer::tools
