// DataType: the declared type of a column, spelled as in Arrow.
//
// In memory Lancer keeps fewer layouts than Arrow has types. `storage()` names the layout
// that an Array of the type really has: views become large offsets, dictionary and
// run-end-encoded types become their values, list views become lists. The declared type
// is remembered and given back on export.
// Ownership: types are immutable and shared. Thread rule: safe for concurrent const
// calls.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lancer/export.h"
#include "lancer/ids.h"

namespace lancer {

// Stored in schemas as a number: append only, never renumber.
enum class TypeKind : uint8_t {
  kNull = 0,
  kBool = 1,
  kInt8 = 2,
  kInt16 = 3,
  kInt32 = 4,
  kInt64 = 5,
  kUInt8 = 6,
  kUInt16 = 7,
  kUInt32 = 8,
  kUInt64 = 9,
  kFloat16 = 10,
  kFloat32 = 11,
  kFloat64 = 12,
  kDecimal128 = 13,
  kDecimal256 = 14,
  kDate32 = 15,     // days since 1970-01-01
  kDate64 = 16,     // milliseconds since 1970-01-01
  kTime32 = 17,     // seconds or milliseconds since midnight
  kTime64 = 18,     // microseconds or nanoseconds since midnight
  kTimestamp = 19,  // since 1970-01-01 in `unit`, with `time_zone` if not empty
  kDuration = 20,
  kString = 21,
  kLargeString = 22,
  kStringView = 23,
  kBinary = 24,
  kLargeBinary = 25,
  kBinaryView = 26,
  kFixedSizeBinary = 27,
  kList = 28,
  kLargeList = 29,
  kListView = 30,
  kLargeListView = 31,
  kFixedSizeList = 32,
  kStruct = 33,
  kMap = 34,
  kDictionary = 35,
  kRunEndEncoded = 36,
  kIntervalMonths = 37,
  kIntervalDayTime = 38,
  kIntervalMonthDayNano = 39,
  kDecimal32 = 40,
  kDecimal64 = 41,
};

enum class TimeUnit : uint8_t { kSecond = 0, kMilli = 1, kMicro = 2, kNano = 3 };

// Ordered key-value pairs; duplicates are kept as they came.
using Metadata = std::vector<std::pair<std::string, std::string>>;

class DataType;
using TypePtr = std::shared_ptr<const DataType>;

// A named, typed column or child. Extension types are ordinary fields whose metadata has
// the keys "ARROW:extension:name" and "ARROW:extension:metadata".
struct LANCER_EXPORT Field {
  std::string name = {};
  TypePtr type = {};
  bool nullable = true;
  Metadata metadata = {};
  FieldId id = {};  // assigned by the writer; not part of equality

  // Same name, type, nullability and metadata (order counts), children included.
  bool Equals(const Field& other) const;
};

class LANCER_EXPORT DataType {
 public:
  // Parameters of the kinds that have any; the rest stay at their defaults.
  struct Parameters {
    int32_t byte_width = 0;             // fixed_size_binary
    int32_t list_size = 0;              // fixed_size_list
    int32_t precision = 0;              // decimals
    int32_t scale = 0;                  // decimals
    TimeUnit unit = TimeUnit::kSecond;  // time, timestamp, duration
    std::string time_zone = {};         // timestamp
    TypePtr index_type = {};            // dictionary: type of its indices
    bool ordered = false;               // dictionary
    bool keys_sorted = false;           // map
    std::vector<Field> children =
        {};  // list: 1; struct: any; map: 1 struct of 2;
             // dictionary: 1 (values); run-end: 2 (ends, values)
  };

  // Types without parameters.
  static TypePtr Make(TypeKind kind);
  // Any type. Errors: InvalidArgument for parameters that do not fit the kind.
  static Result<TypePtr> Make(TypeKind kind, Parameters parameters);

  // Shorthands for tests and examples; they cannot fail.
  static TypePtr List(Field item);
  static TypePtr LargeList(Field item);
  static TypePtr FixedSizeList(Field item, int32_t size);
  static TypePtr Struct(std::vector<Field> fields);
  static TypePtr FixedSizeBinary(int32_t byte_width);
  static TypePtr Decimal128(int32_t precision, int32_t scale);
  static TypePtr Timestamp(TimeUnit unit, std::string time_zone = "");
  static TypePtr Dictionary(TypePtr index_type, TypePtr value_type, bool ordered = false);

  TypeKind kind() const { return kind_; }
  const Parameters& parameters() const { return parameters_; }
  const std::vector<Field>& children() const { return parameters_.children; }
  const Field& child(size_t i) const { return parameters_.children[i]; }

  // The type whose Arrow layout an Array of this type has in Lancer (see above), children
  // included. Lives as long as this type.
  const DataType& storage() const;
  // Bytes per value of the storage layout for fixed-width kinds (bool: 0), else 0.
  int32_t byte_width() const { return byte_width_; }
  bool is_signed_integer() const;
  bool is_unsigned_integer() const;
  bool is_floating() const;
  bool is_decimal() const;
  // string, binary, their large and view forms.
  bool is_variable_binary() const;
  // list, large list and their views; not fixed-size list, not map.
  bool is_variable_list() const;
  // Anything with children that Lancer stores as levels: lists, struct, map.
  bool is_nested() const;

  // Structural equality including field names, nullability and metadata.
  bool Equals(const DataType& other) const;
  // As pyarrow prints it: "list<item: int64 not null>".
  std::string ToString() const;

 private:
  DataType(TypeKind kind, Parameters parameters);
  TypeKind kind_;
  int32_t byte_width_ = 0;
  Parameters parameters_;
  TypePtr storage_;  // null: this type is its own storage
};

// The kind's name as Arrow spells it: "large_string". Static lifetime.
LANCER_EXPORT std::string_view TypeKindName(TypeKind kind);

}  // namespace lancer
