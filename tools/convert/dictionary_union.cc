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

int64_t HighestIndex(const DataType& index_type) {
  const int bits = index_type.byte_width() * 8 - (index_type.is_signed_integer() ? 1 : 0);
  return bits < 63 ? (int64_t{1} << bits) - 1 : INT64_MAX;
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

Result<std::shared_ptr<arrow::ArrayData>> DictionaryUnion::UnifyDictionary(
    const std::shared_ptr<arrow::ArrayData>& data, const Path& path) {
  const auto array =
      std::static_pointer_cast<arrow::DictionaryArray>(arrow::MakeArray(data));
  const auto& type = static_cast<const arrow::DictionaryType&>(*data->type);
  Entry& entry = entries_[path];
  if (entry.unifier == nullptr) {
    LANCER_ASSIGN_OR_RETURN(
        entry.unifier,
        FromArrow(arrow::DictionaryUnifier::Make(type.value_type()), kWhat));
  }
  std::shared_ptr<arrow::Buffer> transpose;
  LANCER_RETURN_IF_ERROR(
      FromArrow(entry.unifier->Unify(*array->dictionary(), &transpose), kWhat));
  std::shared_ptr<arrow::Array> dictionary;
  if (const arrow::Status fits =
          entry.unifier->GetResultWithIndexType(type.index_type(), &dictionary);
      !fits.ok()) {
    return Status::ResourceExhausted(
        "all batches together have more distinct values than " + type.ToString() +
        " can number; write arrow-stream or parquet, or convert from a file");
  }
  if (entry.dictionary == nullptr || entry.dictionary->length() != dictionary->length()) {
    entry.dictionary = dictionary;
  }
  const auto* map =
      static_cast<const int32_t*>(static_cast<const void*>(transpose->data()));
  LANCER_ASSIGN_OR_RETURN(
      auto unified,
      FromArrow(array->Transpose(data->type, entry.dictionary, map), kWhat));
  return unified->data();
}

}  // namespace lancer::tools
