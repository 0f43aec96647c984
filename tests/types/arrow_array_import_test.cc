#include <gtest/gtest.h>

#include <bit>
#include <functional>

#include "lancer/arrow_bridge.h"
#include "tests/support/arrays/arrays.h"
#include "tests/types/arrow_structs.h"

namespace lancer::test {
namespace {

using enum TypeKind;

TypePtr Int8() { return DataType::Make(kInt8); }
TypePtr Int64() { return DataType::Make(kInt64); }

TEST(ImportArray, SharesBuffersAndReleasesWithTheLastOne) {
  ForeignArray foreign(2, 0);
  foreign.Null().Add<int64_t>({5, 6});
  const void* values = foreign.get()->buffers[1];
  Result<ArrayPtr> array = ImportArray(Nullable("x", Int64()), foreign.get());
  ASSERT_TRUE(array.has_value()) << array.status().ToString();
  EXPECT_EQ(foreign.get()->release, nullptr);
  EXPECT_EQ((*array)->values<int64_t>(), values);
  BufferPtr last = (*array)->Slice(1, 1)->buffer(1);
  array = Status::Cancelled("drop the array");
  EXPECT_EQ(foreign.releases(), 0);
  last.reset();
  EXPECT_EQ(foreign.releases(), 1);
}

TEST(ImportArray, CopiesBuffersThatAreNotAligned) {
  ForeignArray foreign(1, 0);
  foreign.Null().Add<char>({9, 1, 0, 0, 0, 0, 0, 0, 0, 9});
  foreign.get()->buffers[1] = static_cast<const char*>(foreign.get()->buffers[1]) + 1;
  Result<ArrayPtr> array = ImportArray(Nullable("x", Int64()), foreign.get());
  ASSERT_TRUE(array.has_value());
  EXPECT_EQ(std::bit_cast<uintptr_t>((*array)->buffer(1)->data()) % 8, 0U);
  EXPECT_EQ((*array)->values<int64_t>()[0], 1);
}

TEST(ImportArray, TakesEmptyArraysWithoutBuffers) {
  ForeignArray text(0, 0);
  text.Null().Null().Null();
  text.get()->offset = 3;
  ForeignArray items(0, -1);
  items.Null().Null();
  ForeignArray list(0, -1);
  list.Null().Null().Child(items);
  TypePtr lists = DataType::List(Nullable("item", Int8()));
  for (auto [type, foreign] :
       {std::pair{DataType::Make(kString), &text}, std::pair{lists, &list}}) {
    Result<ArrayPtr> array = ImportArray(Nullable("x", type), foreign->get());
    ASSERT_TRUE(array.has_value()) << array.status().ToString();
    EXPECT_EQ((*array)->length(), 0);
    EXPECT_EQ((*array)->value_offset(0), 0);
    EXPECT_TRUE((*array)->Validate("x").ok());
  }
}

TEST(ImportArray, FollowsOffsetsAtEveryLevel) {
  ForeignArray numbers(4, -1);
  numbers.Add<uint8_t>({0b10111}).Add<int8_t>({0, 1, 2, 3, 4});
  numbers.get()->offset = 1;
  ForeignArray row(2, -1);
  row.Add<uint8_t>({0b101}).Child(numbers);
  row.get()->offset = 1;
  TypePtr type = DataType::Struct({Nullable("a", Int8())});
  Result<ArrayPtr> array = ImportArray(Nullable("x", type), row.get());
  ASSERT_TRUE(array.has_value()) << array.status().ToString();
  EXPECT_EQ((*array)->FormatValue(0), "null");
  EXPECT_EQ((*array)->FormatValue(1), "{\"a\": null}");
  EXPECT_EQ((*array)->null_count(), 1);
}

// A change to a struct that is sound before it, and a part of the message it must give.
struct Damage {
  const char* what;
  std::function<void(ArrowArray*)> apply;
};

// Two rows of list<int8>: [1, 2] and [3].
void TryOnLists(const Damage& damage) {
  ForeignArray items(3, 0);
  items.Null().Add<int8_t>({1, 2, 3});
  ForeignArray list(2, 0);
  list.Null().Add<int32_t>({0, 2, 3}).Child(items);
  damage.apply(list.get());
  bool was_released = list.get()->release == nullptr;
  TypePtr type = DataType::List(Nullable("item", Int8()));
  Result<ArrayPtr> array = ImportArray(Nullable("x", type), list.get());
  EXPECT_EQ(array.status().code(), StatusCode::kInvalidArgument) << damage.what;
  EXPECT_NE(array.status().message().find(damage.what), std::string::npos)
      << "expected " << damage.what << ", found " << array.status().ToString();
  EXPECT_EQ(list.releases(), was_released ? 0 : 1) << damage.what;
}

TEST(ImportArray, RefusesHostileStructs) {
  static const int32_t falling[] = {0, 2, 1};
  static const int32_t negative[] = {-1, 2, 3};
  static const int32_t beyond[] = {0, 2, 4};
  static ArrowArray* nothing[] = {nullptr};
  auto offsets = [](const int32_t* numbers) {
    return [numbers](ArrowArray* a) { a->buffers[1] = numbers; };
  };
  const Damage damages[] = {
      {"it was released", [](ArrowArray* a) { a->release = nullptr; }},
      {"length -1", [](ArrowArray* a) { a->length = -1; }},
      {"at offset -1", [](ArrowArray* a) { a->offset = -1; }},
      {"length 2 at offset", [](ArrowArray* a) { a->offset = INT64_MAX; }},
      {"null count -2", [](ArrowArray* a) { a->null_count = -2; }},
      {"null count 3 of 2 rows", [](ArrowArray* a) { a->null_count = 3; }},
      {"1 nulls, but no validity", [](ArrowArray* a) { a->null_count = 1; }},
      {"expected 2 buffers, found 1", [](ArrowArray* a) { a->n_buffers = 1; }},
      {"expected 2 buffers, found -1", [](ArrowArray* a) { a->n_buffers = -1; }},
      {"expected 2 buffers", [](ArrowArray* a) { a->buffers = nullptr; }},
      {"expected 1 children, found 0", [](ArrowArray* a) { a->n_children = 0; }},
      {"expected 1 children", [](ArrowArray* a) { a->children = nullptr; }},
      {"field x.item: malformed ArrowArray: it is null",
       [](ArrowArray* a) { a->children = nothing; }},
      {"field x.item: malformed ArrowArray: it was released",
       [](ArrowArray* a) { a->children[0]->release = nullptr; }},
      {"unexpected dictionary", [](ArrowArray* a) { a->dictionary = a->children[0]; }},
      {"the offsets are missing", offsets(nullptr)},
      {"offsets fall from 2 to 1 at row 1", offsets(falling)},
      {"offsets fall from 0 to -1", offsets(negative)},
      {"field x.item: malformed ArrowArray: its parent needs 4 rows, found 3",
       offsets(beyond)},
      {"its parent needs 3 rows, found 2",
       [](ArrowArray* a) { a->children[0]->length = 2; }},
      {"field x.item: malformed ArrowArray: buffer 1 is null",
       [](ArrowArray* a) { a->children[0]->buffers[1] = nullptr; }}};
  for (const Damage& damage : damages) {
    TryOnLists(damage);
  }
  EXPECT_FALSE(ImportArray(Nullable("x", Int8()), nullptr).has_value());
}

TEST(ImportArray, TakesANullBufferWhereThereIsNone) {
  const Field nothing = Nullable("x", DataType::Make(TypeKind::kNull));
  ForeignArray none(3, 3);
  none.Null();
  const Result<ArrayPtr> array = ImportArray(nothing, none.get());
  ASSERT_TRUE(array.has_value()) << array.status().ToString();
  EXPECT_EQ((*array)->null_count(), 3);

  ForeignArray two(3, 3);
  two.Null().Null();
  ForeignArray bits(3, 3);
  bits.Add<char>({0});
  for (ForeignArray* foreign : {&two, &bits}) {
    EXPECT_NE(ImportArray(nothing, foreign->get())
                  .status()
                  .message()
                  .find("expected 0 buffers, found"),
              std::string::npos);
  }
}

TEST(ImportArray, RefusesLengthsThatOverflow) {
  for (const TypePtr& type :
       {Int64(), DataType::FixedSizeBinary(INT32_MAX), DataType::Make(kString)}) {
    ForeignArray foreign((int64_t{1} << 62), 0);
    foreign.Null().Add<int64_t>({0, 0});
    if (type->kind() == kString) {
      foreign.Null();
    }
    EXPECT_EQ(ImportArray(Nullable("x", type), foreign.get()).status().code(),
              StatusCode::kInvalidArgument)
        << type->ToString();
  }
  ForeignArray items(3, 0);
  items.Null().Add<int8_t>({1, 2, 3});
  ForeignArray pairs(int64_t{1} << 62, 0);
  pairs.Null().Child(items);
  TypePtr type = DataType::FixedSizeList(Nullable("item", Int8()), 1 << 30);
  EXPECT_FALSE(ImportArray(Nullable("x", type), pairs.get()).has_value());
}

TEST(ImportArray, RefusesStringsWithoutBytes) {
  ForeignArray text(1, 0);
  text.Null().Add<int32_t>({0, 3}).Null();
  Status status =
      ImportArray(Nullable("x", DataType::Make(kString)), text.get()).status();
  EXPECT_NE(status.message().find("the bytes are missing"), std::string::npos);
}

TEST(ImportBatch, TakesOffsetsAndRefusesNullRows) {
  for (bool null_row : {false, true}) {
    ForeignArray numbers(3, 0);
    numbers.Null().Add<int8_t>({1, 2, 3});
    ForeignArray table(2, -1);
    table.Add<uint8_t>({static_cast<uint8_t>(null_row ? 0b011 : 0b110)}).Child(numbers);
    table.get()->offset = 1;
    auto schema = std::make_shared<const Schema>(std::vector{Nullable("a", Int8())});
    Result<Batch> batch = ImportBatch(schema, table.get());
    ASSERT_EQ(batch.has_value(), !null_row);
    if (!null_row) {
      EXPECT_EQ(batch->length, 2);
      EXPECT_EQ(batch->columns[0]->FormatValue(0), "2");
      EXPECT_TRUE(batch->Validate().ok());
    } else {
      EXPECT_EQ(table.releases(), 1);
    }
  }
  EXPECT_FALSE(ImportBatch(std::make_shared<const Schema>(), nullptr).has_value());
}

TEST(ImportBatch, KeepsTheLengthWithoutColumns) {
  ForeignArray table(7, 0);
  table.Null();
  Result<Batch> batch = ImportBatch(std::make_shared<const Schema>(), table.get());
  ASSERT_TRUE(batch.has_value()) << batch.status().ToString();
  EXPECT_EQ(batch->length, 7);
}

}  // namespace
}  // namespace lancer::test
