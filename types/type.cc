#include "lancer/type.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "types/type_parts.h"

namespace lancer {
namespace {

// Bytes per value of kinds whose width does not depend on parameters, else 0.
int32_t FixedByteWidth(TypeKind kind) {
  using enum TypeKind;
  switch (kind) {
    case kInt8:
    case kUInt8:
      return 1;
    case kInt16:
    case kUInt16:
    case kFloat16:
      return 2;
    case kInt32:
    case kUInt32:
    case kFloat32:
    case kDate32:
    case kTime32:
    case kDecimal32:
    case kIntervalMonths:
      return 4;
    case kInt64:
    case kUInt64:
    case kFloat64:
    case kDate64:
    case kTime64:
    case kTimestamp:
    case kDuration:
    case kDecimal64:
    case kIntervalDayTime:
      return 8;
    case kDecimal128:
    case kIntervalMonthDayNano:
      return 16;
    case kDecimal256:
      return 32;
    default:
      return 0;
  }
}

int32_t MaxPrecision(TypeKind kind) {
  using enum TypeKind;
  switch (kind) {
    case kDecimal32:
      return 9;
    case kDecimal64:
      return 18;
    case kDecimal128:
      return 38;
    case kDecimal256:
      return 76;
    default:
      return 0;
  }
}

Status Misfit(TypeKind kind, std::string_view what) {
  return Status::InvalidArgument(std::string(TypeKindName(kind)) +
                                 " type: " + std::string(what));
}

Status CheckUnit(TypeKind kind, TimeUnit unit) {
  if (static_cast<uint8_t>(unit) > static_cast<uint8_t>(TimeUnit::kNano)) {
    return Misfit(kind, "unknown time unit");
  }
  bool fine = unit == TimeUnit::kMicro || unit == TimeUnit::kNano;
  if (kind == TypeKind::kTime32 && fine) {
    return Misfit(kind, "the unit must be seconds or milliseconds");
  }
  if (kind == TypeKind::kTime64 && !fine) {
    return Misfit(kind, "the unit must be microseconds or nanoseconds");
  }
  return Status::Ok();
}

bool IsInteger(const DataType& type) {
  return type.is_signed_integer() || type.is_unsigned_integer();
}

Status CheckMap(const std::vector<Field>& children) {
  const DataType& entries = *children[0].type;
  if (entries.kind() != TypeKind::kStruct || entries.children().size() != 2) {
    return Misfit(TypeKind::kMap, "the child must be a struct of a key and a value");
  }
  return Status::Ok();
}

Status CheckRunEnd(const std::vector<Field>& children) {
  using enum TypeKind;
  TypeKind ends = children[0].type->kind();
  if (ends != kInt16 && ends != kInt32 && ends != kInt64) {
    return Misfit(kRunEndEncoded, "run ends must be int16, int32 or int64");
  }
  return Status::Ok();
}

// Children a kind must have; -1: any number.
int64_t ExpectedChildren(TypeKind kind) {
  using enum TypeKind;
  switch (kind) {
    case kList:
    case kLargeList:
    case kListView:
    case kLargeListView:
    case kFixedSizeList:
    case kMap:
    case kDictionary:
      return 1;
    case kRunEndEncoded:
      return 2;
    case kStruct:
      return -1;
    default:
      return 0;
  }
}

Status CheckChildren(TypeKind kind, const std::vector<Field>& children) {
  int64_t expected = ExpectedChildren(kind);
  if (expected >= 0 && children.size() != static_cast<size_t>(expected)) {
    return Misfit(kind, "expected " + std::to_string(expected) + " children, found " +
                            std::to_string(children.size()));
  }
  for (const Field& child : children) {
    if (child.type == nullptr) {
      return Misfit(kind, "a child has no type");
    }
  }
  return Status::Ok();
}

Status CheckParameters(TypeKind kind, const DataType::Parameters& parameters) {
  LANCER_RETURN_IF_ERROR(CheckChildren(kind, parameters.children));
  using enum TypeKind;
  switch (kind) {
    case kTime32:
    case kTime64:
    case kTimestamp:
    case kDuration:
      return CheckUnit(kind, parameters.unit);
    case kDecimal32:
    case kDecimal64:
    case kDecimal128:
    case kDecimal256:
      if (parameters.precision < 1 || parameters.precision > MaxPrecision(kind)) {
        return Misfit(kind, "the precision must be 1 to " +
                                std::to_string(MaxPrecision(kind)) + ", found " +
                                std::to_string(parameters.precision));
      }
      return Status::Ok();
    case kFixedSizeBinary:
      return parameters.byte_width < 0 ? Misfit(kind, "the width is negative")
                                       : Status::Ok();
    case kFixedSizeList:
      return parameters.list_size < 0 ? Misfit(kind, "the size is negative")
                                      : Status::Ok();
    case kMap:
      return CheckMap(parameters.children);
    case kDictionary:
      if (parameters.index_type == nullptr || !IsInteger(*parameters.index_type)) {
        return Misfit(kind, "the index type must be an integer");
      }
      return Status::Ok();
    case kRunEndEncoded:
      return CheckRunEnd(parameters.children);
    default:
      return Status::Ok();
  }
}

// The kind that stands for `kind` in memory, dictionary and run-end aside.
TypeKind StorageKind(TypeKind kind) {
  using enum TypeKind;
  switch (kind) {
    case kStringView:
      return kLargeString;
    case kBinaryView:
      return kLargeBinary;
    case kListView:
      return kList;
    case kLargeListView:
      return kLargeList;
    default:
      return kind;
  }
}

}  // namespace

bool Field::Equals(const Field& other) const {
  if (name != other.name || nullable != other.nullable || metadata != other.metadata ||
      (type == nullptr) != (other.type == nullptr)) {
    return false;
  }
  return type == other.type || type->Equals(*other.type);
}

DataType::DataType(TypeKind kind, Parameters parameters)
    : kind_(kind), parameters_(std::move(parameters)) {
  auto storage_of = [](const TypePtr& type) {
    return type->storage_ != nullptr ? type->storage_ : type;
  };
  if (kind_ == TypeKind::kDictionary || kind_ == TypeKind::kRunEndEncoded) {
    storage_ = storage_of(parameters_.children.back().type);
  } else {
    Parameters stored = parameters_;
    bool changed = StorageKind(kind_) != kind_;
    for (Field& child : stored.children) {
      changed = changed || child.type->storage_ != nullptr;
      child.type = storage_of(child.type);
    }
    if (changed) {
      storage_ = TypePtr(new DataType(StorageKind(kind_), std::move(stored)));
    }
  }
  if (storage_ != nullptr) {
    byte_width_ = storage_->byte_width_;
  } else if (kind_ == TypeKind::kFixedSizeBinary) {
    byte_width_ = parameters_.byte_width;
  } else {
    byte_width_ = FixedByteWidth(kind_);
  }
}

TypePtr DataType::Make(TypeKind kind) {
  assert(CheckParameters(kind, {}).ok() && "this kind needs parameters");
  return TypePtr(new DataType(kind, {}));
}

Result<TypePtr> DataType::Make(TypeKind kind, Parameters parameters) {
  if (kind > TypeKind::kDecimal64) {
    return Status::InvalidArgument("unknown type kind " +
                                   std::to_string(static_cast<int>(kind)));
  }
  LANCER_RETURN_IF_ERROR(CheckParameters(kind, parameters));
  return TypePtr(new DataType(kind, std::move(parameters)));
}

TypePtr DataType::List(Field item) {
  return TypePtr(new DataType(TypeKind::kList, {.children = {std::move(item)}}));
}

TypePtr DataType::LargeList(Field item) {
  return TypePtr(new DataType(TypeKind::kLargeList, {.children = {std::move(item)}}));
}

TypePtr DataType::FixedSizeList(Field item, int32_t size) {
  assert(size >= 0);
  return TypePtr(new DataType(TypeKind::kFixedSizeList,
                              {.list_size = size, .children = {std::move(item)}}));
}

TypePtr DataType::Struct(std::vector<Field> fields) {
  return TypePtr(new DataType(TypeKind::kStruct, {.children = std::move(fields)}));
}

TypePtr DataType::FixedSizeBinary(int32_t byte_width) {
  assert(byte_width >= 0);
  return TypePtr(new DataType(TypeKind::kFixedSizeBinary, {.byte_width = byte_width}));
}

TypePtr DataType::Decimal128(int32_t precision, int32_t scale) {
  assert(precision >= 1 && precision <= 38);
  return TypePtr(
      new DataType(TypeKind::kDecimal128, {.precision = precision, .scale = scale}));
}

TypePtr DataType::Timestamp(TimeUnit unit, std::string time_zone) {
  return TypePtr(new DataType(TypeKind::kTimestamp,
                              {.unit = unit, .time_zone = std::move(time_zone)}));
}

TypePtr DataType::Dictionary(TypePtr index_type, TypePtr value_type, bool ordered) {
  assert(index_type != nullptr && IsInteger(*index_type));
  Parameters parameters;
  parameters.index_type = std::move(index_type);
  parameters.ordered = ordered;
  parameters.children.push_back(Field{.name = "", .type = std::move(value_type)});
  return TypePtr(new DataType(TypeKind::kDictionary, std::move(parameters)));
}

const DataType& DataType::storage() const {
  return storage_ != nullptr ? *storage_ : *this;
}

bool DataType::is_signed_integer() const {
  return kind_ >= TypeKind::kInt8 && kind_ <= TypeKind::kInt64;
}

bool DataType::is_unsigned_integer() const {
  return kind_ >= TypeKind::kUInt8 && kind_ <= TypeKind::kUInt64;
}

bool DataType::is_floating() const {
  return kind_ >= TypeKind::kFloat16 && kind_ <= TypeKind::kFloat64;
}

bool DataType::is_decimal() const { return MaxPrecision(kind_) > 0; }

bool DataType::is_variable_binary() const {
  return kind_ >= TypeKind::kString && kind_ <= TypeKind::kBinaryView;
}

bool DataType::is_variable_list() const {
  return kind_ >= TypeKind::kList && kind_ <= TypeKind::kLargeListView;
}

bool DataType::is_nested() const {
  return kind_ >= TypeKind::kList && kind_ <= TypeKind::kMap;
}

bool DataType::Equals(const DataType& other) const {
  return this == &other ||
         (SameButChildren(*this, other) &&
          std::ranges::equal(children(), other.children(),
                             [](const Field& a, const Field& b) { return a.Equals(b); }));
}

}  // namespace lancer
