#include "tools/convert/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "tools/convert/formats.h"

namespace lancer::tools {
namespace {

std::string NewName(const ConvertOptions& options, const std::string& name) {
  for (const auto& [old_name, new_name] : options.renames) {
    if (old_name == name) {
      return new_name;
    }
  }
  return name;
}

std::string OldName(const ConvertOptions& options, const std::string& name) {
  for (const auto& [old_name, new_name] : options.renames) {
    if (new_name == name) {
      return old_name;
    }
  }
  return name;
}

// Gives a source's batches with other column names and counts them.
class RenamedRows final : public BatchReader {
 public:
  RenamedRows(std::unique_ptr<Source> source, const ConvertOptions& options,
              uint64_t* rows)
      : source_(std::move(source)), options_(options), rows_(rows) {
    std::vector<Field> fields = source_->schema()->fields();
    for (Field& field : fields) {
      field.name = NewName(options, field.name);
    }
    schema_ =
        std::make_shared<const Schema>(std::move(fields), source_->schema()->metadata());
  }

  const std::shared_ptr<const Schema>& schema() const override { return schema_; }
  Result<std::optional<Batch>> Next() override {
    LANCER_RETURN_IF_ERROR(options_.cancel.Check());
    LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, source_->Next());
    if (batch) {
      batch->schema = schema_;
      *rows_ += static_cast<uint64_t>(batch->length);
      if (options_.progress) {
        options_.progress(*rows_, source_->total_rows());
      }
    }
    return batch;
  }

 private:
  std::unique_ptr<Source> source_;
  const ConvertOptions& options_;
  std::shared_ptr<const Schema> schema_;
  uint64_t* rows_;
};

SourceOptions SourceOptionsOf(const ConvertOptions& options) {
  SourceOptions source;
  source.format = options.from;
  source.columns = options.columns;
  source.cancel = options.cancel;
  source.allow_rollback = options.allow_rollback;
  return source;
}

Status CheckRenames(const ConvertOptions& options, const Schema& schema) {
  for (const auto& [old_name, new_name] : options.renames) {
    LANCER_RETURN_IF_ERROR(SelectColumns(schema, {old_name}, options.inputs[0])
                               .status()
                               .WithContext("--rename"));
  }
  return Status::Ok();
}

// What keeps Lancer from holding the columns; tells how to get around it when that is
// only the name of a column.
Status CheckSchema(const Schema& schema) {
  for (const Field& field : schema.fields()) {
    Field renamed = field;
    renamed.name = "column";
    const Status status = Schema({field}).Validate();
    if (!status.ok() && Schema({renamed}).Validate().ok()) {
      return Status(status.code(), fmt::format("{} (--rename {}=NEW_NAME does that)",
                                               status.message(), field.name));
    }
  }
  return schema.Validate();
}

bool WritesLancer(const ConvertOptions& options) {
  const Format* format = FormatOfSuffix(options.output);
  return options.to == "lancer" ||
         (options.to.empty() && format != nullptr && format->name == "lancer");
}

SinkOptions SinkOptionsOf(const ConvertOptions& options, uint64_t* ignored_rows) {
  SinkOptions sink;
  sink.format = options.to;
  sink.mode = options.mode;
  sink.profile = options.profile;
  sink.single_file = options.single_file;
  sink.cancel = options.cancel;
  const auto& inputs = options.inputs;
  if (std::find(inputs.begin(), inputs.end(), "-") != inputs.end()) {
    return sink;
  }
  sink.reopen = [&options, ignored_rows](const std::vector<std::string>& columns)
      -> Result<std::unique_ptr<BatchReader>> {
    SourceOptions source = SourceOptionsOf(options);
    if (!columns.empty()) {
      source.columns.clear();
      for (const std::string& column : columns) {
        source.columns.push_back(OldName(options, column));
      }
    }
    LANCER_ASSIGN_OR_RETURN(std::unique_ptr<Source> opened,
                            OpenSource(options.inputs, source));
    return std::make_unique<RenamedRows>(std::move(opened), options, ignored_rows);
  };
  return sink;
}

// True when the message begins with the name of an input or the output.
bool NamesAFile(const Status& status, const ConvertOptions& options) {
  const std::string_view message = status.message();
  const std::string name(message.substr(0, message.find(": ")));
  std::error_code error;
  return options.output == "-" || name == "standard input" || name == options.output ||
         name.starts_with(options.output + "/") || std::filesystem::exists(name, error);
}

}  // namespace

Result<ConvertReport> Convert(const ConvertOptions& options) {
  ConvertReport report;
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<Source> source,
                          OpenSource(options.inputs, SourceOptionsOf(options)));
  LANCER_RETURN_IF_ERROR(CheckRenames(options, *source->schema()));
  uint64_t ignored_rows = 0;
  SinkOptions sink = SinkOptionsOf(options, &ignored_rows);
  sink.total_rows = source->total_rows();
  auto rows = std::make_unique<RenamedRows>(std::move(source), options, &report.rows);
  if (WritesLancer(options)) {
    const std::string& input = options.inputs[0];
    LANCER_RETURN_IF_ERROR(CheckSchema(*rows->schema()).WithContext(input));
  }
  report.columns = rows->schema()->field_count();
  Result<SinkReport> written = WriteOutput(options.output, std::move(rows), sink);
  if (!written.has_value()) {
    return NamesAFile(written.error(), options)
               ? written.error()
               : written.error().WithContext(options.output);
  }
  report.sink = *written;
  return report;
}

}  // namespace lancer::tools
