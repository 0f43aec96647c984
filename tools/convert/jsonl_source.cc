// Reads JSON lines in two passes: the first finds the types, the second the values.
#include <fmt/format.h>

#include <unordered_map>

#include "tools/convert/column_builder.h"
#include "tools/convert/formats.h"
#include "tools/convert/input_file.h"
#include "tools/convert/json_line.h"
#include "tools/convert/json_type.h"
#include "tools/convert/text_check.h"

namespace lancer::tools {
namespace {

constexpr size_t kMaxLineBytes = 64 << 20;
static_assert(JsonLine::kMaxDepth == 64);
constexpr std::string_view kLineRemedy =
    "make the line one whole JSON object of at most 64 levels";

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == line.npos;
}

// The next line that is not blank, parsed; false at the end.
Result<bool> NextObject(LineReader* lines, const std::string& name, JsonLine* parsed) {
  std::string_view line;
  while (true) {
    LANCER_ASSIGN_OR_RETURN(bool more, lines->Next(&line));
    if (!more) {
      return false;
    }
    if (IsBlank(line)) {
      continue;
    }
    const auto where = [&] {
      return fmt::format("{}: line {}", name, lines->line_number());
    };
    if (Status status = parsed->Parse(line); !status.ok()) {
      const bool is_array = lines->line_number() == 1 && line.starts_with('[');
      return Status(status.code(),
                    fmt::format("{}: {}; {}", where(), status.message(),
                                is_array ? "jq -c '.[]' makes jsonl of a JSON array"
                                         : kLineRemedy));
    }
    if (parsed->nodes()[0].kind != JsonKind::kObject) {
      return Status::InvalidArgument(
          where() + ": expected an object in braces; jsonl has one per line");
    }
    return true;
  }
}

class JsonlSource final : public Source {
 public:
  JsonlSource(std::unique_ptr<InputFile> file, SourceOptions options)
      : file_(std::move(file)),
        options_(std::move(options)),
        lines_(file_.get(), kMaxLineBytes) {}

  // The first pass.
  Status FindTypes();
  const std::shared_ptr<const Schema>& schema() const override { return schema_; }
  std::optional<uint64_t> total_rows() const override { return total_rows_; }

 private:
  Result<std::optional<Batch>> ReadBatch() override;
  Status AppendRow();
  Status AppendValue(uint32_t index, ColumnBuilder* column);
  Status AppendMembers(uint32_t index, ColumnBuilder* column);
  const std::unordered_map<std::string, size_t>& IndexOf(const DataType& type);

  std::unique_ptr<InputFile> file_;
  SourceOptions options_;
  LineReader lines_;
  JsonLine parsed_;
  std::shared_ptr<const Schema> schema_;
  uint64_t total_rows_ = 0;
  std::vector<ColumnBuilder> columns_;
  std::unordered_map<std::string, size_t> column_index_;
  std::unordered_map<const DataType*, std::unordered_map<std::string, size_t>> members_;
};

Status JsonlSource::FindTypes() {
  JsonType row;
  FieldPath path;
  size_t field_count = 0;
  while (true) {
    LANCER_ASSIGN_OR_RETURN(bool more, NextObject(&lines_, file_->name(), &parsed_));
    if (!more) {
      break;
    }
    if (total_rows_++ % 4096 == 0) {
      LANCER_RETURN_IF_ERROR(options_.cancel.Check());
    }
    Status status = row.Observe(parsed_, 0, lines_.line_number(), &path, &field_count);
    if (!status.ok()) {
      return status.WithContext(file_->name());
    }
  }
  if (total_rows_ == 0) {
    return Status::InvalidArgument(
        file_->name() +
        ": holds no JSON object, so its columns are not known; give it a line");
  }
  Schema whole(row.ToFields());
  if (!options_.columns.empty()) {
    LANCER_ASSIGN_OR_RETURN(whole, SelectColumns(whole, options_.columns, file_->name()));
  }
  for (const Field& field : whole.fields()) {
    column_index_.emplace(field.name, columns_.size());
    columns_.emplace_back(field.type);
  }
  schema_ = std::make_shared<const Schema>(std::move(whole));
  lines_.Rewind();
  return Status::Ok();
}

Result<std::optional<Batch>> JsonlSource::ReadBatch() {
  LANCER_RETURN_IF_ERROR(options_.cancel.Check());
  int64_t rows = 0;
  int64_t bytes = 0;
  while (rows < options_.batch_rows && bytes < options_.batch_bytes) {
    LANCER_ASSIGN_OR_RETURN(bool more, NextObject(&lines_, file_->name(), &parsed_));
    if (!more) {
      break;
    }
    LANCER_RETURN_IF_ERROR(AppendRow());
    ++rows;
    bytes += static_cast<int64_t>(parsed_.line_bytes());
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

Status JsonlSource::AppendRow() {
  const std::vector<JsonNode>& nodes = parsed_.nodes();
  const int64_t length = columns_.empty() ? 0 : columns_[0].length();
  for (uint32_t i = 1; i < nodes[0].next; i = nodes[i].next) {
    const auto entry = column_index_.find(std::string(parsed_.key(nodes[i])));
    if (entry != column_index_.end()) {
      LANCER_RETURN_IF_ERROR(AppendValue(i, &columns_[entry->second]));
    }
  }
  const int64_t target = length + 1;
  for (ColumnBuilder& column : columns_) {
    if (column.length() < target) {
      column.AppendNull();
    }
  }
  return Status::Ok();
}

// The first pass has seen every value, so a misfit means that the file changed meanwhile.
Status JsonlSource::AppendValue(uint32_t index,  // NOLINT(misc-no-recursion)
                                ColumnBuilder* column) {
  const JsonNode& node = parsed_.nodes()[index];
  const TypeKind kind = column->type()->kind();
  const std::string_view text = parsed_.text(node);
  if (node.kind == JsonKind::kNull) {
    column->AppendNull();
  } else if (kind == TypeKind::kBool && node.text_size == 0) {
    column->AppendBool(node.kind == JsonKind::kTrue);
  } else if (kind == TypeKind::kInt64 && node.kind == JsonKind::kNumber) {
    column->AppendInteger(static_cast<uint64_t>(ParseInt64(text).value_or(0)));
  } else if (kind == TypeKind::kUInt64 && node.kind == JsonKind::kNumber) {
    column->AppendInteger(ParseUint64(text).value_or(0));
  } else if (kind == TypeKind::kFloat64 && node.kind == JsonKind::kNumber) {
    column->AppendDouble(ParseDouble(text).value_or(0));
  } else if (const std::optional<double> special = ParseSpecialNumber(text);
             kind == TypeKind::kFloat64 && node.kind == JsonKind::kString && special) {
    column->AppendDouble(*special);
  } else if (kind == TypeKind::kString && node.kind == JsonKind::kString) {
    column->AppendString(text);
  } else if (kind == TypeKind::kList && node.kind == JsonKind::kList) {
    for (uint32_t i = index + 1; i < node.next; i = parsed_.nodes()[i].next) {
      LANCER_RETURN_IF_ERROR(AppendValue(i, &column->child(0)));
    }
    column->AppendNested();
  } else if (kind == TypeKind::kStruct && node.kind == JsonKind::kObject) {
    return AppendMembers(index, column);
  } else {
    return Status::Conflict(
        fmt::format("{}: line {}: changed while it was read; try again when "
                    "nobody writes it",
                    file_->name(), lines_.line_number()));
  }
  return Status::Ok();
}

Status JsonlSource::AppendMembers(uint32_t index,  // NOLINT(misc-no-recursion)
                                  ColumnBuilder* column) {
  const auto& members = IndexOf(*column->type());
  const uint32_t end = parsed_.nodes()[index].next;
  for (uint32_t i = index + 1; i < end; i = parsed_.nodes()[i].next) {
    const auto entry = members.find(std::string(parsed_.key(parsed_.nodes()[i])));
    if (entry != members.end()) {
      LANCER_RETURN_IF_ERROR(AppendValue(i, &column->child(entry->second)));
    }
  }
  for (size_t i = 0; i < column->child_count(); ++i) {
    if (column->child(i).length() <= column->length()) {
      column->child(i).AppendNull();
    }
  }
  column->AppendNested();
  return Status::Ok();
}

const std::unordered_map<std::string, size_t>& JsonlSource::IndexOf(
    const DataType& type) {
  const auto [entry, is_new] = members_.try_emplace(&type);
  for (size_t i = 0; is_new && i < type.children().size(); ++i) {
    entry->second.emplace(type.child(i).name, i);
  }
  return entry->second;
}

}  // namespace

Result<std::unique_ptr<Source>> OpenJsonl(const std::string& path,
                                          const SourceOptions& options) {
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<InputFile> file,
                          InputFile::Open(path, options.cancel));
  auto source = std::make_unique<JsonlSource>(std::move(file), options);
  LANCER_RETURN_IF_ERROR(source->FindTypes());
  return source;
}

}  // namespace lancer::tools
