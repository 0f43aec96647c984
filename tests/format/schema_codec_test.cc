#include "format/schema_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generated/schema_generated.h"

namespace lancer::format {
namespace {

using ::testing::HasSubstr;

TypePtr Make(TypeKind kind, DataType::Parameters parameters) {
  auto type = DataType::Make(kind, std::move(parameters));
  EXPECT_TRUE(type) << type.status().ToString();
  return *type;
}

Schema Sample() {
  using enum TypeKind;
  Field item{.name = "item", .type = DataType::Make(kInt16), .nullable = false};
  Field ends{.name = "run_ends", .type = DataType::Make(kInt32), .nullable = false};
  Field values{.name = "values", .type = DataType::Make(kString)};
  std::vector<Field> fields = {
      {.name = "null", .type = DataType::Make(kNull)},
      {.name = "text",
       .type = DataType::Make(kStringView),
       .nullable = false,
       .metadata = {{"k", std::string("\0\xFF", 2)}, {"k", ""}, {"", "v"}},
       .id = FieldId(12)},
      {.name = "price", .type = DataType::Decimal128(38, -4)},
      {.name = "when", .type = DataType::Timestamp(TimeUnit::kNano, "Europe/Paris")},
      {.name = "time", .type = Make(kTime32, {.unit = TimeUnit::kMilli})},
      {.name = "hash", .type = DataType::FixedSizeBinary(32)},
      {.name = "vector", .type = DataType::FixedSizeList(item, 768)},
      {.name = "list", .type = DataType::List(item)},
      {.name = "view", .type = Make(kLargeListView, {.children = {item}})},
      {.name = "code",
       .type =
           DataType::Dictionary(DataType::Make(kUInt8), DataType::Make(kString), true)},
      {.name = "runs", .type = Make(kRunEndEncoded, {.children = {ends, values}})},
      {.name = "point",
       .type = DataType::Struct({{.name = "", .type = DataType::Make(kFloat64)},
                                 {.name = "\xC3\xA9", .type = DataType::Struct({})}})},
  };
  int32_t next = 100;
  return Schema(std::move(fields), {{"table", "one"}}).WithFieldIds(&next);
}

void ExpectSameIds(const std::vector<Field>& a, const std::vector<Field>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].id, b[i].id) << a[i].name;
    ExpectSameIds(a[i].type->children(), b[i].type->children());
  }
}

TEST(SchemaCodec, RoundTripsEveryKindOfType) {
  const Schema schema = Sample();
  auto parsed = ParseSchema(SerializeSchema(schema), "a.lancer: schema at 8");
  ASSERT_TRUE(parsed) << parsed.error().ToString();
  EXPECT_TRUE(parsed->Equals(schema)) << parsed->ToString();
  ExpectSameIds(parsed->fields(), schema.fields());
}

TEST(SchemaCodec, RoundTripsTypesWithoutParameters) {
  using enum TypeKind;
  for (TypeKind kind : {kBool, kInt8, kUInt64, kFloat16, kDate32, kDate64, kLargeBinary,
                        kBinaryView, kIntervalMonthDayNano}) {
    Schema schema({{.name = "x", .type = DataType::Make(kind)}});
    auto parsed = ParseSchema(SerializeSchema(schema), "a");
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(parsed->Equals(schema));
  }
  auto empty = ParseSchema(SerializeSchema(Schema()), "a");
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->field_count(), 0u);
}

TypePtr Nest(int depth) {
  TypePtr type = DataType::Make(TypeKind::kInt8);
  for (int i = 0; i < depth; ++i) {
    type = DataType::List({.name = "item", .type = type});
  }
  return type;
}

TEST(SchemaCodec, ReadsEveryDepthThatASchemaMayHave) {
  Schema deep({{.name = "x", .type = Nest(63)}});
  ASSERT_TRUE(deep.Validate().ok());
  auto parsed = ParseSchema(SerializeSchema(deep), "a");
  ASSERT_TRUE(parsed) << parsed.error().ToString();
  EXPECT_TRUE(parsed->Equals(deep));
}

TEST(SchemaCodec, RefusesDepthsThatCouldExhaustTheStack) {
  Schema deep({{.name = "x", .type = Nest(500)}});
  auto parsed = ParseSchema(SerializeSchema(deep), "a.lancer: schema");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code(), StatusCode::kCorruption);
}

std::vector<std::byte> Finished(flatbuffers::FlatBufferBuilder* builder) {
  auto bytes = std::as_bytes(std::span(builder->GetBufferPointer(), builder->GetSize()));
  return {bytes.begin(), bytes.end()};
}

TEST(SchemaCodec, RefusesStringsThatShareBytes) {
  flatbuffers::FlatBufferBuilder builder;
  auto name = builder.CreateString(std::string(1000, 'x'));
  std::vector<flatbuffers::Offset<stored::Field>> fields;
  for (int i = 0; i < 100; ++i) {
    fields.push_back(stored::CreateField(builder, name));
  }
  builder.Finish(stored::CreateSchema(builder, builder.CreateVector(fields)));
  auto parsed = ParseSchema(Finished(&builder), "a.lancer: schema");
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message(), HasSubstr("share bytes"));
}

TEST(SchemaCodec, RefusesTypesThatCannotBe) {
  const struct {
    int kind;
    StatusCode code;
    const char* message;
  } kCases[] = {
      {200, StatusCode::kUnsupported, "type kind 200"},
      {static_cast<int>(TypeKind::kList), StatusCode::kCorruption, "expected 1 children"},
      {static_cast<int>(TypeKind::kDecimal128), StatusCode::kCorruption, "precision"},
      {static_cast<int>(TypeKind::kDictionary), StatusCode::kCorruption, "children"}};
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.message);
    flatbuffers::FlatBufferBuilder builder;
    auto name = builder.CreateString("f");
    std::vector<flatbuffers::Offset<stored::Field>> fields = {
        stored::CreateField(builder, name, static_cast<uint8_t>(test.kind))};
    builder.Finish(stored::CreateSchema(builder, builder.CreateVector(fields)));
    auto parsed = ParseSchema(Finished(&builder), "a.lancer: schema at 8");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code(), test.code);
    EXPECT_THAT(parsed.error().message(), HasSubstr("a.lancer: schema at 8: field f: "));
    EXPECT_THAT(parsed.error().message(), HasSubstr(test.message));
  }
}

TEST(SchemaCodec, AChangedByteIsDamageOrGivesAWholeSchema) {
  const std::vector<std::byte> good = SerializeSchema(Sample());
  size_t rejected = 0;
  for (size_t i = 0; i < good.size(); ++i) {
    SCOPED_TRACE(i);
    for (unsigned value : {0u, 1u, 0x7Fu, 0xFFu}) {
      std::vector<std::byte> bad = good;
      bad[i] = static_cast<std::byte>(value);
      auto parsed = ParseSchema(bad, "a");
      if (!parsed) {
        ++rejected;
        EXPECT_TRUE(parsed.error().code() == StatusCode::kCorruption ||
                    parsed.error().code() == StatusCode::kUnsupported)
            << parsed.error().ToString();
        continue;
      }
      // A whole schema can be stored, and is the same when it is read again.
      auto again = ParseSchema(SerializeSchema(*parsed), "a");
      ASSERT_TRUE(again) << again.error().ToString();
      EXPECT_EQ(SerializeSchema(*again), SerializeSchema(*parsed));
    }
  }
  EXPECT_GT(rejected, good.size() / 4);
}

}  // namespace
}  // namespace lancer::format
