// Reads Parquet in batches of bounded size, row group by row group.
//
// Columns with fixed-size lists that may hold nulls are read as Parquet's own lists,
// which Arrow's reader can read, and become fixed-size lists here (fixed_list_form.h).
#include <fmt/format.h>

#include <algorithm>

#include "tools/convert/arrow_interop.h"
#include "tools/convert/fixed_list_form.h"
#include "tools/convert/formats.h"
#include "tools/convert/parquet_file.h"

namespace lancer::tools {
namespace {

// Some of the columns, read together.
struct ColumnGroup {
  std::unique_ptr<ParquetFile> file;
  std::vector<int> leaves;
  std::vector<size_t> output;  // of each column read: its place in the output
  std::shared_ptr<const Schema> read_schema;
  std::unique_ptr<arrow::RecordBatchReader> batches;  // of the current row group
};

class ParquetSource final : public Source {
 public:
  explicit ParquetSource(SourceOptions options) : options_(std::move(options)) {}

  Status Open(const std::string& path);
  const std::shared_ptr<const Schema>& schema() const override { return schema_; }
  std::optional<uint64_t> total_rows() const override { return total_rows_; }

 private:
  Status AddGroup(std::unique_ptr<ParquetFile> file, std::vector<size_t> fields,
                  std::vector<size_t> output);
  Status OpenRowGroup();
  // Puts the group's columns in their places of the batch; false at the row group's end.
  Result<bool> ReadGroup(ColumnGroup* group, Batch* batch);
  Result<std::optional<Batch>> ReadBatch() override;

  SourceOptions options_;
  std::string name_;
  std::shared_ptr<const Schema> schema_;
  uint64_t total_rows_ = 0;
  int row_group_count_ = 0;
  int next_row_group_ = 0;
  bool row_group_open_ = false;
  std::vector<ColumnGroup> groups_;
};

Status ParquetSource::Open(const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<ParquetFile> file,
                          ParquetFile::Open(path, false, options_));
  name_ = file->name();
  total_rows_ = static_cast<uint64_t>(std::max<int64_t>(file->metadata().num_rows(), 0));
  row_group_count_ = file->metadata().num_row_groups();
  const Schema& read = file->schema();
  std::vector<Field> declared;
  for (const Field& field : read.fields()) {
    declared.push_back(FromListForm(field));
  }
  Schema whole(std::move(declared), read.metadata());
  Schema selected = whole;
  std::vector<size_t> fields(whole.field_count());
  for (size_t i = 0; i < fields.size(); ++i) {
    fields[i] = i;
  }
  if (!options_.columns.empty()) {
    LANCER_ASSIGN_OR_RETURN(selected, SelectColumns(whole, options_.columns, name_));
    fields.clear();
    for (const std::string& name : options_.columns) {
      fields.push_back(*whole.FindField(name));
    }
  }
  schema_ = std::make_shared<const Schema>(std::move(selected));
  // Arrow refuses fixed-size lists with null rows, so that they are read as the lists
  // that Parquet has, from the file opened a second time.
  std::unique_ptr<ParquetFile> raw;
  std::vector<size_t> plain_fields, plain_output, raw_fields, raw_output;
  for (size_t i = 0; i < fields.size(); ++i) {
    bool use_raw = HasNullableFixedList(read.field(fields[i]));
    if (use_raw && raw == nullptr) {
      LANCER_ASSIGN_OR_RETURN(raw, ParquetFile::Open(path, true, options_));
    }
    use_raw = use_raw && CanConvertLists(*raw->schema().field(fields[i]).type,
                                         *schema_->field(i).type);
    (use_raw ? raw_fields : plain_fields).push_back(fields[i]);
    (use_raw ? raw_output : plain_output).push_back(i);
  }
  if (!plain_fields.empty() || raw_fields.empty()) {
    LANCER_RETURN_IF_ERROR(
        AddGroup(std::move(file), std::move(plain_fields), std::move(plain_output)));
  }
  return raw_fields.empty()
             ? Status::Ok()
             : AddGroup(std::move(raw), std::move(raw_fields), std::move(raw_output));
}

// Arrow gives the columns that it reads in the order of the file.
Status ParquetSource::AddGroup(std::unique_ptr<ParquetFile> file,
                               std::vector<size_t> fields, std::vector<size_t> output) {
  std::vector<std::pair<size_t, size_t>> order;
  for (size_t i = 0; i < fields.size(); ++i) {
    order.emplace_back(fields[i], output[i]);
  }
  std::sort(order.begin(), order.end());
  ColumnGroup group;
  std::vector<Field> read;
  for (size_t i = 0; i < order.size(); ++i) {
    fields[i] = order[i].first;
    group.output.push_back(order[i].second);
    read.push_back(file->schema().field(fields[i]));
  }
  group.leaves = file->LeavesOf(fields);
  group.read_schema = std::make_shared<const Schema>(std::move(read));
  group.file = std::move(file);
  groups_.push_back(std::move(group));
  return Status::Ok();
}

Status ParquetSource::OpenRowGroup() {
  int64_t row_bytes = 0;
  for (const ColumnGroup& group : groups_) {
    row_bytes += group.file->RowBytes(next_row_group_, group.leaves);
  }
  const int64_t rows = std::clamp<int64_t>(
      options_.batch_bytes / std::max<int64_t>(row_bytes, 1), 1, options_.batch_rows);
  for (ColumnGroup& group : groups_) {
    parquet::arrow::FileReader& reader = group.file->reader();
    reader.set_batch_size(rows);
    group.file->faults().At(fmt::format("row group {}", next_row_group_));
    LANCER_ASSIGN_OR_RETURN(
        group.batches, group.file->faults().Check(
                           reader.GetRecordBatchReader({next_row_group_}, group.leaves)));
  }
  row_group_open_ = true;
  ++next_row_group_;
  return Status::Ok();
}

Result<bool> ParquetSource::ReadGroup(ColumnGroup* group, Batch* batch) {
  std::shared_ptr<arrow::RecordBatch> read;
  const ArrowFaults& faults = group->file->faults();
  LANCER_RETURN_IF_ERROR(faults.Check(group->batches->ReadNext(&read)));
  if (read == nullptr) {
    return false;
  }
  LANCER_RETURN_IF_ERROR(faults.Check(read->Validate()));
  if (group != groups_.data() && read->num_rows() != batch->length) {
    return faults.Damaged("columns of different lengths");
  }
  LANCER_ASSIGN_OR_RETURN(Batch imported,
                          FromArrowBatch(group->read_schema, *read, name_));
  batch->length = imported.length;
  for (size_t i = 0; i < group->output.size(); ++i) {
    const size_t output = group->output[i];
    const Field& field = schema_->field(output);
    ArrayPtr column = imported.columns[i];
    if (!column->type()->Equals(*field.type)) {
      Result<ArrayPtr> converted = ConvertLists(column, field.type);
      if (!converted.has_value()) {
        return converted.error().WithContext(
            name_ + ": field " + FormatFieldPath(std::vector<std::string>{field.name}));
      }
      column = *converted;
    }
    batch->columns[output] = std::move(column);
  }
  return true;
}

Result<std::optional<Batch>> ParquetSource::ReadBatch() {
  LANCER_RETURN_IF_ERROR(options_.cancel.Check());
  while (true) {
    if (!row_group_open_) {
      if (next_row_group_ == row_group_count_) {
        return std::nullopt;
      }
      LANCER_RETURN_IF_ERROR(
          groups_[0].file->faults().Catch([&] { return OpenRowGroup(); }));
    }
    Batch batch{schema_, 0, std::vector<ArrayPtr>(schema_->field_count())};
    for (ColumnGroup& group : groups_) {
      LANCER_ASSIGN_OR_RETURN(row_group_open_,
                              group.file->faults().Catch([&]() -> Result<bool> {
                                return ReadGroup(&group, &batch);
                              }));
      if (!row_group_open_) {
        break;
      }
    }
    if (row_group_open_) {
      return batch;
    }
  }
}

}  // namespace

Result<std::unique_ptr<Source>> OpenParquet(const std::string& path,
                                            const SourceOptions& options) {
  auto source = std::make_unique<ParquetSource>(options);
  LANCER_RETURN_IF_ERROR(source->Open(path));
  return source;
}

}  // namespace lancer::tools
