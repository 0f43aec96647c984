// Which schemas a table may have. The rules are refused here, at the door, so that no
// later layer meets a type it cannot store or a name it cannot tell from another.
#include <array>
#include <set>
#include <string_view>

#include "lancer/schema.h"
#include "types/extension.h"
#include "types/utf8.h"

namespace lancer {
namespace {

constexpr size_t kMaxDepth = 64;

// What to make of a type that cannot be stored; empty for one that can.
std::string_view RemedyOf(const DataType& type) {
  using enum TypeKind;
  switch (type.kind()) {
    case kIntervalMonths:
    case kIntervalDayTime:
    case kIntervalMonthDayNano:
      return "convert it to integers or to a duration";
    case kFixedSizeBinary:
      return type.byte_width() == 0 ? "convert it to binary" : "";
    default:
      return "";
  }
}

bool IsReserved(std::string_view name) {
  return name == "_rowid" || name == "_version" || name == "_change" ||
         name == "_ordinal";
}

std::string Quote(std::span<const std::string> path) {
  return "field " + FormatFieldPath(path);
}

class Validator {
 public:
  Status CheckFields(const std::vector<Field>& fields) {
    std::set<std::string_view> seen;
    for (const Field& field : fields) {
      path_.push_back(field.name);
      if (!IsUtf8(field.name)) {
        return Status::InvalidArgument(Quote(path_) + ": the name is not valid UTF-8");
      }
      if (field.name.find('\0') != std::string::npos) {
        return Status::InvalidArgument(
            Quote(path_) + ": a name cannot hold a zero byte, which Arrow would cut");
      }
      if (!seen.insert(field.name).second) {
        return Status::InvalidArgument(Quote(path_) +
                                       ": the name stands twice at this level");
      }
      if (path_.size() == 1 && IsReserved(field.name)) {
        return Status::InvalidArgument(
            Quote(path_) + ": the name is reserved for system columns; rename the field");
      }
      LANCER_RETURN_IF_ERROR(CheckType(field.type));
      if (const Status extension = CheckExtension(field); !extension.ok()) {
        return extension.WithContext(Quote(path_));
      }
      path_.pop_back();
    }
    return Status::Ok();
  }

 private:
  Status CheckType(const TypePtr& type) {
    if (path_.size() > kMaxDepth) {
      return Status::Unsupported(Quote(path_) + ": nested deeper than 64 levels");
    }
    if (type == nullptr) {
      return Status::InvalidArgument(Quote(path_) + ": the field has no type");
    }
    if (std::string_view remedy = RemedyOf(*type); !remedy.empty()) {
      return Status::Unsupported(Quote(path_) + ": type " + type->ToString() +
                                 " cannot be stored; " + std::string(remedy));
    }
    if (type->kind() == TypeKind::kDictionary ||
        type->kind() == TypeKind::kRunEndEncoded) {
      return CheckType(type->children().back().type);  // stored decoded, under this name
    }
    LANCER_RETURN_IF_ERROR(CheckFields(type->children()));
    return type->kind() == TypeKind::kMap ? CheckMap(*type) : Status::Ok();
  }

  // Neither the entries of a map nor their keys are null.
  Status CheckMap(const DataType& type) {
    const Field& entries = type.child(0);
    const Field& key = entries.type->child(0);
    const Field* nullable = entries.nullable ? &entries : &key;
    if (!nullable->nullable) {
      return Status::Ok();
    }
    path_.push_back(entries.name);
    if (nullable == &key) {
      path_.push_back(key.name);
    }
    return Status::InvalidArgument(Quote(path_) +
                                   ": entries and keys of a map cannot be null; declare "
                                   "the field as not nullable");
  }

  FieldPath path_;
};

}  // namespace

Status Schema::Validate() const { return Validator().CheckFields(fields_); }

}  // namespace lancer
