#include "lancer/tensor_slice.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/format/file_fixture.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::format {
namespace {

constexpr int kRows = 40;
constexpr int kOuter = 8;
constexpr int kInner = 100;  // values of an item of the first axis

Field TensorField(bool nullable) {
  const TypePtr type = DataType::FixedSizeList(
      test::Required("item", DataType::Make(TypeKind::kInt32)), kOuter * kInner);
  Field field = nullable ? test::Nullable("t", type) : test::Required("t", type);
  field.metadata = {{"ARROW:extension:name", "arrow.fixed_shape_tensor"},
                    {"ARROW:extension:metadata", "{\"shape\":[8,10,10]}"}};
  return field;
}

Batch Tensors(bool with_nulls, bool noise) {
  std::mt19937_64 random(1);
  test::Values<int32_t> values;
  for (int i = 0; i < kRows * kOuter * kInner; ++i) {
    values.push_back(noise ? static_cast<int32_t>(random()) : i / 50);
  }
  std::vector<bool> valid(kRows, true);
  if (with_nulls) {
    valid[3] = false;
  }
  const Field field = TensorField(with_nulls);
  return test::MakeBatch(
      {field}, {test::MakeFixedSizeListArray(field.type, kRows,
                                             test::MakeInt32Array(values), valid)});
}

ArrayPtr Expected(const Batch& batch, const TensorSlice& slice) {
  const int64_t first = static_cast<int64_t>(slice.row) * kOuter * kInner +
                        static_cast<int64_t>(slice.first) * kInner;
  return batch.columns[0]->child(0)->Slice(first,
                                           static_cast<int64_t>(slice.count) * kInner);
}

class TensorSlices : public testing::Test {
 protected:
  std::shared_ptr<const FileReader> Write(const Batch& batch, Profile profile) {
    const std::string path = "file " + std::to_string(files_++) + ".lancer";
    WriteFile(context_, path, {batch}, {.profile = profile});
    return OpenOrFail(context_, path, MapMode::kNever);
  }
  uint64_t BytesRead() const { return context_->counters->bytes_read; }

  ContextPtr context_ = MemoryContext();
  int files_ = 0;
};

TEST_F(TensorSlices, AreThePartsOfTheirTensorInEveryLayout) {
  for (const Profile profile : {Profile::kRandom, Profile::kCompact}) {
    for (const bool noise : {false, true}) {
      const Batch batch = Tensors(false, noise);
      const auto reader = Write(batch, profile);
      for (const TensorSlice slice :
           {TensorSlice{0, 0, 1}, TensorSlice{7, 2, 3}, TensorSlice{39, 0, 8},
            TensorSlice{39, 7, 1}, TensorSlice{5, 8, 0}, TensorSlice{7, 4, 2}}) {
        const auto taken = TakeTensorSlice(*reader, "t", slice);
        ASSERT_TRUE(taken.has_value()) << taken.status().ToString();
        ASSERT_TRUE((*taken)->Validate("t").ok());
        EXPECT_EQ((*taken)->length(), 1);
        EXPECT_TRUE((*taken)->child(0)->Equals(*Expected(batch, slice)));
      }
    }
  }
}

TEST_F(TensorSlices, OfNullTensorsAreNull) {
  for (const Profile profile : {Profile::kRandom, Profile::kCompact}) {
    const auto reader = Write(Tensors(true, true), profile);
    const auto null = TakeTensorSlice(*reader, "t", {3, 1, 2});
    ASSERT_TRUE(null.has_value()) << null.status().ToString();
    EXPECT_FALSE((*null)->IsValid(0));
    const auto valid = TakeTensorSlice(*reader, "t", {4, 1, 2});
    ASSERT_TRUE(valid.has_value());
    EXPECT_TRUE((*valid)->IsValid(0));
  }
}

TEST_F(TensorSlices, ReadTheirOwnBytesAloneOnceTheTensorIsVerified) {
  const auto reader = Write(Tensors(false, true), Profile::kRandom);
  ASSERT_TRUE(TakeTensorSlice(*reader, "t", {9, 0, 1}).has_value());
  const uint64_t before = BytesRead();
  ASSERT_TRUE(TakeTensorSlice(*reader, "t", {9, 2, 3}).has_value());
  EXPECT_EQ(BytesRead() - before, 3u * kInner * 4);
  const uint64_t first_touch = BytesRead();
  ASSERT_TRUE(TakeTensorSlice(*reader, "t", {10, 2, 3}).has_value());
  EXPECT_EQ(BytesRead() - first_touch, uint64_t{kOuter} * kInner * 4);
  const uint64_t unverified = BytesRead();
  ASSERT_TRUE(
      TakeTensorSlice(*reader, "t", {11, 5, 1}, {.verify = Verify::kNever}).has_value());
  EXPECT_EQ(BytesRead() - unverified, uint64_t{kInner} * 4);
}

TEST_F(TensorSlices, OfNestedListsGoByTheOuterOne) {
  const TypePtr inner = DataType::FixedSizeList(
      test::Required("item", DataType::Make(TypeKind::kInt32)), 2);
  const TypePtr outer = DataType::FixedSizeList(test::Required("item", inner), 3);
  const ArrayPtr items = test::MakeFixedSizeListArray(
      inner, 6, test::MakeInt32Array({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  const Batch batch = test::MakeBatch({test::Required("t", outer)},
                                      {test::MakeFixedSizeListArray(outer, 2, items)});
  const auto reader = Write(batch, Profile::kRandom);
  const auto taken = TakeTensorSlice(*reader, "t", {1, 1, 2});
  ASSERT_TRUE(taken.has_value()) << taken.status().ToString();
  EXPECT_TRUE((*taken)->child(0)->Equals(*items->Slice(4, 2)));
}

TEST_F(TensorSlices, WhatIsNotThereIsRefused) {
  const auto reader = Write(Tensors(false, true), Profile::kRandom);
  const auto code = [&](const std::string& column, TensorSlice slice) {
    return TakeTensorSlice(*reader, column, slice).status().code();
  };
  EXPECT_EQ(code("u", {0, 0, 1}), StatusCode::kNotFound);
  EXPECT_EQ(code("t", {kRows, 0, 1}), StatusCode::kInvalidArgument);
  EXPECT_EQ(code("t", {0, 8, 1}), StatusCode::kInvalidArgument);
  EXPECT_EQ(code("t", {0, 1, UINT64_MAX}), StatusCode::kInvalidArgument);
  const auto numbers = Write(NumberedRows(0, 3), Profile::kRandom);
  EXPECT_EQ(TakeTensorSlice(*numbers, "id", {0, 0, 1}).status().code(),
            StatusCode::kInvalidArgument);
}

TEST_F(TensorSlices, OfDamagedTensorsAreCorruption) {
  const Batch batch = Tensors(false, true);
  WriteFile(context_, "a.lancer", {batch});
  const auto sound = OpenOrFail(context_, "a.lancer", MapMode::kNever);
  const uint64_t at = sound->DescribeColumns()->front().pages.front().offset + 5;
  auto file = context_->file_system->OpenForRead("a.lancer", MapMode::kNever);
  std::vector<std::byte> bytes((*file)->size());
  ReadRange range{0, bytes};
  ASSERT_TRUE((*file)->ReadBatch(std::span(&range, 1)).ok());
  bytes[at] ^= std::byte{1};
  auto staged = context_->file_system->Stage(".", "b.tmp");
  ASSERT_TRUE((*staged)->Append(bytes).ok());
  ASSERT_TRUE((*staged)->Sync().ok());
  ASSERT_TRUE((*staged)->Publish("b.lancer").has_value());
  const auto reader = OpenOrFail(context_, "b.lancer", MapMode::kNever);
  EXPECT_EQ(TakeTensorSlice(*reader, "t", {0, 4, 1}).status().code(),
            StatusCode::kCorruption);
  EXPECT_TRUE(TakeTensorSlice(*reader, "t", {1, 4, 1}).has_value());
}

}  // namespace
}  // namespace lancer::format
