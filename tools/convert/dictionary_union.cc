#include "tools/convert/dictionary_union.h"

#include <arrow/array/concatenate.h>
#include <arrow/array/util.h>
#include <arrow/type_traits.h>

#include <algorithm>

#include "tools/convert/arrow_interop.h"
#include "types/type_parts.h"

namespace lancer::tools {
namespace {

constexpr std::string_view kWhat = "dictionary";

bool HoldsDictionary(const arrow::DataType& type) {  // NOLINT(misc-no-recursion)
  return type.id() == arrow::Type::DICTIONARY ||
         std::any_of(type.fields().begin(), type.fields().end(),
                     [](const auto& field) { return HoldsDictionary(*field->type()); });
}

int64_t HighestIndex(int bits, bool is_signed) {
  bits -= is_signed ? 1 : 0;
  return bits < 63 ? (int64_t{1} << bits) - 1 : INT64_MAX;
}

int64_t HighestIndex(const DataType& type) {
  return HighestIndex(type.byte_width() * 8, type.is_signed_integer());
}

int64_t HighestIndex(const arrow::DataType& type) {
  return HighestIndex(type.bit_width(), arrow::is_signed_integer(type.id()));
}

// `field`, to which `path` leads, with int32 indices for the dictionaries for which
// widen(path, index type) is true.
template <typename Widen>
Field WithIndices(const Field& field,  // NOLINT(misc-no-recursion)
                  std::vector<int>* path, const Widen& widen) {
  Field fitting = field;
  const DataType& type = *field.type;
  if (type.kind() == TypeKind::kDictionary) {
    if (widen(*path, *type.parameters().index_type)) {
      fitting.type = DataType::Dictionary(DataType::Make(TypeKind::kInt32),
                                          type.child(0).type, type.parameters().ordered);
    }
    return fitting;
  }
  std::vector<Field> children;
  for (size_t i = 0; i < type.children().size(); ++i) {
    path->push_back(static_cast<int>(i));
    children.push_back(WithIndices(type.child(i), path, widen));
    path->pop_back();
  }
  if (!children.empty()) {
    fitting.type = WithChildren(field.type, std::move(children));
  }
  return fitting;
}

template <typename Widen>
Schema WithIndices(const Schema& schema, const Widen& widen) {
  std::vector<Field> fields;
  for (size_t i = 0; i < schema.field_count(); ++i) {
    std::vector<int> path = {static_cast<int>(i)};
    fields.push_back(WithIndices(schema.field(i), &path, widen));
  }
  return Schema(std::move(fields), schema.metadata());
}

}  // namespace

bool DictionaryUnion::Needed(const arrow::Schema& schema) {
  return std::any_of(schema.fields().begin(), schema.fields().end(),
                     [](const auto& field) { return HoldsDictionary(*field->type()); });
}

Schema DictionaryUnion::Widest(const Schema& schema) {
  return WithIndices(schema, [](const Path&, const DataType& index_type) {
    return HighestIndex(index_type) < INT32_MAX;
  });
}

Schema DictionaryUnion::Fitting(const Schema& schema) const {
  return WithIndices(schema, [this](const Path& path, const DataType& index_type) {
    const auto entry = entries_.find(path);
    return entry != entries_.end() &&
           entry->second.dictionary->length() - 1 > HighestIndex(index_type);
  });
}

Status DictionaryUnion::See(const arrow::RecordBatch& batch) {
  for (int i = 0; i < batch.num_columns(); ++i) {
    Path path = {i};
    const Status seen = SeeData(*batch.column_data(i), &path);
    if (!seen.ok()) {
      return seen.WithContext("field " +
                              FormatFieldPath(std::vector{batch.column_name(i)}));
    }
  }
  return Status::Ok();
}

Status DictionaryUnion::SeeData(const arrow::ArrayData& data, Path* path) {  // NOLINT
  if (data.type->id() == arrow::Type::DICTIONARY) {
    return entries_[*path].See(arrow::MakeArray(data.dictionary)).status();
  }
  for (size_t i = 0; i < data.child_data.size(); ++i) {
    path->push_back(static_cast<int>(i));
    LANCER_RETURN_IF_ERROR(SeeData(*data.child_data[i], path));
    path->pop_back();
  }
  return Status::Ok();
}

Result<std::shared_ptr<arrow::RecordBatch>> DictionaryUnion::Unify(
    const arrow::RecordBatch& batch) {
  std::vector<std::shared_ptr<arrow::ArrayData>> columns;
  for (int i = 0; i < batch.num_columns(); ++i) {
    Path path = {i};
    auto column = UnifyData(batch.column_data(i), &path);
    if (!column.has_value()) {
      return column.error().WithContext(
          "field " + FormatFieldPath(std::vector{batch.column_name(i)}));
    }
    columns.push_back(*std::move(column));
  }
  return arrow::RecordBatch::Make(batch.schema(), batch.num_rows(), std::move(columns));
}

Result<std::shared_ptr<arrow::ArrayData>> DictionaryUnion::UnifyData(
    const std::shared_ptr<arrow::ArrayData>& data, Path* path) {  // NOLINT
  if (data->type->id() == arrow::Type::DICTIONARY) {
    return UnifyDictionary(data, *path);
  }
  if (!HoldsDictionary(*data->type)) {
    return data;
  }
  auto unified = data->Copy();
  for (size_t i = 0; i < data->child_data.size(); ++i) {
    path->push_back(static_cast<int>(i));
    LANCER_ASSIGN_OR_RETURN(unified->child_data[i], UnifyData(data->child_data[i], path));
    path->pop_back();
  }
  return unified;
}

Result<std::shared_ptr<arrow::Buffer>> DictionaryUnion::Entry::Add(
    const arrow::Array& values) {
  if (unifier == nullptr) {
    return Status::Unsupported("batches have different dictionaries of " +
                               values.type()->ToString() +
                               ", which cannot be made one; write arrow-stream");
  }
  std::shared_ptr<arrow::Buffer> places;
  LANCER_RETURN_IF_ERROR(FromArrow(unifier->Unify(values, &places), kWhat));
  std::shared_ptr<arrow::DataType> type;
  std::shared_ptr<arrow::Array> all;
  LANCER_RETURN_IF_ERROR(FromArrow(unifier->GetResult(&type, &all), kWhat));
  if (dictionary == nullptr || dictionary->length() != all->length()) {
    dictionary = std::move(all);
  }
  return places;
}

// The first dictionary stays as it is, but for one with repeated values: to that nothing
// can be added.
Status DictionaryUnion::Entry::Begin(const std::shared_ptr<arrow::Array>& values) {
  auto made = arrow::DictionaryUnifier::Make(values->type());
  if (made.ok()) {
    unifier = *std::move(made);
    LANCER_RETURN_IF_ERROR(Add(*values).status());
    differs = !dictionary->Equals(*values);
  } else if (!made.status().IsNotImplemented()) {
    return FromArrow(made.status(), kWhat);
  }
  if (!differs) {
    dictionary = values;
  }
  return Status::Ok();
}

Result<std::shared_ptr<arrow::Buffer>> DictionaryUnion::Entry::See(
    const std::shared_ptr<arrow::Array>& values) {
  if (dictionary == nullptr) {
    LANCER_RETURN_IF_ERROR(Begin(values));
  }
  if (!differs && dictionary->Equals(*values)) {
    return std::shared_ptr<arrow::Buffer>();
  }
  differs = true;
  return Add(*values);
}

Result<std::shared_ptr<arrow::ArrayData>> DictionaryUnion::UnifyDictionary(
    const std::shared_ptr<arrow::ArrayData>& data, const Path& path) {
  const auto array =
      std::static_pointer_cast<arrow::DictionaryArray>(arrow::MakeArray(data));
  Entry& entry = entries_[path];
  LANCER_ASSIGN_OR_RETURN(auto places, entry.See(array->dictionary()));
  if (places == nullptr) {
    auto unified = data->Copy();
    unified->dictionary = entry.dictionary->data();
    return unified;
  }
  const auto& type = static_cast<const arrow::DictionaryType&>(*data->type);
  if (entry.dictionary->length() - 1 > HighestIndex(*type.index_type())) {
    return Status::ResourceExhausted(
        "all batches together have more distinct values than " + type.ToString() +
        " can number; write arrow-stream or parquet, or convert from a file");
  }
  const auto* map = static_cast<const int32_t*>(static_cast<const void*>(places->data()));
  LANCER_ASSIGN_OR_RETURN(
      auto unified,
      FromArrow(array->Transpose(data->type, entry.dictionary, map), kWhat));
  return unified->data();
}

}  // namespace lancer::tools
