#include "tools/convert/json_type.h"

#include <fmt/format.h>

#include <limits>

#include "tools/convert/text_check.h"

namespace lancer::tools {
namespace {

Status Fault(const FieldPath& path, uint64_t line_number, std::string_view what) {
  return Status::InvalidArgument(
      fmt::format("line {}: field {}: {}", line_number, FormatFieldPath(path), what));
}

Status Digits(const FieldPath& path, uint64_t line_number, std::string_view text,
              std::string_view why) {
  return Fault(path, line_number,
               fmt::format("integer {} would lose digits: {}; write it as a text",
                           text.substr(0, 40), why));
}

}  // namespace

std::optional<double> ParseSpecialNumber(std::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "NaN") {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (text == "Infinity") {
    return kInfinity;
  }
  return text == "-Infinity" ? std::optional(-kInfinity) : std::nullopt;
}

JsonType::Kind JsonType::KindOf(const JsonLine& line, const JsonNode& node) {
  switch (node.kind) {
    case JsonKind::kNull:
      return Kind::kNull;
    case JsonKind::kFalse:
    case JsonKind::kTrue:
      return Kind::kBool;
    case JsonKind::kNumber:
      return IsIntegerText(line.text(node)) ? Kind::kInteger : Kind::kDouble;
    case JsonKind::kString:
      return ParseSpecialNumber(line.text(node)) ? Kind::kSpecial : Kind::kString;
    case JsonKind::kList:
      return Kind::kList;
    case JsonKind::kObject:
      return Kind::kStruct;
  }
  return Kind::kNull;
}

std::string_view JsonType::KindName(Kind kind) {
  static constexpr std::string_view kNames[] = {
      "null", "bool", "a number", "a number", "a text", "a text", "a list", "an object"};
  return kNames[static_cast<size_t>(kind)];
}

bool JsonType::Unite(Kind found, uint64_t line_number) {
  const auto is_number = [](Kind kind) {
    return kind == Kind::kInteger || kind == Kind::kDouble;
  };
  if (is_number(kind_) && is_number(found)) {
    return true;
  }
  if (found == Kind::kSpecial && (is_number(kind_) || kind_ == Kind::kString)) {
    if (is_number(kind_)) {
      kind_ = Kind::kDouble;
      seen_.fraction = seen_.fraction != 0 ? seen_.fraction : line_number;
    }
    return true;
  }
  if (kind_ == Kind::kSpecial && (is_number(found) || found == Kind::kString)) {
    if (is_number(found)) {
      seen_.fraction = seen_.value;
    }
    kind_ = is_number(found) ? Kind::kDouble : Kind::kString;
    seen_.value = line_number;
    return true;
  }
  return false;
}

Status JsonType::Observe(const JsonLine& line,  // NOLINT(misc-no-recursion)
                         uint32_t index, uint64_t line_number, FieldPath* path,
                         size_t* field_count) {
  const JsonNode& node = line.nodes()[index];
  const Kind found = KindOf(line, node);
  if (found == Kind::kNull) {
    return Status::Ok();
  }
  if (kind_ == Kind::kNull) {
    kind_ = found;
    seen_.value = line_number;
  } else if (kind_ != found && !Unite(found, line_number)) {
    return Fault(
        *path, line_number,
        fmt::format("holds {}, but line {} holds {}; a column has one type: write "
                    "all its values as that, or all as texts",
                    KindName(found), seen_.value, KindName(kind_)));
  }
  switch (found) {
    case Kind::kInteger:
    case Kind::kDouble:
      return ObserveNumber(line.text(node), line_number, *path);
    case Kind::kSpecial:
      return CheckNumbers(*path);
    case Kind::kList:
      return ObserveItems(line, index, line_number, path, field_count);
    case Kind::kStruct:
      return ObserveMembers(line, index, line_number, path, field_count);
    default:
      return Status::Ok();
  }
}

Status JsonType::ObserveNumber(std::string_view text, uint64_t line_number,
                               const FieldPath& path) {
  if (!IsIntegerText(text)) {
    if (!ParseDouble(text)) {
      return Fault(
          path, line_number,
          fmt::format("number {} is too large; write it as a text", text.substr(0, 40)));
    }
    kind_ = Kind::kDouble;
    seen_.fraction = seen_.fraction != 0 ? seen_.fraction : line_number;
  } else {
    if (!ParseInt64(text) && !ParseUint64(text)) {
      return Digits(path, line_number, text, "it does not fit 64 bits");
    }
    seen_.negative = seen_.negative == 0 && text[0] == '-' ? line_number : seen_.negative;
    if (seen_.large == 0 && text[0] != '-' && !ParseInt64(text)) {
      seen_.large = line_number;
      seen_.large_text = text;
    }
    if (seen_.inexact == 0 && text.size() > 15 && !IsExactInDouble(text)) {
      seen_.inexact = line_number;
      seen_.inexact_text = text;
    }
  }
  return CheckNumbers(path);
}

Status JsonType::CheckNumbers(const FieldPath& path) const {
  if (seen_.fraction != 0 && seen_.inexact != 0) {
    return Digits(path, seen_.inexact, seen_.inexact_text,
                  fmt::format("line {} makes the column float64", seen_.fraction));
  }
  if (seen_.negative != 0 && seen_.large != 0 && seen_.fraction == 0) {
    return Digits(
        path, seen_.large, seen_.large_text,
        fmt::format("it needs uint64, but line {} is negative", seen_.negative));
  }
  return Status::Ok();
}

Status JsonType::ObserveItems(const JsonLine& line,  // NOLINT(misc-no-recursion)
                              uint32_t index, uint64_t line_number, FieldPath* path,
                              size_t* field_count) {
  if (item_ == nullptr) {
    item_ = std::make_unique<JsonType>();
  }
  path->emplace_back("item");
  const uint32_t end = line.nodes()[index].next;
  for (uint32_t i = index + 1; i < end; i = line.nodes()[i].next) {
    LANCER_RETURN_IF_ERROR(item_->Observe(line, i, line_number, path, field_count));
  }
  path->pop_back();
  return Status::Ok();
}

Status JsonType::ObserveMembers(const JsonLine& line,  // NOLINT(misc-no-recursion)
                                uint32_t index, uint64_t line_number, FieldPath* path,
                                size_t* field_count) {
  ++object_count_;
  const uint32_t end = line.nodes()[index].next;
  for (uint32_t i = index + 1; i < end; i = line.nodes()[i].next) {
    std::string name(line.key(line.nodes()[i]));
    const auto [entry, is_new] = member_index_.try_emplace(name, members_.size());
    if (is_new) {
      if (++*field_count > kMaxFields) {
        return Fault(*path, line_number,
                     fmt::format("more than {} different fields; write them as a list of "
                                 "objects with a name and a value",
                                 kMaxFields));
      }
      members_.push_back({name, std::make_unique<JsonType>()});
      member_lines_.push_back(0);
    }
    const size_t member = entry->second;
    path->push_back(std::move(name));
    if (member_lines_[member] == object_count_) {
      return Fault(*path, line_number, "stands twice in one object; rename one of them");
    }
    member_lines_[member] = object_count_;
    LANCER_RETURN_IF_ERROR(
        members_[member].type->Observe(line, i, line_number, path, field_count));
    path->pop_back();
  }
  return Status::Ok();
}

TypePtr JsonType::ToDataType() const {  // NOLINT(misc-no-recursion)
  switch (kind_) {
    case Kind::kNull:
      return DataType::Make(TypeKind::kNull);
    case Kind::kBool:
      return DataType::Make(TypeKind::kBool);
    case Kind::kInteger:
      return DataType::Make(seen_.large != 0 ? TypeKind::kUInt64 : TypeKind::kInt64);
    case Kind::kDouble:
    case Kind::kSpecial:  // what a column of floats looks like that has no others
      return DataType::Make(TypeKind::kFloat64);
    case Kind::kString:
      return DataType::Make(TypeKind::kString);
    case Kind::kList: {
      Field item;
      item.name = "item";
      item.type = item_->ToDataType();
      return DataType::List(std::move(item));
    }
    case Kind::kStruct:
      return DataType::Struct(ToFields());
  }
  return nullptr;
}

std::vector<Field> JsonType::ToFields() const {  // NOLINT(misc-no-recursion)
  std::vector<Field> fields;
  for (const Member& member : members_) {
    Field field;
    field.name = member.name;
    field.type = member.type->ToDataType();
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace lancer::tools
