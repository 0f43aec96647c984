#include "tools/convert/dictionary_union.h"

#include <arrow/array/concatenate.h>
#include <arrow/array/util.h>
#include <arrow/type_traits.h>

#include <algorithm>

#include "tools/convert/arrow_interop.h"

namespace lancer::tools {
namespace {

constexpr std::string_view kWhat = "dictionary";

bool HoldsDictionary(const arrow::DataType& type) {  // NOLINT(misc-no-recursion)
  return type.id() == arrow::Type::DICTIONARY ||
         std::any_of(type.fields().begin(), type.fields().end(),
                     [](const auto& field) { return HoldsDictionary(*field->type()); });
}

}  // namespace

bool DictionaryUnion::Needed(const arrow::Schema& schema) {
  return std::any_of(schema.fields().begin(), schema.fields().end(),
                     [](const auto& field) { return HoldsDictionary(*field->type()); });
}

Result<std::shared_ptr<arrow::RecordBatch>> DictionaryUnion::Unify(
    const arrow::RecordBatch& batch) {
  std::vector<std::shared_ptr<arrow::ArrayData>> columns;
  for (int i = 0; i < batch.num_columns(); ++i) {
    Path path = {i};
    LANCER_ASSIGN_OR_RETURN(auto column, UnifyData(batch.column_data(i), &path));
    columns.push_back(std::move(column));
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
  LANCER_RETURN_IF_ERROR(FromArrow(
      entry.unifier->GetResultWithIndexType(type.index_type(), &dictionary), kWhat));
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
