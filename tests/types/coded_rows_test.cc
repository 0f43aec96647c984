#include "types/coded_rows.h"

#include <gtest/gtest.h>

#include <thread>

#include "lancer/arrow_bridge.h"
#include "tests/support/arrays/arrays.h"
#include "types/gather.h"

namespace lancer {
namespace {

using test::MakeStringArray;

TypePtr Words(TypeKind index = TypeKind::kInt32) {
  return DataType::Dictionary(DataType::Make(index), DataType::Make(TypeKind::kString));
}

// "b", null, "a", "b" of the values "a", "b", "c".
ArrayPtr Coded(TypePtr type = Words()) {
  Result<ArrayPtr> array = MakeCodedArray(
      std::move(type), 1, test::MakeValidity({true, false, true, true}),
      Buffer::Own(std::vector<uint32_t>{1, 1, 0, 1}), MakeStringArray({"a", "b", "c"}));
  EXPECT_TRUE(array.has_value()) << array.error().ToString();
  return *array;
}

TEST(CodedRows, AreTheirValuesToThoseWhoLook) {
  const ArrayPtr array = Coded();
  const ArrayPtr plain =
      MakeStringArray({"b", std::nullopt, "a", "b"})->WithType(Words());
  EXPECT_TRUE(array->Validate("x", true).ok());
  EXPECT_TRUE(array->Equals(*plain));
  EXPECT_TRUE(plain->Equals(*array));
  EXPECT_EQ(array->buffer_count(), 3U);
  EXPECT_EQ(array->FormatValue(0), "\"b\"");
  EXPECT_EQ(array->FormatValue(1), "null");
  EXPECT_TRUE(array->Slice(1, 3)->Equals(*plain->Slice(1, 3)));
  EXPECT_EQ(array->Slice(2, 2)->byte_size(), plain->Slice(2, 2)->byte_size());
  const TypePtr text = DataType::Make(TypeKind::kString);
  EXPECT_TRUE(array->WithType(text)->Equals(*plain->WithType(text)));
  const auto joined = Concatenate(Words(), std::vector{array->Slice(2, 2), array});
  ASSERT_TRUE(joined.has_value());
  EXPECT_TRUE((*joined)->Slice(2, 4)->Equals(*plain));
}

TEST(CodedRows, StayCodesWhenRowsArePicked) {
  const ArrayPtr array = Coded()->Slice(1, 3);
  const std::vector<int64_t> rows = {2, kNullRow, 0, 1};
  const auto picked = Gather(*array, rows);
  ASSERT_TRUE(picked.has_value()) << picked.error().ToString();
  ASSERT_NE((*picked)->coded(), nullptr);
  EXPECT_EQ((*picked)->coded()->values(), array->coded()->values());
  EXPECT_TRUE((*picked)->Equals(
      *MakeStringArray({"b", std::nullopt, std::nullopt, "a"})->WithType(Words())));
}

TEST(CodedRows, DecodeOnceForAllThreads) {
  const ArrayPtr array = Coded();
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { EXPECT_EQ(array->value_offset(4), 4); });
  }
  threads.clear();
  EXPECT_EQ(array->buffer(2), array->Slice(1, 1)->buffer(2));
}

TEST(CodedRows, CodesWithoutAValueAreRefused) {
  const auto array =
      MakeCodedArray(Words(), 0, nullptr, Buffer::Own(std::vector<uint32_t>{0, 3}),
                     MakeStringArray({"a", "b", "c"}));
  EXPECT_EQ(array.status().code(), StatusCode::kCorruption);
  EXPECT_EQ(array.status().message(), "code 3 of 3 distinct values");
}

TEST(CodedRows, MoreBytesThanOffsetsReachAreRefused) {
  const auto rows = CodedRows::Make(Buffer::Own(std::vector<uint32_t>(3000, 0)),
                                    MakeStringArray({std::string(1 << 20, 'x')}));
  EXPECT_EQ(rows.status().code(), StatusCode::kResourceExhausted);
}

TEST(CodedRows, TypesOfFlatValuesMayBeCoded) {
  const TypePtr index = DataType::Make(TypeKind::kInt8);
  const auto may = [&](TypePtr values) {
    return MayBeCoded(*DataType::Dictionary(index, std::move(values)));
  };
  EXPECT_TRUE(may(DataType::Make(TypeKind::kInt64)));
  EXPECT_TRUE(may(DataType::Make(TypeKind::kStringView)));
  EXPECT_TRUE(may(DataType::Decimal128(5, 2)));
  EXPECT_FALSE(may(DataType::Make(TypeKind::kBool)));
  EXPECT_FALSE(may(DataType::Make(TypeKind::kNull)));
  EXPECT_FALSE(may(Words()));
  EXPECT_FALSE(may(DataType::List(test::Nullable("item", index))));
  EXPECT_FALSE(MayBeCoded(*index));
}

// Exports and gives what a consumer sees of it.
struct Exported {
  explicit Exported(const ArrayPtr& array) {
    EXPECT_TRUE(ExportArray(array, &foreign).ok());
  }
  ~Exported() { foreign.release(&foreign); }
  Exported(const Exported&) = delete;
  Exported& operator=(const Exported&) = delete;
  ArrowArray foreign;
};

TEST(CodedRows, GoOutWithoutBeingDecoded) {
  const ArrayPtr array = Coded();
  const Exported out(array->Slice(1, 3));
  EXPECT_EQ(out.foreign.offset, 1);
  EXPECT_EQ(out.foreign.length, 3);
  EXPECT_EQ(out.foreign.null_count, 1);
  EXPECT_EQ(out.foreign.buffers[1], array->coded()->codes()->data());
  ASSERT_NE(out.foreign.dictionary, nullptr);
  EXPECT_EQ(out.foreign.dictionary->length, 3);  // "c" too, which no row has
  EXPECT_EQ(out.foreign.dictionary->buffers[2],
            array->coded()->values()->buffer(2)->data());
}

TEST(CodedRows, GoOutInTheDeclaredIndexType) {
  const Exported out(Coded(Words(TypeKind::kUInt8)));
  const auto* indexes = static_cast<const uint8_t*>(out.foreign.buffers[1]);
  EXPECT_EQ(std::vector<uint8_t>(indexes, indexes + 4),
            (std::vector<uint8_t>{1, 1, 0, 1}));
  EXPECT_EQ(out.foreign.dictionary->length, 3);
}

// 300 values, of which the rows have two: an int8 reaches those.
TEST(CodedRows, GoOutWithTheValuesInUseWhereTheIndexTypeReachesNoMore) {
  test::Values<int64_t> many;
  for (int64_t i = 0; i < 300; ++i) {
    many.push_back(i);
  }
  const TypePtr type = DataType::Dictionary(DataType::Make(TypeKind::kInt8),
                                            DataType::Make(TypeKind::kInt64));
  const auto array =
      MakeCodedArray(type, 0, nullptr, Buffer::Own(std::vector<uint32_t>{299, 7, 299}),
                     test::MakeInt64Array(many));
  ASSERT_TRUE(array.has_value());
  const Exported out(*array);
  EXPECT_EQ(out.foreign.dictionary->length, 2);
}

}  // namespace
}  // namespace lancer
