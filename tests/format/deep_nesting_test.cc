// Lists, structs and maps in one another, eight levels deep, with nulls at each level.
#include <gtest/gtest.h>

#include "lancer/arrow_bridge.h"
#include "tests/format/file_fixture.h"
#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"
#include "tests/support/soak.h"

namespace lancer::format {
namespace {

using enum TypeKind;
using test::Nullable;
using test::Required;

// A field with exactly `depth` levels above its deepest leaf.
Field DeepField(std::mt19937_64& rng, int depth) {
  if (depth == 0) {
    return test::RandomField(rng, 0);
  }
  Field below = DeepField(rng, depth - 1);
  below.name = "below";
  DataType::Parameters parameters;
  constexpr TypeKind kKinds[] = {kStruct,        kList, kStruct, kLargeList,
                                 kFixedSizeList, kMap,  kList,   kListView};
  const TypeKind kind = kKinds[rng() % std::size(kKinds)];
  parameters.list_size = kind == kFixedSizeList ? 2 : 0;
  if (kind == kStruct) {
    Field beside = test::RandomField(rng, 0);
    beside.name = "beside";
    parameters.children = {below, beside};
  } else if (kind == kMap) {
    const TypePtr entries =
        DataType::Struct({Required("key", DataType::Make(kInt32)), below});
    parameters.children = {Required("entries", entries)};
  } else {
    parameters.children = {below};
  }
  return {
      .name = "x", .type = *DataType::Make(kind, parameters), .nullable = rng() % 4 != 0};
}

void RoundTrip(const Batch& batch, WriterOptions options) {
  const ContextPtr context = MemoryContext();
  ASSERT_NO_FATAL_FAILURE(WriteFile(context, "a.lancer", {batch}, std::move(options)));
  const auto reader = OpenOrFail(context, "a.lancer");
  ASSERT_NE(reader, nullptr);
  auto scan = reader->Scan({.batch_rows = 17});
  ASSERT_TRUE(scan.has_value()) << scan.error().ToString();
  const auto all = ReadAll(scan->get());
  ASSERT_TRUE(all.has_value()) << all.error().ToString();
  ASSERT_TRUE(all->Equals(batch));
  std::vector<uint64_t> rows;
  for (int64_t row = batch.length; row-- > 0;) {
    rows.push_back(static_cast<uint64_t>(row));
  }
  const auto taken = reader->Take(rows);
  ASSERT_TRUE(taken.has_value()) << taken.error().ToString();
  for (int64_t row = 0; row < batch.length; ++row) {
    ASSERT_TRUE(taken->Slice(row, 1).Equals(batch.Slice(batch.length - 1 - row, 1)));
  }
  const auto report = reader->Verify();
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  EXPECT_TRUE(report->faults.empty());
}

TEST(DeepNesting, EightLevelsComeBackByEveryPolicy) {
  for (uint64_t seed = 0; seed < 40 * test::SoakFactor(); ++seed) {
    std::mt19937_64 rng(seed);
    const auto schema = std::make_shared<const Schema>(std::vector{DeepField(rng, 8)});
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + schema->ToString());
    ASSERT_TRUE(schema->Validate().ok());
    const Batch batch = test::RandomBatch(schema, 60, rng, {.max_list_length = 3});
    ASSERT_NO_FATAL_FAILURE(RoundTrip(batch, {.random_encodings = seed % 2 == 0}));
    ASSERT_NO_FATAL_FAILURE(RoundTrip(batch, {.profile = Profile::kCompact}));
  }
}

TEST(DeepNesting, EightLevelsGoThroughArrow) {
  for (uint64_t seed = 0; seed < 40 * test::SoakFactor(); ++seed) {
    std::mt19937_64 rng(seed);
    const Field field = DeepField(rng, 8);
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + field.type->ToString());
    const ArrayPtr array = test::RandomArray(field, 40, rng, {.max_list_length = 3});
    ArrowSchema type;
    ArrowArray foreign;
    ASSERT_TRUE(ExportField(field, &type).ok());
    ASSERT_TRUE(ExportArray(array, &foreign).ok());
    const auto declared = ImportField(&type);
    ASSERT_TRUE(declared.has_value());
    EXPECT_TRUE(declared->Equals(field));
    const auto back = ImportArray(*declared, &foreign);
    ASSERT_TRUE(back.has_value()) << back.error().ToString();
    EXPECT_TRUE((*back)->Equals(*array));
  }
}

TEST(DeepNesting, BeyondTheLimitIsRefusedByPath) {
  Field field = Nullable("leaf", DataType::Make(kInt8));
  for (int depth = 0; depth < 70; ++depth) {
    field =
        Nullable("a", depth % 2 == 0 ? DataType::List(field) : DataType::Struct({field}));
  }
  const auto writer =
      FileWriter::Create("a.lancer", Schema({field}), {}, MemoryContext());
  EXPECT_EQ(writer.status().code(), StatusCode::kUnsupported);
  EXPECT_TRUE(writer.status().message().starts_with("field a.a.a.a.a."))
      << writer.status().ToString();
  EXPECT_TRUE(writer.status().message().ends_with(": nested deeper than 64 levels"))
      << writer.status().ToString();
}

}  // namespace
}  // namespace lancer::format
