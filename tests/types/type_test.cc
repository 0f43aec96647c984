#include "lancer/type.h"

#include <gtest/gtest.h>

#include <functional>

namespace lancer {
namespace {

using enum TypeKind;

Field Item(TypePtr type) { return {.name = "item", .type = std::move(type)}; }
TypePtr Must(TypeKind kind, DataType::Parameters parameters) {
  return *DataType::Make(kind, std::move(parameters));
}

TEST(DataType, StorageReplacesWhatMemoryDoesNotKeep) {
  TypePtr text = DataType::Make(kStringView);
  TypePtr large = DataType::Make(kLargeString);
  TypePtr ends = DataType::Make(kInt32);
  TypePtr dictionary = DataType::Dictionary(ends, text);
  TypePtr runs = Must(kRunEndEncoded, {.children = {Item(ends), Item(dictionary)}});
  const std::pair<TypePtr, TypePtr> cases[] = {
      {text, large},
      {DataType::Make(kBinaryView), DataType::Make(kLargeBinary)},
      {dictionary, large},
      {runs, large},
      {Must(kListView, {.children = {Item(runs)}}), DataType::List(Item(large))},
      {Must(kLargeListView, {.children = {Item(ends)}}), DataType::LargeList(Item(ends))},
      {DataType::Struct({Item(DataType::FixedSizeList(Item(text), 2))}),
       DataType::Struct({Item(DataType::FixedSizeList(Item(large), 2))})}};
  for (const auto& [declared, storage] : cases) {
    EXPECT_TRUE(declared->storage().Equals(*storage)) << declared->ToString();
    EXPECT_TRUE(storage->storage().Equals(*storage));
    EXPECT_EQ(&storage->storage(), storage.get());
  }
}

TEST(DataType, StorageKeepsFieldIdsNamesAndMetadata) {
  Field item{.name = "x",
             .type = DataType::Make(kStringView),
             .nullable = false,
             .metadata = {{"k", "v"}},
             .id = FieldId(7)};
  TypePtr type = DataType::List(item);
  const Field& stored = type->storage().child(0);
  EXPECT_EQ(stored.name, "x");
  EXPECT_FALSE(stored.nullable);
  EXPECT_EQ(stored.metadata, item.metadata);
  EXPECT_EQ(stored.id, FieldId(7));
}

TEST(DataType, ByteWidthIsThatOfStorage) {
  EXPECT_EQ(DataType::Make(kBool)->byte_width(), 0);
  EXPECT_EQ(DataType::Make(kFloat16)->byte_width(), 2);
  EXPECT_EQ(DataType::Make(kIntervalMonthDayNano)->byte_width(), 16);
  EXPECT_EQ(Must(kDecimal256, {.precision = 76})->byte_width(), 32);
  EXPECT_EQ(DataType::FixedSizeBinary(5)->byte_width(), 5);
  EXPECT_EQ(DataType::Make(kString)->byte_width(), 0);
  TypePtr int8 = DataType::Make(kInt8);
  EXPECT_EQ(DataType::Dictionary(int8, DataType::Make(kInt64))->byte_width(), 8);
}

TEST(DataType, MakeRefusesParametersThatDoNotFit) {
  TypePtr int32 = DataType::Make(kInt32);
  TypePtr text = DataType::Make(kString);
  const std::pair<TypeKind, DataType::Parameters> cases[] = {
      {kList, {}},
      {kList, {.children = {Item(int32), Item(int32)}}},
      {kList, {.children = {Item(nullptr)}}},
      {kInt32, {.children = {Item(int32)}}},
      {kTime32, {.unit = TimeUnit::kNano}},
      {kTime64, {.unit = TimeUnit::kSecond}},
      {kTimestamp, {.unit = static_cast<TimeUnit>(4)}},
      {kDecimal32, {.precision = 10}},
      {kDecimal64, {.precision = 19}},
      {kDecimal128, {.precision = 39}},
      {kDecimal128, {.precision = 0}},
      {kDecimal256, {.precision = 77}},
      {kFixedSizeBinary, {.byte_width = -1}},
      {kFixedSizeList, {.list_size = -1, .children = {Item(int32)}}},
      {kMap, {.children = {Item(int32)}}},
      {kMap, {.children = {Item(DataType::Struct({Item(int32)}))}}},
      {kDictionary, {.children = {Item(int32)}}},
      {kDictionary, {.index_type = text, .children = {Item(int32)}}},
      {kRunEndEncoded, {.children = {Item(text), Item(int32)}}},
      {static_cast<TypeKind>(42), {}}};
  for (size_t i = 0; i < std::size(cases); ++i) {
    Result<TypePtr> made = DataType::Make(cases[i].first, cases[i].second);
    ASSERT_FALSE(made.has_value()) << "case " << i << ": " << (*made)->ToString();
    EXPECT_EQ(made.error().code(), StatusCode::kInvalidArgument);
  }
}

TEST(DataType, EqualityCountsEveryParameter) {
  TypePtr int32 = DataType::Make(kInt32);
  TypePtr int64 = DataType::Make(kInt64);
  Field plain = Item(int32);
  Field required = plain;
  required.nullable = false;
  Field renamed = plain;
  renamed.name = "element";
  Field noted = plain;
  noted.metadata = {{"k", "v"}};
  Field numbered = plain;
  numbered.id = FieldId(3);
  std::vector<TypePtr> different = {int32,
                                    int64,
                                    DataType::List(plain),
                                    DataType::List(required),
                                    DataType::List(renamed),
                                    DataType::List(noted),
                                    DataType::List(Item(int64)),
                                    DataType::LargeList(plain),
                                    DataType::FixedSizeList(plain, 2),
                                    DataType::FixedSizeList(plain, 3),
                                    DataType::Struct({}),
                                    DataType::Struct({plain}),
                                    DataType::Struct({plain, renamed}),
                                    DataType::FixedSizeBinary(2),
                                    DataType::FixedSizeBinary(3),
                                    DataType::Decimal128(5, 2),
                                    DataType::Decimal128(5, 3),
                                    DataType::Decimal128(6, 2),
                                    DataType::Timestamp(TimeUnit::kMicro),
                                    DataType::Timestamp(TimeUnit::kNano),
                                    DataType::Timestamp(TimeUnit::kNano, "UTC"),
                                    DataType::Dictionary(int32, int64),
                                    DataType::Dictionary(int64, int64),
                                    DataType::Dictionary(int32, int32),
                                    DataType::Dictionary(int32, int64, true)};
  for (size_t i = 0; i < different.size(); ++i) {
    for (size_t j = 0; j < different.size(); ++j) {
      EXPECT_EQ(different[i]->Equals(*different[j]), i == j)
          << different[i]->ToString() << " and " << different[j]->ToString();
    }
  }
  EXPECT_TRUE(DataType::List(numbered)->Equals(*DataType::List(plain)));
}

TEST(DataType, PredicatesFollowTheDeclaredKind) {
  struct Case {
    const char* name;
    std::function<bool(const DataType&)> holds;
    int count;
  };
  const Case cases[] = {
      {"signed", [](const DataType& t) { return t.is_signed_integer(); }, 4},
      {"unsigned", [](const DataType& t) { return t.is_unsigned_integer(); }, 4},
      {"floating", [](const DataType& t) { return t.is_floating(); }, 3},
      {"binary", [](const DataType& t) { return t.is_variable_binary(); }, 6}};
  for (const Case& c : cases) {
    int count = 0;
    for (int kind = 0; kind <= static_cast<int>(kBinaryView); ++kind) {
      bool decimal =
          kind == static_cast<int>(kDecimal128) || kind == static_cast<int>(kDecimal256);
      bool time64 = kind == static_cast<int>(kTime64);
      if (!decimal && !time64) {
        count += c.holds(*DataType::Make(static_cast<TypeKind>(kind))) ? 1 : 0;
      }
    }
    EXPECT_EQ(count, c.count) << c.name;
  }
  TypePtr list = DataType::List(Item(DataType::Make(kInt8)));
  TypePtr fixed = DataType::FixedSizeList(Item(list), 2);
  EXPECT_TRUE(list->is_variable_list());
  EXPECT_TRUE(list->is_nested());
  EXPECT_FALSE(fixed->is_variable_list());
  EXPECT_TRUE(fixed->is_nested());
  EXPECT_TRUE(DataType::Struct({})->is_nested());
  EXPECT_FALSE(DataType::Dictionary(DataType::Make(kInt8), list)->is_nested());
  EXPECT_TRUE(DataType::Decimal128(1, 0)->is_decimal());
}

}  // namespace
}  // namespace lancer
