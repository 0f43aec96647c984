#include "tools/convert/convert.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

#include "lancer/file_system.h"
#include "tools/convert/formats.h"

namespace lancer::tools {
namespace {

std::string OldName(const ConvertOptions& options, const std::string& name) {
  for (const auto& [old_name, new_name] : options.renames) {
    if (new_name == name) {
      return old_name;
    }
  }
  return name;
}

struct Progress {
  uint64_t rows = 0;           // given so far
  bool source_failed = false;  // the error that ends the run is of an input
};

// Gives a source's batches with other column names and counts them.
class RenamedRows final : public BatchReader {
 public:
  RenamedRows(std::unique_ptr<Source> source, const std::vector<std::string>& names,
              const ConvertOptions& options, Progress* progress)
      : source_(std::move(source)), options_(options), progress_(progress) {
    std::vector<Field> fields = source_->schema()->fields();
    for (size_t i = 0; i < fields.size(); ++i) {
      fields[i].name = names[i];
    }
    schema_ =
        std::make_shared<const Schema>(std::move(fields), source_->schema()->metadata());
  }

  const std::shared_ptr<const Schema>& schema() const override { return schema_; }
  Result<std::optional<Batch>> Next() override {
    LANCER_RETURN_IF_ERROR(options_.cancel.Check());
    Result<std::optional<Batch>> batch = source_->Next();
    progress_->source_failed = !batch.has_value();
    if (batch.has_value() && *batch) {
      (*batch)->schema = schema_;
      progress_->rows += static_cast<uint64_t>((*batch)->length);
      if (options_.progress) {
        options_.progress(progress_->rows, source_->total_rows());
      }
    }
    return batch;
  }

 private:
  std::unique_ptr<Source> source_;
  const ConvertOptions& options_;
  std::shared_ptr<const Schema> schema_;
  Progress* progress_;
};

SourceOptions SourceOptionsOf(const ConvertOptions& options) {
  SourceOptions source;
  source.format = options.from;
  source.columns = options.columns;
  source.cancel = options.cancel;
  source.version = options.version;
  source.time_us = options.time_us;
  source.allow_rollback = options.allow_rollback;
  return source;
}

// The columns' names in the output. A rename takes the first column of its old name that
// no other rename took, so that columns of one name are told apart.
Result<std::vector<std::string>> NewNames(const ConvertOptions& options,
                                          const Schema& schema) {
  std::vector<std::string> names;
  for (const Field& field : schema.fields()) {
    names.push_back(field.name);
  }
  std::vector<bool> taken(names.size(), false);
  for (const auto& [old_name, new_name] : options.renames) {
    const std::vector<std::string> wanted = {old_name};
    if (!schema.FindField(old_name)) {
      return schema.Select(wanted).status().WithContext(options.inputs[0] + ": --rename");
    }
    size_t place = 0;
    while (place < names.size() &&
           (taken[place] || schema.field(place).name != old_name)) {
      ++place;
    }
    if (place == names.size()) {
      return Status::InvalidArgument(
          fmt::format("{}: --rename {}={}: every column of this name has a new one "
                      "already; leave this --rename out",
                      options.inputs[0], FormatFieldPath(wanted), new_name));
    }
    taken[place] = true;
    names[place] = new_name;
  }
  return names;
}

// Two columns of one name.
Status CheckNamesDiffer(const Schema& schema) {
  std::unordered_map<std::string_view, int> counts;
  for (const Field& field : schema.fields()) {
    if (++counts[field.name] > 1) {
      const std::string name = FormatFieldPath(std::span(&field.name, 1));
      return Status::InvalidArgument(
          fmt::format("field {}: the name stands twice at this level; --rename "
                      "{}=NEW_NAME renames the first of them (repeated: the next)",
                      name, field.name));
    }
  }
  return Status::Ok();
}

// The option that chooses the other columns than `out`, all of which can be stored.
std::string ColumnsWithout(const Schema& schema, std::string_view out) {
  constexpr size_t kShownBytes = 200;
  std::vector<std::string> names;
  for (const Field& field : schema.fields()) {
    const bool plain = !field.name.empty() && field.name.find(',') == field.name.npos;
    if (field.name != out && plain && Schema({field}).Validate().ok()) {
      names.push_back(field.name);
    }
  }
  const std::string list = fmt::format("{}", fmt::join(names, ","));
  return list.empty() || list.size() > kShownBytes ? "--columns" : "--columns " + list;
}

// How to get around `fault`, which keeps Lancer from holding the field.
std::string RemedyOf(std::string_view fault, const Schema& schema, const Field& field) {
  Field renamed = field;
  renamed.name = "column";
  if (!Schema({renamed}).Validate().ok()) {
    const bool has_one = fault.find("; ") != fault.npos;
    return fmt::format("{}, or leave the column out ({})",
                       has_one ? "" : "; change it in the input",
                       ColumnsWithout(schema, field.name));
  }
  return field.name.find('\0') != field.name.npos  // no command line can hold it
             ? "; rename it in the input"
             : fmt::format(" (--rename {}=NEW_NAME does that)", field.name);
}

Status CheckSchema(const Schema& schema) {
  for (const Field& field : schema.fields()) {
    if (const Status status = Schema({field}).Validate(); !status.ok()) {
      return Status(status.code(),
                    fmt::format("{}{}", status.message(),
                                RemedyOf(status.message(), schema, field)));
    }
  }
  return schema.Validate();
}

// Neither Lancer nor a JSON object can hold two columns of one name. Other formats take
// them as they come in, but no rename makes them.
Status CheckOutput(const ConvertOptions& options, const std::string& output,
                   const Schema& schema) {
  const Format* format = options.to.empty() ? FormatOfSuffix(output)
                                            : FindFormat(options.to).value_or(nullptr);
  if (!options.renames.empty() ||
      (format != nullptr && (format->name == "lancer" || format->name == "jsonl"))) {
    LANCER_RETURN_IF_ERROR(CheckNamesDiffer(schema));
  }
  return format != nullptr && format->name == "lancer" ? CheckSchema(schema)
                                                       : Status::Ok();
}

SinkOptions SinkOptionsOf(const ConvertOptions& options, Progress* ignored) {
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
  sink.reopen = [&options, ignored](const std::vector<std::string>& columns)
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
    std::vector<std::string> names = columns;
    if (columns.empty()) {
      LANCER_ASSIGN_OR_RETURN(names, NewNames(options, *opened->schema()));
    }
    return std::make_unique<RenamedRows>(std::move(opened), names, options, ignored);
  };
  return sink;
}

// True when the message begins with the name of the output or of a file in it.
bool NamesTheOutput(const Status& status, const std::string& output) {
  const std::string_view message = status.message();
  return output == "-" || message.starts_with(output + ": ") ||
         message.starts_with(output + "/");
}

}  // namespace

Result<ConvertReport> Convert(const ConvertOptions& options) {
  std::string output = options.output;
  if (output != "-") {
    LANCER_ASSIGN_OR_RETURN(output, PathFromUri(output));
  }
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<Source> source,
                          OpenSource(options.inputs, SourceOptionsOf(options)));
  LANCER_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                          NewNames(options, *source->schema()));
  Progress progress;
  Progress reopened;
  SinkOptions sink = SinkOptionsOf(options, &reopened);
  sink.total_rows = source->total_rows();
  auto rows = std::make_unique<RenamedRows>(std::move(source), names, options, &progress);
  LANCER_RETURN_IF_ERROR(
      CheckOutput(options, output, *rows->schema()).WithContext(options.inputs[0]));
  ConvertReport report;
  report.columns = rows->schema()->field_count();
  Result<SinkReport> written = WriteOutput(output, std::move(rows), sink);
  if (!written.has_value()) {
    const bool named = progress.source_failed || reopened.source_failed ||
                       NamesTheOutput(written.error(), output);
    return named ? written.error() : written.error().WithContext(output);
  }
  report.rows = progress.rows;
  report.sink = *written;
  return report;
}

}  // namespace lancer::tools
