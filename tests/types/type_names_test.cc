#include <gtest/gtest.h>

#include <set>
#include <string>

#include "lancer/type.h"

namespace lancer {
namespace {

using enum TypeKind;

TEST(TypeKindName, IsDistinctForEveryKind) {
  std::set<std::string_view> names;
  for (int kind = 0; kind <= static_cast<int>(kDecimal64); ++kind) {
    names.insert(TypeKindName(static_cast<TypeKind>(kind)));
  }
  EXPECT_EQ(names.size(), 42U);
  EXPECT_EQ(TypeKindName(static_cast<TypeKind>(200)), "unknown");
}

// pyarrow_bridge_test.py compares all names with pyarrow's; here is what stays without
// it.
TEST(TypeName, ReadsAsPyarrowPrintsIt) {
  Field required{.name = "item", .type = DataType::Make(kInt64), .nullable = false};
  Field text{.name = "b", .type = DataType::Make(kString)};
  TypePtr entries =
      DataType::Struct({{.name = "key", .type = text.type, .nullable = false}, required});
  DataType::Parameters map{.keys_sorted = true,
                           .children = {{.name = "entries", .type = entries}}};
  const std::pair<TypePtr, const char*> cases[] = {
      {DataType::List(required), "list<item: int64 not null>"},
      {DataType::FixedSizeList(text, 3), "fixed_size_list<b: string>[3]"},
      {DataType::Struct({required, text}), "struct<item: int64 not null, b: string>"},
      {DataType::Timestamp(TimeUnit::kMicro, "UTC"), "timestamp[us, tz=UTC]"},
      {DataType::Timestamp(TimeUnit::kSecond), "timestamp[s]"},
      {DataType::Decimal128(10, -2), "decimal128(10, -2)"},
      {DataType::FixedSizeBinary(4), "fixed_size_binary[4]"},
      {DataType::Make(kDate32), "date32[day]"},
      {DataType::Make(kFloat16), "halffloat"},
      {DataType::Dictionary(DataType::Make(kInt8), text.type),
       "dictionary<values=string, indices=int8, ordered=0>"},
      {*DataType::Make(kMap, map), "map<string, int64 not null, keys_sorted>"},
      {*DataType::Make(
           kRunEndEncoded,
           {.children = {{.name = "run_ends", .type = DataType::Make(kInt32)}, text}}),
       "run_end_encoded<run_ends: int32, values: string>"}};
  for (const auto& [type, name] : cases) {
    EXPECT_EQ(type->ToString(), name);
  }
}

}  // namespace
}  // namespace lancer
