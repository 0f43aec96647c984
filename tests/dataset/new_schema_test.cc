#include "dataset/new_schema.h"

#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"
#include "tests/dataset/log_fixture.h"

namespace lancer::dataset {
namespace {

TEST(NumberFields, NumbersEveryFieldAnew) {
  Field inner = test::Nullable("b", DataType::Make(TypeKind::kInt32));
  inner.id = FieldId(99);
  Schema schema({test::Nullable("a", DataType::Struct({inner})),
                 test::Nullable("c", DataType::Make(TypeKind::kBool))});
  NumberedSchema numbered = *NumberFields(schema, 10);
  EXPECT_EQ(numbered.next_field, 13u);
  EXPECT_EQ(numbered.schema->field(0).id, FieldId(10));
  EXPECT_EQ(numbered.schema->field(0).type->child(0).id, FieldId(11));
  EXPECT_EQ(numbered.schema->field(1).id, FieldId(12));
  EXPECT_TRUE(numbered.schema->Equals(schema));
  EXPECT_EQ(NumberFields(schema, 1ull << 31).status().code(),
            StatusCode::kResourceExhausted);
}

TEST(MakeNewSchema, LargeSchemasStandInAFileOfTheirOwn) {
  LogHouse house;
  Store store(house.paths, FormatFile{}, house.test.context, ReaderOptions{});
  auto session = *Session::Begin(house.paths, house.test.context, PublishMethod::kLink,
                                 VersionNumber(0));
  NewSchema small = *MakeNewSchema(store, session.get(), *NumbersSchema(), 0, 2);
  EXPECT_FALSE(small.entry.file.has_value());
  EXPECT_FALSE(small.entry.bytes.empty());
  std::vector<Field> fields;
  for (int i = 0; i < 1000; ++i) {
    fields.push_back(
        test::Nullable("column " + std::to_string(i), DataType::Make(TypeKind::kInt32)));
  }
  NewSchema large =
      *MakeNewSchema(store, session.get(), Schema(std::move(fields)), 0, 1000);
  EXPECT_TRUE(large.entry.file.has_value());
  EXPECT_TRUE(large.entry.bytes.empty());
}

}  // namespace
}  // namespace lancer::dataset
