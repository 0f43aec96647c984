// Tensors in files: what the profiles make of them, and what one of them costs to read.
#include <gtest/gtest.h>

#include <random>

#include "tests/format/file_fixture.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::format {
namespace {

constexpr int kSide = 40;
constexpr int kFrames = 50;

Field TensorField(const std::string& shape, int size) {
  Field field = test::Required(
      "t", DataType::FixedSizeList(
               test::Required("item", DataType::Make(TypeKind::kUInt8)), size));
  field.metadata = {{"ARROW:extension:name", "arrow.fixed_shape_tensor"},
                    {"ARROW:extension:metadata", "{\"shape\":[" + shape + "]}"}};
  return field;
}

Batch OneColumn(const Field& field, int64_t rows, const test::Values<uint8_t>& values) {
  return test::MakeBatch(
      {field},
      {test::MakeFixedSizeListArray(
          field.type, rows,
          test::MakeFixedArray<uint8_t>(DataType::Make(TypeKind::kUInt8), values))});
}

// One picture of noise, again and again, with a line that moves.
Batch Frames() {
  std::mt19937_64 random(1);
  test::Values<uint8_t> picture;
  for (int i = 0; i < kSide * kSide * 3; ++i) {
    picture.push_back(static_cast<uint8_t>(random()));
  }
  test::Values<uint8_t> values;
  for (int frame = 0; frame < kFrames; ++frame) {
    for (size_t i = 0; i < picture.size(); ++i) {
      const bool line = static_cast<int>(i) / (kSide * 3) == frame % kSide;
      values.push_back(line ? uint8_t{7} : picture[i]);
    }
  }
  return OneColumn(TensorField("40,40,3", kSide * kSide * 3), kFrames, values);
}

// A smooth slope with noise of its own in each picture; channels are nearly alike.
Batch Pictures() {
  std::mt19937_64 random(1);
  test::Values<uint8_t> values;
  for (int picture = 0; picture < kFrames; ++picture) {
    const auto base = static_cast<unsigned>(random() % 100);
    for (int pixel = 0; pixel < kSide * kSide; ++pixel) {
      const auto light = base + static_cast<unsigned>(pixel / kSide + pixel % kSide) +
                         static_cast<unsigned>(random() % 16);
      for (unsigned channel = 0; channel < 3; ++channel) {
        values.push_back(static_cast<uint8_t>(light + 3 * channel));
      }
    }
  }
  return OneColumn(TensorField("40,40,3", kSide * kSide * 3), kFrames, values);
}

PageInfo FirstPage(const FileReader& reader) {
  return reader.DescribeColumns()->front().pages.front();
}

TEST(Tensors, FramesOfOneCameraAreDifferencesInGroupsOfSixteen) {
  const ContextPtr context = MemoryContext();
  const Batch frames = Frames();
  WriteFile(context, "a.lancer", {frames}, {.profile = Profile::kCompact});
  const auto reader = OpenOrFail(context, "a.lancer", MapMode::kNever);
  const PageInfo page = FirstPage(*reader);
  EXPECT_EQ(page.layout, "blocks");
  EXPECT_EQ(page.encoding, "zstd:3(predict)");
  EXPECT_EQ(page.block_rows, 16u);
  EXPECT_LT(page.size_bytes * 7, uint64_t{kFrames} * kSide * kSide * 3);
  const uint64_t rows[] = {37, 3};
  const auto taken = reader->Take(rows);
  ASSERT_TRUE(taken.has_value()) << taken.status().ToString();
  EXPECT_TRUE(taken->columns[0]->Slice(0, 1)->Equals(*frames.columns[0]->Slice(37, 1)));
  EXPECT_TRUE(taken->columns[0]->Slice(1, 1)->Equals(*frames.columns[0]->Slice(3, 1)));
}

TEST(Tensors, PicturesArePredictedFromTheirNeighbours) {
  const ContextPtr context = MemoryContext();
  const Batch pictures = Pictures();
  WriteFile(context, "a.lancer", {pictures}, {.profile = Profile::kCompact});
  const auto reader = OpenOrFail(context, "a.lancer", MapMode::kNever);
  EXPECT_EQ(FirstPage(*reader).encoding, "zstd:few_matches(predict:pictures)");
  EXPECT_LE(FirstPage(*reader).block_rows * kSide * kSide * 3, 64u << 10);
  const auto scanned = ReadAll(reader->Scan()->get());
  ASSERT_TRUE(scanned.has_value()) << scanned.status().ToString();
  EXPECT_TRUE(scanned->columns[0]->Equals(*pictures.columns[0]));
}

TEST(Tensors, OneOfThemCostsOneReadOfItsGroup) {
  const ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {Frames()}, {.profile = Profile::kCompact});
  const auto reader = OpenOrFail(context, "a.lancer", MapMode::kNever);
  const uint64_t first[] = {1};
  ASSERT_TRUE(reader->Take(first).has_value());  // metadata and page index
  const uint64_t size = FirstPage(*reader).size_bytes;
  const uint64_t requests = context->counters->requests;
  const uint64_t bytes = context->counters->bytes_read;
  const uint64_t row[] = {20};
  ASSERT_TRUE(reader->Take(row).has_value());
  EXPECT_EQ(context->counters->requests - requests, 1u);
  EXPECT_LT(context->counters->bytes_read - bytes, size / 2);
}

TEST(Tensors, InTheRandomProfileTheyStayInPlace) {
  const ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {Pictures()});
  const auto reader = OpenOrFail(context, "a.lancer", MapMode::kNever);
  EXPECT_EQ(FirstPage(*reader).layout, "uniform");
}

TEST(Tensors, WhatHardlyShrinksStaysPlain) {
  const ContextPtr context = MemoryContext();
  std::mt19937_64 random(1);
  test::Values<uint8_t> values;
  for (int i = 0; i < 100 * 2000; ++i) {
    values.push_back(static_cast<uint8_t>(random() % 240));  // 7.9 bits
  }
  WriteFile(context, "a.lancer", {OneColumn(TensorField("2000", 2000), 100, values)},
            {.profile = Profile::kCompact});
  const auto reader = OpenOrFail(context, "a.lancer", MapMode::kNever);
  EXPECT_EQ(FirstPage(*reader).encoding, "plain");
}

}  // namespace
}  // namespace lancer::format
