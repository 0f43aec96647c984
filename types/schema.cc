#include "lancer/schema.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "types/near_names.h"
#include "types/type_parts.h"

namespace lancer {
namespace {

bool NeedsQuotes(std::string_view part) {
  return part.empty() || !std::ranges::all_of(part, [](char c) {
           auto byte = static_cast<unsigned char>(c);
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9') || c == '_' || c == '-' || byte >= 0x80;
         });
}

std::string Quoted(std::string_view part) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "\"";
  for (char c : part) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text += {'\\', c};
    } else if (c == '\n') {
      text += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      text += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    } else {
      text += c;
    }
  }
  return text + "\"";
}

Field WithIds(const Field& field, bool assign, int32_t* next);

TypePtr WithIds(const TypePtr& type, int32_t* next) {
  if (type->children().empty()) {
    return type;
  }
  // Dictionary and run-end children are not columns of their own, so only what is below
  // them takes ids.
  bool assign =
      type->kind() != TypeKind::kDictionary && type->kind() != TypeKind::kRunEndEncoded;
  std::vector<Field> children;
  for (const Field& child : type->children()) {
    children.push_back(WithIds(child, assign, next));
  }
  return WithChildren(type, std::move(children));
}

Field WithIds(const Field& field, bool assign, int32_t* next) {
  Field numbered = field;
  if (assign && !numbered.id.assigned()) {
    numbered.id = FieldId((*next)++);
  }
  numbered.type = WithIds(field.type, next);
  return numbered;
}

void AppendField(const Field& field, size_t depth, std::string* text) {
  std::string name = NeedsQuotes(field.name) ? Quoted(field.name) : field.name;
  *text += std::string(depth * 2, ' ') + name + ": " + field.type->ToString() +
           (field.nullable ? "\n" : " not null\n");
  const DataType* type = field.type.get();
  while (type->kind() == TypeKind::kDictionary ||
         type->kind() == TypeKind::kRunEndEncoded) {
    type = type->children().back().type.get();
  }
  for (const Field& child : type->children()) {
    AppendField(child, depth + 1, text);
  }
}

Status UnknownField(std::string_view name, const std::vector<Field>& fields) {
  std::vector<std::string> names;
  for (const Field& field : fields) {
    names.push_back(field.name);
  }
  std::vector<std::string> near = NearNames(name, names);
  bool guess = !near.empty();
  constexpr size_t kListed = 10;
  if (!guess) {
    near.assign(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(
                                                   std::min(names.size(), kListed)));
  }
  std::string message =
      "no field " + FormatFieldPath(std::vector<std::string>{std::string(name)});
  message += guess ? "; did you mean " : near.empty() ? "" : "; the fields are ";
  for (size_t i = 0; i < near.size(); ++i) {
    message += i == 0 ? "" : ", ";
    message += FormatFieldPath(std::span(&near[i], 1));
  }
  if (guess) {
    message += "?";
  } else if (names.size() > kListed) {
    message += ", and " + std::to_string(names.size() - kListed) + " more";
  } else if (near.empty()) {
    message += ": the schema has no fields";
  }
  return Status::NotFound(std::move(message));
}

}  // namespace

std::string FormatFieldPath(std::span<const std::string> path) {
  std::string text;
  for (size_t i = 0; i < path.size(); ++i) {
    text += i == 0 ? "" : ".";
    text += NeedsQuotes(path[i]) ? Quoted(path[i]) : path[i];
  }
  return text;
}

std::optional<size_t> Schema::FindField(std::string_view name) const {
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].name == name) {
      return i;
    }
  }
  return std::nullopt;
}

Result<Schema> Schema::Select(std::span<const std::string> names) const {
  // One walk over all fields pays from a few names on.
  constexpr size_t kFewNames = 16;
  std::unordered_map<std::string_view, size_t> places;
  if (names.size() > kFewNames) {
    for (size_t i = 0; i < fields_.size(); ++i) {
      places.emplace(fields_[i].name, i);
    }
  }
  std::unordered_set<std::string_view> seen;
  std::vector<Field> selected;
  selected.reserve(names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    if (!seen.insert(names[i]).second) {
      return Status::InvalidArgument("field " + FormatFieldPath(names.subspan(i, 1)) +
                                     " is selected twice; name it once");
    }
    std::optional<size_t> at;
    if (names.size() <= kFewNames) {
      at = FindField(names[i]);
    } else if (auto found = places.find(names[i]); found != places.end()) {
      at = found->second;
    }
    if (!at) {
      return UnknownField(names[i], fields_);
    }
    selected.push_back(fields_[*at]);
  }
  return Schema(std::move(selected), metadata_);
}

Schema Schema::WithFieldIds(int32_t* next) const {
  std::vector<Field> numbered;
  numbered.reserve(fields_.size());
  for (const Field& field : fields_) {
    numbered.push_back(WithIds(field, true, next));
  }
  return Schema(std::move(numbered), metadata_);
}

bool Schema::Equals(const Schema& other) const {
  return metadata_ == other.metadata_ &&
         std::ranges::equal(fields_, other.fields_,
                            [](const Field& a, const Field& b) { return a.Equals(b); });
}

std::string Schema::ToString() const {
  std::string text;
  for (const Field& field : fields_) {
    AppendField(field, 0, &text);
  }
  return text;
}

}  // namespace lancer
