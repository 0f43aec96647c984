#include <gtest/gtest.h>

#include "lancer/arrow_bridge.h"
#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"

namespace lancer::test {
namespace {

// Out through the C Data interface and in again, schema and array.
Result<ArrayPtr> RoundTrip(const Field& field, const ArrayPtr& array, Field* type) {
  ArrowSchema schema{};
  LANCER_RETURN_IF_ERROR(ExportField(field, &schema));
  LANCER_ASSIGN_OR_RETURN(*type, ImportField(&schema));
  EXPECT_EQ(schema.release, nullptr);
  ArrowArray out{};
  LANCER_RETURN_IF_ERROR(ExportArray(array, &out));
  Result<ArrayPtr> back = ImportArray(*type, &out);
  EXPECT_EQ(out.release, nullptr);
  return back;
}

TEST(ExportArray, GivesBackRandomNestedArrays) {
  std::mt19937_64 rng(11);
  for (int i = 0; i < 1500; ++i) {
    Field field = RandomField(rng, i % 4, {.unstorable_types = i % 3 == 0});
    SCOPED_TRACE(std::to_string(i) + " " + field.type->ToString());
    ArrayPtr array = RandomArray(field, i % 7 == 0 ? 0 : i % 60, rng);
    Field type;
    Result<ArrayPtr> back = RoundTrip(field, array, &type);
    ASSERT_TRUE(back.has_value()) << back.status().ToString();
    ASSERT_TRUE(type.Equals(field)) << type.type->ToString();
    Status status = (*back)->Validate("x", /*full=*/true);
    ASSERT_TRUE(status.ok()) << status.ToString();
    ASSERT_TRUE((*back)->Equals(*array));
    for (int64_t row = 0; row < array->length(); ++row) {
      ASSERT_EQ((*back)->FormatValue(row), array->FormatValue(row)) << "row " << row;
    }
  }
}

TEST(ExportArray, SharesBuffersOfItsOwnLayout) {
  ArrayPtr array = MakeStringArray({"a", std::nullopt, "long enough to be a real value"});
  ArrowArray out{};
  ASSERT_TRUE(ExportArray(array->Slice(1, 2), &out).ok());
  EXPECT_EQ(out.length, 2);
  EXPECT_EQ(out.offset, 1);
  EXPECT_EQ(out.null_count, 1);
  ASSERT_EQ(out.n_buffers, 3);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(out.buffers[i], array->buffer(i)->data());
  }
  out.release(&out);
  EXPECT_EQ(out.release, nullptr);
}

TEST(ExportArray, KeepsBuffersAliveUntilRelease) {
  auto owner = std::make_shared<int64_t>(5);
  std::weak_ptr<int64_t> watch = owner;
  auto buffer = std::make_shared<const Buffer>(
      std::as_bytes(std::span<const int64_t>(owner.get(), 1)), std::move(owner));
  ArrayPtr array = Array::Make({.type = DataType::Make(TypeKind::kInt64),
                                .length = 1,
                                .buffers = {nullptr, std::move(buffer)}});
  ArrowArray out{};
  ASSERT_TRUE(ExportArray(array, &out).ok());
  array.reset();
  EXPECT_FALSE(watch.expired());
  out.release(&out);
  EXPECT_TRUE(watch.expired());
}

TEST(ExportArray, LetsConsumersMoveChildrenOut) {
  ArrayPtr item = MakeInt64Array({1, 2});
  TypePtr type = DataType::Struct({Nullable("a", item->type())});
  ArrowArray out{};
  ASSERT_TRUE(ExportArray(MakeStructArray(type, 2, {item}), &out).ok());
  ArrowArray moved = *out.children[0];
  out.children[0]->release = nullptr;
  out.release(&out);
  EXPECT_EQ(static_cast<const int64_t*>(moved.buffers[1])[1], 2);
  moved.release(&moved);
}

TEST(ExportArray, RefusesADictionaryThatItsIndexesCannotReach) {
  Values<int64_t> values;
  for (int64_t i = 0; i < 200; ++i) {
    values.emplace_back(i);
  }
  for (auto [index, fits] :
       {std::pair{TypeKind::kInt8, false}, std::pair{TypeKind::kUInt8, true}}) {
    ArrayPtr array = MakeInt64Array(values)->WithType(
        DataType::Dictionary(DataType::Make(index), DataType::Make(TypeKind::kInt64)));
    ArrowArray out{};
    Status status = ExportArray(array, &out);
    EXPECT_EQ(status.ok(), fits) << status.ToString();
    if (fits) {
      EXPECT_EQ(out.dictionary->length, 200);
      out.release(&out);
    } else {
      EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
      EXPECT_EQ(out.release, nullptr);
    }
  }
}

TEST(ExportArray, ReleasesWhatItMadeBeforeAFailure) {
  Values<int64_t> values(300);
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<int64_t>(i);
  }
  TypePtr int64 = DataType::Make(TypeKind::kInt64);
  TypePtr narrow = DataType::Dictionary(DataType::Make(TypeKind::kInt8), int64);
  TypePtr type = DataType::Struct({Nullable("a", int64), Nullable("b", narrow)});
  ArrayPtr numbers = MakeInt64Array(values);
  ArrowArray out{};
  Status status =
      ExportArray(MakeStructArray(type, 300, {numbers, numbers->WithType(narrow)}), &out);
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
  EXPECT_NE(status.ToString().find("field b"), std::string::npos) << status.ToString();
}

TEST(ExportArray, GivesAnEmptyArrayAnOffset) {
  BufferPtr empty = Buffer::Own(std::vector<int32_t>{});
  ArrayPtr array = Array::Make(
      {.type = DataType::Make(TypeKind::kString), .buffers = {nullptr, empty, empty}});
  ASSERT_TRUE(array->Validate("x").ok());
  ArrowArray out{};
  ASSERT_TRUE(ExportArray(array, &out).ok());
  ASSERT_EQ(out.n_buffers, 3);
  EXPECT_EQ(*static_cast<const int32_t*>(out.buffers[1]), 0);
  out.release(&out);
}

TEST(ExportBatch, GivesBackRandomBatches) {
  std::mt19937_64 rng(12);
  for (int i = 0; i < 100; ++i) {
    auto schema = std::make_shared<const Schema>(RandomSchema(rng, i % 6, 2));
    Batch batch = RandomBatch(schema, i % 40, rng);
    ArrowSchema c_schema{};
    ASSERT_TRUE(ExportSchema(*schema, &c_schema).ok());
    Result<Schema> imported = ImportSchema(&c_schema);
    ASSERT_TRUE(imported.has_value()) << imported.status().ToString();
    ASSERT_TRUE(imported->Equals(*schema));
    ArrowArray out{};
    ASSERT_TRUE(ExportBatch(batch, &out).ok());
    Result<Batch> back = ImportBatch(schema, &out);
    ASSERT_TRUE(back.has_value()) << back.status().ToString();
    ASSERT_TRUE(back->Equals(batch)) << schema->ToString();
    ASSERT_TRUE(back->Validate().ok()) << back->Validate().ToString();
  }
}

}  // namespace
}  // namespace lancer::test
