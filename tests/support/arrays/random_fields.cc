#include <array>
#include <string>

#include "tests/support/arrays/random_arrays.h"
#include "types/coded_rows.h"

namespace lancer::test {
namespace {

using enum TypeKind;

size_t Below(std::mt19937_64& rng, size_t bound) { return rng() % bound; }

TypeKind PickLeafKind(std::mt19937_64& rng, const RandomFieldOptions& options) {
  static constexpr std::array kLeaves = {
      kNull,      kBool,      kInt8,        kInt16,      kInt32,       kInt64,
      kUInt8,     kUInt16,    kUInt32,      kUInt64,     kFloat16,     kFloat32,
      kFloat64,   kDate32,    kDate64,      kTime32,     kTime64,      kTimestamp,
      kDuration,  kString,    kLargeString, kBinary,     kLargeBinary, kFixedSizeBinary,
      kDecimal32, kDecimal64, kDecimal128,  kDecimal256, kString,      kBool};
  static constexpr std::array kConverted = {kStringView, kBinaryView, kDictionary,
                                            kRunEndEncoded};
  static constexpr std::array kUnstorable = {kIntervalMonths, kIntervalDayTime,
                                             kIntervalMonthDayNano};
  if (options.unstorable_types && Below(rng, 6) == 0) {
    return kUnstorable[Below(rng, kUnstorable.size())];
  }
  if (options.converted_types && Below(rng, 5) == 0) {
    return kConverted[Below(rng, kConverted.size())];
  }
  return kLeaves[Below(rng, kLeaves.size())];
}

TypeKind PickNestedKind(std::mt19937_64& rng, const RandomFieldOptions& options) {
  static constexpr std::array kNested = {kList, kLargeList, kFixedSizeList, kStruct,
                                         kMap,  kListView,  kLargeListView};
  return kNested[Below(rng, options.converted_types ? 7 : 5)];
}

TypePtr MustMake(TypeKind kind, DataType::Parameters parameters) {
  return *DataType::Make(kind, std::move(parameters));
}

TypePtr RandomLeafType(std::mt19937_64& rng, TypeKind kind);

// A leaf type that a dictionary or a run can hold.
TypePtr RandomValueType(std::mt19937_64& rng) {
  TypeKind kind = kNull;
  while (kind == kNull) {
    kind = PickLeafKind(rng, {.converted_types = false});
  }
  return RandomLeafType(rng, Below(rng, 4) == 0 ? kStringView : kind);
}

TypePtr RandomDictionary(std::mt19937_64& rng) {
  // Not int8: random values would not fit.
  static constexpr std::array kIndexes = {kInt16,  kInt32,  kInt64,
                                          kUInt16, kUInt32, kUInt64};
  TypePtr index = DataType::Make(kIndexes[Below(rng, kIndexes.size())]);
  TypePtr type = DataType::Dictionary(index, RandomValueType(rng), Below(rng, 2) == 0);
  return MayBeCoded(*type) ? type : DataType::Dictionary(index, type->child(0).type);
}

TypePtr RandomRunEnd(std::mt19937_64& rng) {
  static constexpr std::array kEnds = {kInt16, kInt32, kInt64};
  Field ends{.name = "run_ends",
             .type = DataType::Make(kEnds[Below(rng, kEnds.size())]),
             .nullable = false};
  Field values{.name = "values", .type = RandomValueType(rng)};
  return MustMake(kRunEndEncoded, {.children = {ends, values}});
}

TypePtr RandomLeafType(std::mt19937_64& rng, TypeKind kind) {
  auto below = [&](size_t bound) { return static_cast<int32_t>(Below(rng, bound)); };
  switch (kind) {
    case kTime32:
      return MustMake(kind, {.unit = static_cast<TimeUnit>(below(2))});
    case kTime64:
      return MustMake(kind, {.unit = static_cast<TimeUnit>(2 + below(2))});
    case kDuration:
      return MustMake(kind, {.unit = static_cast<TimeUnit>(below(4))});
    case kTimestamp: {
      static constexpr std::array kZones = {"", "UTC", "Europe/Zurich", "+05:30"};
      return DataType::Timestamp(static_cast<TimeUnit>(below(4)),
                                 kZones[Below(rng, kZones.size())]);
    }
    case kDecimal32:
      return MustMake(kind, {.precision = 1 + below(9), .scale = below(5)});
    case kDecimal64:
      return MustMake(kind, {.precision = 1 + below(18), .scale = below(9)});
    case kDecimal128:
      return MustMake(kind, {.precision = 1 + below(38), .scale = below(12) - 2});
    case kDecimal256:
      return MustMake(kind, {.precision = 1 + below(76), .scale = below(12) - 2});
    case kFixedSizeBinary:
      return DataType::FixedSizeBinary(1 + below(20));
    case kDictionary:
      return RandomDictionary(rng);
    case kRunEndEncoded:
      return RandomRunEnd(rng);
    default:
      return DataType::Make(kind);
  }
}

TypePtr RandomNestedType(std::mt19937_64& rng, int depth,
                         const RandomFieldOptions& options) {
  TypeKind kind = PickNestedKind(rng, options);
  DataType::Parameters parameters;
  if (kind == kStruct) {
    size_t count = Below(rng, 8) == 0 ? 0 : 1 + Below(rng, 4);
    for (size_t i = 0; i < count; ++i) {
      parameters.children.push_back(RandomField(rng, depth - 1, options));
      parameters.children.back().name = std::string("f").append(std::to_string(i));
    }
  } else if (kind == kMap) {
    Field key = RandomField(rng, 0, options);
    while (key.type->kind() == kNull) {
      key = RandomField(rng, 0, options);
    }
    key.name = "key";
    key.nullable = false;
    Field value = RandomField(rng, depth - 1, options);
    value.name = "value";
    parameters.keys_sorted = Below(rng, 2) == 0;
    parameters.children.push_back(
        {.name = "entries", .type = DataType::Struct({key, value}), .nullable = false});
  } else {
    parameters.list_size =
        kind == kFixedSizeList ? static_cast<int32_t>(Below(rng, 5)) : 0;
    parameters.children.push_back(RandomField(rng, depth - 1, options));
    parameters.children[0].name = Below(rng, 4) == 0 ? "element" : "item";
  }
  return MustMake(kind, std::move(parameters));
}

}  // namespace

Field RandomField(std::mt19937_64& rng, int depth, const RandomFieldOptions& options) {
  Field field{.name = "x"};
  if (depth > 0 && Below(rng, 3) != 0) {
    field.type = RandomNestedType(rng, depth, options);
  } else {
    field.type = RandomLeafType(rng, PickLeafKind(rng, options));
  }
  field.nullable = field.type->kind() == kNull || Below(rng, 3) != 0;
  if (options.metadata && Below(rng, 6) == 0) {
    field.metadata = {{"unit", "m\xC2\xB2"}, {"", std::string("\0\n", 2)}};
  }
  return field;
}

Schema RandomSchema(std::mt19937_64& rng, int columns, int depth,
                    const RandomFieldOptions& options) {
  std::vector<Field> fields;
  for (int i = 0; i < columns; ++i) {
    fields.push_back(RandomField(rng, depth, options));
    fields.back().name = std::string("c").append(std::to_string(i));
  }
  Metadata metadata;
  if (options.metadata) {
    metadata.emplace_back("made", "at random");
  }
  return Schema(std::move(fields), std::move(metadata));
}

}  // namespace lancer::test
