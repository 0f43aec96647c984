// Writes Parquet: zstd, the Arrow schema kept in the file, row groups of bounded size.
#include <arrow/ipc/writer.h>
#include <arrow/util/base64.h>
#include <arrow/util/key_value_metadata.h>
#include <fmt/format.h>
#include <parquet/arrow/writer.h>

#include <optional>

#include "tools/convert/arrow_interop.h"
#include "tools/convert/dictionary_union.h"
#include "tools/convert/fixed_list_form.h"
#include "tools/convert/formats.h"
#include "tools/convert/output_file.h"
#include "types/type_parts.h"

namespace lancer::tools {
namespace {

constexpr int64_t kRowGroupRows = 1 << 20;
constexpr int64_t kRowGroupBytes = 64 << 20;  // as they are in memory

// Arrow's writer slices what is inside other types, and cannot slice views: those go as
// the large texts and bytes that they are in memory. The declared types stay in the file.
Field WithoutInnerViews(const Field& field) {  // NOLINT(misc-no-recursion)
  Field written = field;
  if (!field.type->is_nested()) {
    return written;
  }
  std::vector<Field> children;
  for (const Field& child : field.type->children()) {
    const bool text = child.type->kind() == TypeKind::kStringView;
    children.push_back(WithoutInnerViews(child));
    if (text || child.type->kind() == TypeKind::kBinaryView) {
      children.back().type =
          DataType::Make(text ? TypeKind::kLargeString : TypeKind::kLargeBinary);
    }
  }
  written.type = WithChildren(field.type, std::move(children));
  return written;
}

class ParquetSink final : public Sink {
 public:
  ParquetSink(std::unique_ptr<OutputFile> file, std::shared_ptr<const Schema> schema)
      : file_(std::move(file)), schema_(std::move(schema)) {}

  Status Open();
  Status Write(const Batch& batch) override;
  Result<SinkReport> Finish() override;

 private:
  Status DeclareTypes();

  std::unique_ptr<OutputFile> file_;
  std::shared_ptr<const Schema> schema_;   // as declared
  std::shared_ptr<const Schema> written_;  // no views inside other types, wide indices
  std::optional<DictionaryUnion> dictionaries_;  // where declared indices are narrower
  std::shared_ptr<arrow::Schema> arrow_schema_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
  int64_t group_rows_ = 0;
  int64_t group_bytes_ = 0;
};

Status ParquetSink::Open() {
  std::vector<Field> fields;
  for (const Field& field : schema_->fields()) {
    fields.push_back(WithoutInnerViews(field));
  }
  Schema without_views(std::move(fields), schema_->metadata());
  written_ = std::make_shared<const Schema>(DictionaryUnion::Widest(without_views));
  if (!written_->Equals(without_views)) {
    dictionaries_.emplace();
  }
  LANCER_ASSIGN_OR_RETURN(arrow_schema_, ToArrowSchema(*written_));
  parquet::WriterProperties::Builder properties;
  properties.compression(parquet::Compression::ZSTD);
  properties.max_row_group_length(kRowGroupRows);
  properties.version(parquet::ParquetVersion::PARQUET_2_6);
  parquet::ArrowWriterProperties::Builder arrow_properties;
  arrow_properties.store_schema();
  // Keeps the names of list items as they are declared.
  arrow_properties.disable_compliant_nested_types();
  LANCER_ASSIGN_OR_RETURN(writer_,
                          FromArrow(parquet::arrow::FileWriter::Open(
                                        *arrow_schema_, arrow::default_memory_pool(),
                                        MakeArrowOutput(file_.get()), properties.build(),
                                        arrow_properties.build()),
                                    file_->name()));
  return Status::Ok();
}

Status ParquetSink::Write(const Batch& batch) {
  Batch written{written_, batch.length, {}};
  int64_t bytes = 0;
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    ArrayPtr column = batch.columns[i];
    bytes += column->byte_size();
    if (!column->type()->Equals(*schema_->field(i).type)) {
      LANCER_ASSIGN_OR_RETURN(column, ConvertLists(column, schema_->field(i).type));
    }
    written.columns.push_back(std::move(column));
  }
  LANCER_ASSIGN_OR_RETURN(auto parts, ToArrowBatches(written, arrow_schema_));
  return CatchArrow(file_->name(), [&]() -> Status {
    const bool full = group_rows_ > 0 && (group_rows_ + batch.length > kRowGroupRows ||
                                          group_bytes_ + bytes > kRowGroupBytes);
    if (full) {
      LANCER_RETURN_IF_ERROR(FromArrow(writer_->NewBufferedRowGroup(), file_->name()));
      group_rows_ = 0;
      group_bytes_ = 0;
    }
    group_rows_ += batch.length;
    group_bytes_ += bytes;
    for (const auto& part : parts) {
      if (dictionaries_) {
        LANCER_RETURN_IF_ERROR(dictionaries_->See(*part));
      }
      LANCER_RETURN_IF_ERROR(FromArrow(writer_->WriteRecordBatch(*part), file_->name()));
    }
    return Status::Ok();
  });
}

// Where what is written is not what was declared, states the declared types. Readers
// number all values of a file by one declared index type, so that it must reach.
Status ParquetSink::DeclareTypes() {
  if (written_->Equals(*schema_)) {
    return Status::Ok();
  }
  LANCER_ASSIGN_OR_RETURN(
      auto declared,
      ToArrowSchema(dictionaries_ ? dictionaries_->Fitting(*schema_) : *schema_));
  LANCER_ASSIGN_OR_RETURN(
      auto bytes, FromArrow(arrow::ipc::SerializeSchema(*declared), file_->name()));
  // Where Arrow's readers look for them.
  const auto entry = arrow::key_value_metadata(
      {"ARROW:schema"}, {arrow::util::base64_encode(bytes->ToString())});
  return FromArrow(writer_->AddKeyValueMetadata(entry), file_->name());
}

Result<SinkReport> ParquetSink::Finish() {
  LANCER_RETURN_IF_ERROR(DeclareTypes());
  LANCER_RETURN_IF_ERROR(CatchArrow(
      file_->name(), [&] { return FromArrow(writer_->Close(), file_->name()); }));
  LANCER_RETURN_IF_ERROR(file_->Commit());
  return SinkReport{.version = std::nullopt, .bytes = file_->size()};
}

// True when Parquet has the type, its children aside.
bool IsParquetType(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kRunEndEncoded:
    case TypeKind::kIntervalMonths:
    case TypeKind::kIntervalDayTime:
    case TypeKind::kIntervalMonthDayNano:
      return false;
    case TypeKind::kStruct:
      return !type.children().empty();
    default:
      return !type.is_decimal() ||
             (type.parameters().scale >= 0 &&
              type.parameters().scale <= type.parameters().precision);
  }
}

// Errors: InvalidArgument naming a field, at any depth, that Parquet has no type for.
Status CheckField(const Field& field, FieldPath* path) {  // NOLINT(misc-no-recursion)
  path->push_back(field.name);
  if (!IsParquetType(*field.type)) {
    return Status::InvalidArgument(fmt::format(
        "field {}: parquet cannot hold {}; leave it out with --columns, or write arrow",
        FormatFieldPath(*path), field.type->ToString()));
  }
  for (const Field& child : field.type->children()) {
    LANCER_RETURN_IF_ERROR(CheckField(child, path));
  }
  path->pop_back();
  return Status::Ok();
}

// Names of the columns whose fixed-size lists must be written as lists.
Result<std::vector<bool>> FindListForms(const Schema& schema,
                                        const SinkOptions& options) {
  std::vector<bool> forms(schema.field_count(), false);
  std::vector<std::string> names;
  std::vector<size_t> index;
  for (size_t i = 0; i < schema.field_count(); ++i) {
    forms[i] = HasEmptyFixedList(schema.field(i));
    if (!forms[i] && HasNullableFixedList(schema.field(i))) {
      forms[i] = true;
      names.push_back(schema.field(i).name);
      index.push_back(i);
    }
  }
  if (names.empty() || !options.reopen) {
    return forms;
  }
  // A first look at the data: without a null row the list stays as it is declared.
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<BatchReader> rows, options.reopen(names));
  for (size_t i : index) {
    forms[i] = false;
  }
  while (true) {
    LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, rows->Next());
    if (!batch) {
      return forms;
    }
    for (size_t i = 0; i < index.size(); ++i) {
      forms[index[i]] = forms[index[i]] || HasNullInFixedList(*batch->columns[i]);
    }
  }
}

}  // namespace

Result<SinkReport> WriteParquet(const std::string& path,
                                std::unique_ptr<BatchReader> rows,
                                const SinkOptions& options) {
  const Schema& schema = *rows->schema();
  FieldPath place;
  for (const Field& field : schema.fields()) {
    LANCER_RETURN_IF_ERROR(CheckField(field, &place).WithContext(path));
  }
  LANCER_ASSIGN_OR_RETURN(std::vector<bool> list_forms, FindListForms(schema, options));
  std::vector<Field> fields;
  for (size_t i = 0; i < schema.field_count(); ++i) {
    fields.push_back(list_forms[i] ? ToListForm(schema.field(i)) : schema.field(i));
  }
  LANCER_ASSIGN_OR_RETURN(
      std::unique_ptr<OutputFile> file,
      OutputFile::Create(path, options.mode == OutputMode::kOverwrite));
  ParquetSink sink(std::move(file),
                   std::make_shared<const Schema>(std::move(fields), schema.metadata()));
  LANCER_RETURN_IF_ERROR(sink.Open());
  return Drain(rows.get(), &sink);
}

}  // namespace lancer::tools
