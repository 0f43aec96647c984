#include "tools/convert/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "tools/convert/formats.h"
#include "tools/convert/inputs.h"
#include "tools/convert/partition_columns.h"

namespace lancer::tools {
namespace {

std::string NameOf(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

Result<const Format*> FormatOf(const std::string& path, const SourceOptions& options) {
  if (!options.format.empty()) {
    return FindFormat(options.format);
  }
  if (path == "-") {
    return Status::InvalidArgument("standard input needs --from FORMAT; there are " +
                                   FormatNames());
  }
  const Format* format = FormatOfFile(path);
  if (format == nullptr) {
    return Status::InvalidArgument(
        path +
        ": neither its suffix nor its first bytes tell its format; give --from "
        "FORMAT; there are " +
        FormatNames());
  }
  return format;
}

// Where columns have one name, the first stands for the first.
std::optional<size_t> FindUnused(const Schema& schema, std::string_view name,
                                 const std::vector<bool>& used) {
  for (size_t i = 0; i < schema.field_count(); ++i) {
    if (!used[i] && schema.field(i).name == name) {
      return i;
    }
  }
  return std::nullopt;
}

// Reads its parts one after the other, each opened when its turn comes.
class PartsSource final : public Source {
 public:
  PartsSource(std::vector<InputPart> parts, SourceOptions options)
      : parts_(std::move(parts)), options_(std::move(options)), partitions_(parts_) {}

  // Opens the first part, which tells the schema.
  Status Start();
  const std::shared_ptr<const Schema>& schema() const override { return schema_; }
  std::optional<uint64_t> total_rows() const override {
    return parts_.size() == 1 ? current_->total_rows() : std::nullopt;
  }

 private:
  Status OpenPart();
  Status MatchColumns();
  Result<std::optional<Batch>> ReadBatch() override;

  std::vector<InputPart> parts_;
  SourceOptions options_;
  PartitionColumns partitions_;
  std::vector<std::string> file_columns_;  // asked of every part; empty: all
  size_t part_ = 0;
  std::unique_ptr<Source> current_;
  Schema file_schema_;                 // of the first part
  std::vector<size_t> current_index_;  // of each field of file_schema_ in current_
  std::vector<size_t> output_index_;  // of each output column in file + partition columns
  std::shared_ptr<const Schema> schema_;
};

Status PartsSource::Start() {
  for (const std::string& name : options_.columns) {
    if (!partitions_.Has(name)) {
      file_columns_.push_back(name);
    }
  }
  LANCER_RETURN_IF_ERROR(OpenPart());
  file_schema_ = *current_->schema();
  std::vector<Field> fields = file_schema_.fields();
  fields.insert(fields.end(), partitions_.fields().begin(), partitions_.fields().end());
  Schema whole(std::move(fields), file_schema_.metadata());
  Schema selected = whole;
  if (!options_.columns.empty()) {
    LANCER_ASSIGN_OR_RETURN(
        selected, SelectColumns(whole, options_.columns, NameOf(parts_[0].path)));
    for (const Field& field : selected.fields()) {
      output_index_.push_back(*whole.FindField(field.name));
    }
  } else {
    for (size_t i = 0; i < whole.field_count(); ++i) {
      output_index_.push_back(i);
    }
  }
  schema_ = std::make_shared<const Schema>(std::move(selected));
  return MatchColumns();
}

Status PartsSource::OpenPart() {
  const std::string& path = parts_[part_].path;
  LANCER_ASSIGN_OR_RETURN(const Format* format, FormatOf(path, options_));
  if ((options_.version || options_.time_us) && format->name != "lancer") {
    return Status::InvalidArgument(
        NameOf(path) +
        ": is no Lancer dataset, and has no versions; leave --version and "
        "--time out");
  }
  SourceOptions options = options_;
  options.columns = file_columns_;
  LANCER_ASSIGN_OR_RETURN(current_, format->open(path, options));
  return Status::Ok();
}

// Finds the first part's columns in the current one, by name.
Status PartsSource::MatchColumns() {
  const Schema& schema = *current_->schema();
  current_index_.clear();
  if (part_ == 0) {
    for (size_t i = 0; i < schema.field_count(); ++i) {
      current_index_.push_back(i);
    }
    return Status::Ok();
  }
  const auto fault = [&](const std::string& name, std::string_view what) {
    return Status::InvalidArgument(
        fmt::format("{}: field {}: {}; inputs of one output have the same columns "
                    "(--columns chooses)",
                    NameOf(parts_[part_].path),
                    FormatFieldPath(std::vector<std::string>{name}), what));
  };
  std::vector<bool> used(schema.field_count(), false);
  for (const Field& field : file_schema_.fields()) {
    const std::optional<size_t> index = FindUnused(schema, field.name, used);
    if (!index) {
      return fault(field.name, "missing, but in " + NameOf(parts_[0].path));
    }
    const std::string found = schema.field(*index).type->ToString();
    if (found != field.type->ToString()) {
      return fault(field.name,
                   fmt::format("is {}, but {} in {}", found, field.type->ToString(),
                               NameOf(parts_[0].path)));
    }
    used[*index] = true;
    current_index_.push_back(*index);
  }
  for (size_t i = 0; i < schema.field_count(); ++i) {
    if (!used[i]) {
      return fault(schema.field(i).name, "is not in " + NameOf(parts_[0].path));
    }
  }
  return Status::Ok();
}

Result<std::optional<Batch>> PartsSource::ReadBatch() {
  LANCER_ASSIGN_OR_RETURN(std::optional<Batch> part, current_->Next());
  while (!part) {
    if (part_ + 1 == parts_.size()) {
      return std::nullopt;
    }
    ++part_;
    LANCER_RETURN_IF_ERROR(OpenPart());
    LANCER_RETURN_IF_ERROR(MatchColumns());
    LANCER_ASSIGN_OR_RETURN(part, current_->Next());
  }
  std::vector<ArrayPtr> columns;
  for (size_t i = 0; i < current_index_.size(); ++i) {
    columns.push_back(
        part->columns[current_index_[i]]->WithType(file_schema_.field(i).type));
  }
  for (size_t i = 0; i < partitions_.fields().size(); ++i) {
    columns.push_back(partitions_.Values(part_, i, part->length));
  }
  Batch batch{schema_, part->length, {}};
  for (size_t index : output_index_) {
    batch.columns.push_back(columns[index]);
  }
  return batch;
}

}  // namespace

Result<Schema> SelectColumns(const Schema& whole, const std::vector<std::string>& names,
                             std::string_view input) {
  std::unordered_map<std::string_view, size_t> counts;
  for (const Field& field : whole.fields()) {
    ++counts[field.name];
  }
  for (const std::string& name : names) {
    const auto found = counts.find(name);
    if (found != counts.end() && found->second > 1) {
      return Status::InvalidArgument(fmt::format(
          "{}: field {}: {} columns have this name, and --columns cannot choose; leave "
          "it out and give --rename {}=NEW_NAME",
          input, FormatFieldPath(std::vector<std::string>{name}), found->second, name));
    }
  }
  Result<Schema> selected = whole.Select(names);
  if (!selected.has_value()) {
    return selected.error().WithContext(input);
  }
  return selected;
}

Result<std::optional<Batch>> Source::Next() {
  Result<std::optional<Batch>> batch = status_.ok() ? ReadBatch() : status_;
  status_ = batch.status();
  return batch;
}

Result<std::unique_ptr<Source>> OpenSource(const std::vector<std::string>& inputs,
                                           const SourceOptions& options) {
  LANCER_ASSIGN_OR_RETURN(std::vector<InputPart> parts, ExpandInputs(inputs));
  if (parts.empty()) {
    return Status::InvalidArgument("no input is named");
  }
  auto source = std::make_unique<PartsSource>(std::move(parts), options);
  LANCER_RETURN_IF_ERROR(source->Start());
  return source;
}

}  // namespace lancer::tools
