#include "types/batch_parts.h"

#include <gtest/gtest.h>

#include <numeric>

#include "tests/support/arrays/arrays.h"

namespace lancer::test {
namespace {

// Rows 0, 1, ... as `type`, whose memory is that of int32.
Batch Numbers(const TypePtr& type, int32_t rows) {
  std::vector<int32_t> numbers(static_cast<size_t>(rows));
  std::iota(numbers.begin(), numbers.end(), 0);
  ArrayPtr column = Array::Make({.type = DataType::Make(TypeKind::kInt32),
                                 .length = rows,
                                 .null_count = 0,
                                 .buffers = {nullptr, Buffer::Own(std::move(numbers))}});
  auto schema = std::make_shared<const Schema>(std::vector<Field>{Nullable("v", type)});
  return Batch{schema, rows, {column->WithType(type)}};
}

TypePtr ByteDictionary() {
  return DataType::Dictionary(DataType::Make(TypeKind::kInt8),
                              DataType::Make(TypeKind::kInt32));
}

// Gives `batch` in parts and puts them together again; the lengths of the parts.
std::vector<int64_t> ThereAndBack(const Batch& batch) {
  std::vector<int64_t> lengths;
  int64_t row = 0;
  for (BatchParts parts(batch); !parts.empty();) {
    ArrowArray exported{};
    Status status = parts.ExportNext(&exported);
    EXPECT_TRUE(status.ok()) << status.ToString();
    Result<Batch> part = ImportBatch(batch.schema, &exported);
    EXPECT_TRUE(part.has_value()) << part.status().ToString();
    if (!part.has_value()) {
      break;
    }
    EXPECT_TRUE(part->Equals(batch.Slice(row, part->length)));
    lengths.push_back(part->length);
    row += part->length;
  }
  EXPECT_EQ(row, batch.length);
  return lengths;
}

TEST(BatchParts, WhatFitsIsOnePart) {
  EXPECT_EQ(ThereAndBack(Numbers(ByteDictionary(), 128)), std::vector<int64_t>{128});
  EXPECT_EQ(ThereAndBack(Numbers(ByteDictionary(), 0)), std::vector<int64_t>{0});
}

TEST(BatchParts, CutsWhereIndicesDoNotReach) {
  EXPECT_EQ(ThereAndBack(Numbers(ByteDictionary(), 129)), (std::vector<int64_t>{64, 65}));
  EXPECT_EQ(ThereAndBack(Numbers(ByteDictionary(), 300)),
            (std::vector<int64_t>{75, 75, 75, 75}));
}

TEST(BatchParts, CutsWhereRunEndsDoNotReach) {
  TypePtr runs = *DataType::Make(
      TypeKind::kRunEndEncoded,
      {.children = {Required("run_ends", DataType::Make(TypeKind::kInt16)),
                    Nullable("values", DataType::Make(TypeKind::kInt32))}});
  EXPECT_EQ(ThereAndBack(Numbers(runs, 32767)), std::vector<int64_t>{32767});
  EXPECT_EQ(ThereAndBack(Numbers(runs, 65536)),
            (std::vector<int64_t>{16384, 16384, 16384, 16384}));
}

TEST(BatchParts, ARowThatDoesNotFitIsAnError) {
  Batch values = Numbers(ByteDictionary(), 300);
  TypePtr list = DataType::List(Nullable("item", ByteDictionary()));
  ArrayPtr column =
      Array::Make({.type = list,
                   .length = 2,
                   .null_count = 0,
                   .buffers = {nullptr, Buffer::Own(std::vector<int32_t>{0, 0, 300})},
                   .children = {values.columns[0]}});
  auto schema = std::make_shared<const Schema>(std::vector<Field>{Nullable("v", list)});
  BatchParts parts(Batch{schema, 2, {column}});
  ArrowArray exported{};
  ASSERT_TRUE(parts.ExportNext(&exported).ok());
  EXPECT_EQ(exported.length, 1);
  exported.release(&exported);
  Status status = parts.ExportNext(&exported);
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
  EXPECT_NE(status.ToString().find("field v: field item: 300 distinct values do not fit"),
            std::string::npos)
      << status.ToString();
  EXPECT_TRUE(parts.empty());
}

}  // namespace
}  // namespace lancer::test
