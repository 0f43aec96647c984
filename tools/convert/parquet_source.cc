// Reads Parquet in batches of bounded size, row group by row group.
//
// Columns are read side by side, which holds a page of each. Where they are so many that
// this is too much, they are read a few at a time, for a range of rows that memory can
// hold; a row group of several ranges is read once for each.
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

constexpr int64_t kOpenBytes = 256 << 20;  // of columns read side by side
constexpr int64_t kRangeBytes = 96 << 20;  // of a range of rows
constexpr size_t kColumnsAtATime = 128;

// Some of the columns, read together.
struct ColumnGroup {
  std::shared_ptr<ParquetFile> file;
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
  // Pairs of a column's place in the file and in the output.
  using Places = std::vector<std::pair<size_t, size_t>>;
  bool IsTooWide(const ParquetFile& file, const Places& places) const;
  void AddGroups(const std::shared_ptr<ParquetFile>& file, Places places);
  void AddGroup(const std::shared_ptr<ParquetFile>& file,
                std::span<const Places::value_type> places);
  int64_t RowBytes() const;
  Status OpenGroup(ColumnGroup* group, int64_t batch_rows);
  Status OpenRowGroup();
  Result<std::optional<Batch>> ReadSideBySide();
  Status ReadRange();
  Result<std::optional<Batch>> ReadByRanges();
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
  bool by_ranges_ = false;
  int64_t next_range_ = 0;  // of the row group next_row_group_
  int64_t batch_rows_ = 0;
  Batch range_;  // what is left of the range read last
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
  std::shared_ptr<ParquetFile> plain = std::move(file);
  std::shared_ptr<ParquetFile> raw;
  Places plain_places, raw_places;
  for (size_t i = 0; i < fields.size(); ++i) {
    const Field& field = plain->schema().field(fields[i]);
    bool use_raw = HasNullableFixedList(field);
    if (use_raw && raw == nullptr) {
      LANCER_ASSIGN_OR_RETURN(raw, ParquetFile::Open(path, true, options_));
    }
    use_raw = use_raw && CanConvertLists(*raw->schema().field(fields[i]).type,
                                         *schema_->field(i).type);
    (use_raw ? raw_places : plain_places).emplace_back(fields[i], i);
  }
  by_ranges_ = IsTooWide(*plain, plain_places);
  if (!plain_places.empty() || raw_places.empty()) {
    AddGroups(plain, std::move(plain_places));
  }
  if (!raw_places.empty()) {
    AddGroups(raw, std::move(raw_places));
  }
  return Status::Ok();
}

bool ParquetSource::IsTooWide(const ParquetFile& file, const Places& places) const {
  std::vector<size_t> fields;
  for (const auto& [field, output] : places) {
    fields.push_back(field);
  }
  const std::vector<int> leaves = file.LeavesOf(fields);
  for (int i = 0; i < row_group_count_ && leaves.size() > kColumnsAtATime; ++i) {
    if (file.OpenBytes(i, leaves) > kOpenBytes) {
      return true;
    }
  }
  return false;
}

void ParquetSource::AddGroups(const std::shared_ptr<ParquetFile>& file, Places places) {
  std::sort(places.begin(), places.end());  // Arrow gives columns in the file's order
  const size_t most = by_ranges_ ? kColumnsAtATime : std::max<size_t>(places.size(), 1);
  size_t begin = 0;
  do {
    const size_t count = std::min(most, places.size() - begin);
    AddGroup(file, std::span(places).subspan(begin, count));
    begin += count;
  } while (begin < places.size());
}

void ParquetSource::AddGroup(const std::shared_ptr<ParquetFile>& file,
                             std::span<const Places::value_type> places) {
  ColumnGroup group;
  std::vector<size_t> fields;
  std::vector<Field> read;
  for (const auto& [field, output] : places) {
    fields.push_back(field);
    group.output.push_back(output);
    read.push_back(file->schema().field(field));
  }
  group.leaves = file->LeavesOf(fields);
  group.read_schema = std::make_shared<const Schema>(std::move(read));
  group.file = file;
  groups_.push_back(std::move(group));
}

int64_t ParquetSource::RowBytes() const {
  int64_t bytes = 0;
  for (const ColumnGroup& group : groups_) {
    bytes += group.file->RowBytes(next_row_group_, group.leaves);
  }
  return std::max<int64_t>(bytes, 1);
}

Status ParquetSource::OpenGroup(ColumnGroup* group, int64_t batch_rows) {
  parquet::arrow::FileReader& reader = group->file->reader();
  ArrowFaults& faults = group->file->faults();
  faults.At(fmt::format("row group {}", next_row_group_));
  reader.set_batch_size(batch_rows);
  LANCER_ASSIGN_OR_RETURN(group->batches, faults.Check(reader.GetRecordBatchReader(
                                              {next_row_group_}, group->leaves)));
  return Status::Ok();
}

Status ParquetSource::OpenRowGroup() {
  batch_rows_ =
      std::clamp<int64_t>(options_.batch_bytes / RowBytes(), 1, options_.batch_rows);
  for (ColumnGroup& group : groups_) {
    LANCER_RETURN_IF_ERROR(OpenGroup(&group, batch_rows_));
  }
  row_group_open_ = true;
  ++next_row_group_;
  return Status::Ok();
}

// Reads the next range of the row group next_row_group_, column group by column group.
// It is empty behind the last one, and then the next row group's turn comes.
Status ParquetSource::ReadRange() {
  const int64_t row_bytes = RowBytes();
  batch_rows_ =
      std::clamp<int64_t>(options_.batch_bytes / row_bytes, 1, options_.batch_rows);
  const int64_t range_rows = std::max<int64_t>(kRangeBytes / row_bytes, 1);
  range_ = Batch{schema_, 0, std::vector<ArrayPtr>(schema_->field_count())};
  bool more = true;
  for (size_t i = 0; more && i < groups_.size(); ++i) {
    ColumnGroup& group = groups_[i];
    LANCER_RETURN_IF_ERROR(OpenGroup(&group, range_rows));
    std::shared_ptr<arrow::RecordBatch> passed;
    for (int64_t range = 0; range < next_range_; ++range) {
      LANCER_RETURN_IF_ERROR(options_.cancel.Check());
      LANCER_RETURN_IF_ERROR(
          group.file->faults().Check(group.batches->ReadNext(&passed)));
    }
    LANCER_ASSIGN_OR_RETURN(more, ReadGroup(&group, &range_));
    group.batches.reset();
  }
  ++next_range_;
  if (!more) {
    range_ = Batch{};
    ++next_row_group_;
    next_range_ = 0;
  }
  return Status::Ok();
}

Result<bool> ParquetSource::ReadGroup(ColumnGroup* group, Batch* batch) {
  std::shared_ptr<arrow::RecordBatch> read;
  const ArrowFaults& faults = group->file->faults();
  LANCER_RETURN_IF_ERROR(faults.Check(group->batches->ReadNext(&read)));
  const bool is_first = group == groups_.data();
  if (read == nullptr && is_first) {
    return false;
  }
  if (read == nullptr || (!is_first && read->num_rows() != batch->length)) {
    return faults.Damaged("columns of different lengths");
  }
  LANCER_RETURN_IF_ERROR(faults.Check(read->Validate()));
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

Result<std::optional<Batch>> ParquetSource::ReadByRanges() {
  while (range_.length == 0) {
    if (next_row_group_ == row_group_count_) {
      return std::nullopt;
    }
    LANCER_RETURN_IF_ERROR(groups_[0].file->faults().Catch([&] { return ReadRange(); }));
  }
  const int64_t rows = std::min(batch_rows_, range_.length);
  Batch batch = range_.Slice(0, rows);
  range_ = range_.Slice(rows, range_.length - rows);
  return batch;
}

Result<std::optional<Batch>> ParquetSource::ReadSideBySide() {
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

Result<std::optional<Batch>> ParquetSource::ReadBatch() {
  LANCER_RETURN_IF_ERROR(options_.cancel.Check());
  return by_ranges_ ? ReadByRanges() : ReadSideBySide();
}

}  // namespace

Result<std::unique_ptr<Source>> OpenParquet(const std::string& path,
                                            const SourceOptions& options) {
  auto source = std::make_unique<ParquetSource>(options);
  LANCER_RETURN_IF_ERROR(source->Open(path));
  return source;
}

}  // namespace lancer::tools
