#include "tools/convert/fixed_list_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "types/type_parts.h"

namespace lancer::tools {
namespace {

bool IsFixedList(const DataType& type) { return type.kind() == TypeKind::kFixedSizeList; }

// Kinds whose children are rows of their own. Dictionaries hold decoded values instead.
bool HasRows(const DataType& type) {
  return type.is_variable_list() || IsFixedList(type) ||
         type.kind() == TypeKind::kStruct || type.kind() == TypeKind::kMap;
}

std::optional<int32_t> MarkedSize(const Field& field) {
  for (const auto& [key, value] : field.metadata) {
    int32_t size = -1;
    const auto [end, error] =
        std::from_chars(value.data(), value.data() + value.size(), size);
    if (key == kFixedSizeListKey && error == std::errc() && size >= 0 &&
        field.type->kind() == TypeKind::kList) {
      return size;
    }
  }
  return std::nullopt;
}

bool HasFixedList(const Field& field) {  // NOLINT(misc-no-recursion)
  const auto& children = field.type->children();
  return IsFixedList(*field.type) ||
         (HasRows(*field.type) &&
          std::any_of(children.begin(), children.end(), HasFixedList));
}

void SetExtensionAside(Field* field) {
  for (auto& [key, value] : field->metadata) {
    if (key.starts_with("ARROW:extension:")) {
      key.insert(0, kSetAsidePrefix);
    }
  }
}

void TakeExtensionBack(Field* field) {
  for (auto& [key, value] : field->metadata) {
    if (key.starts_with(kSetAsidePrefix)) {
      key.erase(0, kSetAsidePrefix.size());
    }
  }
}

BufferPtr CopyValidity(const Array& array) {
  if (array.validity() == nullptr) {
    return nullptr;
  }
  std::vector<uint8_t> bits(static_cast<size_t>(array.length() + 7) / 8);
  for (int64_t i = 0; i < array.length(); ++i) {
    const int bit = array.IsValid(i) ? 1 << (i % 8) : 0;
    bits[static_cast<size_t>(i / 8)] =
        static_cast<uint8_t>(bits[static_cast<size_t>(i / 8)] | bit);
  }
  return Buffer::Own(std::move(bits));
}

// Calls visit(begin, end, valid) for each run of rows that are all valid or all null.
template <typename Visit>
Status ForEachRun(const Array& array, Visit visit) {
  int64_t begin = 0;
  while (begin < array.length()) {
    const bool valid = array.IsValid(begin);
    int64_t end = begin + 1;
    while (end < array.length() && array.IsValid(end) == valid) {
      ++end;
    }
    LANCER_RETURN_IF_ERROR(visit(begin, end, valid));
    begin = end;
  }
  return Status::Ok();
}

// One array of all parts; no copy of a single one.
Result<ArrayPtr> Join(const TypePtr& type, std::span<const ArrayPtr> parts) {
  return parts.size() == 1 ? parts[0] : Concatenate(type, parts);
}

Result<ArrayPtr> FixedToList(const Array& array, const TypePtr& type) {
  const int64_t size = array.type()->parameters().list_size;
  std::vector<ArrayPtr> items;
  std::vector<int32_t> offsets = {0};
  int64_t next = 0;
  LANCER_RETURN_IF_ERROR(ForEachRun(array, [&](int64_t begin, int64_t end, bool valid) {
    if (valid) {
      items.push_back(
          array.child(0)->Slice((array.offset() + begin) * size, (end - begin) * size));
    }
    for (int64_t i = begin; i < end; ++i) {
      next += valid ? size : 0;
      if (next > std::numeric_limits<int32_t>::max()) {
        return Status::ResourceExhausted("one batch of a list exceeds 2^31 items");
      }
      offsets.push_back(static_cast<int32_t>(next));
    }
    return Status::Ok();
  }));
  LANCER_ASSIGN_OR_RETURN(ArrayPtr child, Join(array.child(0)->type(), items));
  LANCER_ASSIGN_OR_RETURN(child, ConvertLists(child, type->child(0).type));
  return Array::Make({.type = type,
                      .length = array.length(),
                      .offset = 0,
                      .null_count = -1,
                      .buffers = {CopyValidity(array), Buffer::Own(std::move(offsets))},
                      .children = {child}});
}

Result<ArrayPtr> ListToFixed(const Array& array, const TypePtr& type) {
  const int64_t size = type->parameters().list_size;
  const ArrayPtr& child = array.child(0);
  std::vector<ArrayPtr> items;
  LANCER_RETURN_IF_ERROR(ForEachRun(array, [&](int64_t begin, int64_t end, bool valid) {
    if (!valid) {
      items.push_back(Array::Nulls(child->type(), (end - begin) * size));
      return Status::Ok();
    }
    for (int64_t i = begin; i < end; ++i) {
      const int64_t length = array.value_offset(i + 1) - array.value_offset(i);
      if (length != size) {
        return Status::InvalidArgument(fmt::format(
            "row {} of a batch holds {} items, expected {}", i, length, size));
      }
    }
    items.push_back(child->Slice(array.value_offset(begin), (end - begin) * size));
    return Status::Ok();
  }));
  LANCER_ASSIGN_OR_RETURN(ArrayPtr values, Join(child->type(), items));
  LANCER_ASSIGN_OR_RETURN(values, ConvertLists(values, type->child(0).type));
  return Array::Make({.type = type,
                      .length = array.length(),
                      .offset = 0,
                      .null_count = -1,
                      .buffers = {CopyValidity(array)},
                      .children = {values}});
}

}  // namespace

bool HasEmptyFixedList(const Field& field) {  // NOLINT(misc-no-recursion)
  if (IsFixedList(*field.type) && field.type->parameters().list_size == 0) {
    return true;
  }
  const auto& children = field.type->children();
  return HasRows(*field.type) &&
         std::any_of(children.begin(), children.end(), HasEmptyFixedList);
}

bool HasNullableFixedList(const Field& field) {  // NOLINT(misc-no-recursion)
  if (IsFixedList(*field.type) && field.nullable) {
    return true;
  }
  const auto& children = field.type->children();
  return HasRows(*field.type) &&
         std::any_of(children.begin(), children.end(), HasNullableFixedList);
}

bool HasNullInFixedList(const Array& array) {  // NOLINT(misc-no-recursion)
  if (IsFixedList(*array.type()) && array.null_count() > 0) {
    return true;
  }
  bool found = false;
  for (size_t i = 0; i < array.child_count() && HasRows(*array.type()); ++i) {
    found = found || HasNullInFixedList(*array.child(i));
  }
  return found;
}

Field ToListForm(const Field& field) {  // NOLINT(misc-no-recursion)
  Field form = field;
  if (HasFixedList(field)) {
    SetExtensionAside(&form);
  }
  if (!HasRows(*field.type)) {
    return form;
  }
  std::vector<Field> children;
  for (const Field& child : field.type->children()) {
    children.push_back(ToListForm(child));
  }
  if (IsFixedList(*field.type)) {
    form.metadata.emplace_back(kFixedSizeListKey,
                               std::to_string(field.type->parameters().list_size));
    form.type = DataType::List(std::move(children[0]));
  } else {
    form.type = WithChildren(field.type, std::move(children));
  }
  return form;
}

Field FromListForm(const Field& field) {  // NOLINT(misc-no-recursion)
  Field declared = field;
  TakeExtensionBack(&declared);
  if (!HasRows(*field.type)) {
    return declared;
  }
  std::vector<Field> children;
  for (const Field& child : field.type->children()) {
    children.push_back(FromListForm(child));
  }
  if (const std::optional<int32_t> size = MarkedSize(field)) {
    declared.type = DataType::FixedSizeList(std::move(children[0]), *size);
    std::erase_if(declared.metadata,
                  [](const auto& pair) { return pair.first == kFixedSizeListKey; });
  } else {
    declared.type = WithChildren(field.type, std::move(children));
  }
  return declared;
}

bool CanConvertLists(const DataType& from,
                     const DataType& to) {  // NOLINT(misc-no-recursion)
  const bool lists = (IsFixedList(from) && to.kind() == TypeKind::kList) ||
                     (from.kind() == TypeKind::kList && IsFixedList(to));
  if (!HasRows(from) || !HasRows(to)) {
    return from.ToString() == to.ToString();
  }
  if ((!lists && from.kind() != to.kind()) ||
      from.children().size() != to.children().size()) {
    return false;
  }
  for (size_t i = 0; i < from.children().size(); ++i) {
    if (!CanConvertLists(*from.child(i).type, *to.child(i).type)) {
      return false;
    }
  }
  return true;
}

Result<ArrayPtr> ConvertLists(const ArrayPtr& array,  // NOLINT(misc-no-recursion)
                              const TypePtr& type) {
  if (!CanConvertLists(*array->type(), *type)) {
    return Status::InvalidArgument(fmt::format(
        "cannot turn {} into {}", array->type()->ToString(), type->ToString()));
  }
  if (IsFixedList(*array->type()) && type->kind() == TypeKind::kList) {
    return FixedToList(*array, type);
  }
  if (array->type()->kind() == TypeKind::kList && IsFixedList(*type)) {
    return ListToFixed(*array, type);
  }
  if (!HasRows(*type)) {
    return array->WithType(type);
  }
  Array::Data data;
  data.type = type;
  data.length = array->length();
  data.offset = array->offset();
  for (size_t i = 0; i < array->buffer_count(); ++i) {
    data.buffers.push_back(array->buffer(i));
  }
  for (size_t i = 0; i < array->child_count(); ++i) {
    LANCER_ASSIGN_OR_RETURN(ArrayPtr child,
                            ConvertLists(array->child(i), type->child(i).type));
    data.children.push_back(std::move(child));
  }
  return Array::Make(std::move(data));
}

}  // namespace lancer::tools
