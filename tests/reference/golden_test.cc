// The committed golden files: this library reads them as they say, and makes them again
// byte for byte.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "format/block_statistics.h"
#include "format/leaf.h"
#include "lancer/dataset.h"
#include "lancer/file_reader.h"
#include "tests/reference/golden_corpus.h"
#include "tests/reference/golden_files.h"
#include "tests/support/test_context.h"

namespace lancer::golden {
namespace {

std::shared_ptr<const FileReader> OpenGolden(const std::string& name) {
  const auto test = test::MakeTestContext({.local_files = true});
  auto reader = FileReader::Open(kFolder + "/" + name + ".lancer", {}, test.context);
  EXPECT_TRUE(reader.has_value()) << reader.status().ToString();
  return reader ? *reader : nullptr;
}

TEST(Golden, ScansGiveTheExpectedRows) {
  for (const std::string& name : GoldenNames()) {
    SCOPED_TRACE(name);
    const auto reader = OpenGolden(name);
    ASSERT_NE(reader, nullptr);
    auto batches = ReadBatches(*reader);
    ASSERT_TRUE(batches.has_value()) << batches.error().ToString();
    EXPECT_TRUE(RowLines(*batches) == FileText(name + ".jsonl")) << "other rows";
  }
}

TEST(Golden, TakesGiveTheExpectedRows) {
  for (const std::string& name : GoldenNames()) {
    SCOPED_TRACE(name);
    const auto reader = OpenGolden(name);
    ASSERT_NE(reader, nullptr);
    std::vector<uint64_t> rows;
    for (uint64_t row = reader->row_count(); row-- > 0;) {
      rows.push_back(row);
    }
    auto batch = reader->Take(rows);
    ASSERT_TRUE(batch.has_value()) << batch.error().ToString();
    std::string reversed;
    for (int64_t row = batch->length; row-- > 0;) {
      reversed += RowLines({batch->Slice(row, 1)});
    }
    EXPECT_TRUE(reversed == FileText(name + ".jsonl")) << "other rows";
  }
}

TEST(Golden, VerifyFindsNothing) {
  for (const std::string& name : GoldenNames()) {
    SCOPED_TRACE(name);
    const auto reader = OpenGolden(name);
    ASSERT_NE(reader, nullptr);
    auto report = reader->Verify();
    ASSERT_TRUE(report.has_value()) << report.error().ToString();
    EXPECT_TRUE(report->faults.empty());
  }
}

// A change of the format, of what the writer chooses, or of its version needs new golden
// files (spec/golden/regenerate.sh), in the same commit.
TEST(Golden, TheCorpusIsMadeAgainByteForByte) {
  if (FileText("manifest.json").find(CodecVersions()) == std::string::npos) {
    GTEST_SKIP() << "made with other compressors than " << CodecVersions();
  }
  std::set<std::string> made;
  for (const GoldenFile& file : Corpus()) {
    SCOPED_TRACE(file.name);
    auto bytes = Encode(file);
    ASSERT_TRUE(bytes.has_value()) << bytes.error().ToString();
    const std::string committed = FileText(file.name + ".lancer");
    EXPECT_TRUE(std::ranges::equal(*bytes, std::as_bytes(std::span(committed))))
        << "other bytes";
    made.insert(file.name);
  }
  for (const std::string& name : GoldenNames()) {
    EXPECT_TRUE(made.contains(name)) << name << ".lancer is not of the corpus";
  }
}

TEST(Golden, TheDatasetGivesTheExpectedRows) {
  const auto test = test::MakeTestContext({.local_files = true});
  auto dataset = Dataset::Open(kFolder + "/dataset", {}, test.context);
  ASSERT_TRUE(dataset.has_value()) << dataset.error().ToString();
  auto batches = ReadBatches(**dataset);
  ASSERT_TRUE(batches.has_value()) << batches.error().ToString();
  EXPECT_EQ(RowLines(*batches), FileText("dataset.jsonl"));
}

TEST(Golden, TheDatasetIsMadeAgainByteForByte) {
  if (FileText("manifest.json").find(CodecVersions()) == std::string::npos) {
    GTEST_SKIP() << "made with other compressors than " << CodecVersions();
  }
  auto made = EncodeDataset(kDatasetRows, kDatasetRows / 2, kDatasetFragmentRows);
  ASSERT_TRUE(made.has_value()) << made.error().ToString();
  for (const auto& [name, bytes] : made->files) {
    const std::string committed = FileText("dataset/" + name);
    EXPECT_TRUE(std::ranges::equal(bytes, std::as_bytes(std::span(committed))))
        << name << ": other bytes";
  }
}

encoding::Bound BoundOf(const std::string& text) {
  encoding::Bound bound;
  std::ranges::copy(std::as_bytes(std::span(text)), bound.bytes.begin());
  bound.size = static_cast<uint8_t>(text.size());
  return bound;
}

TEST(SpecExample, BlockStatisticsAreTheBytesOfThePage) {
  encoding::Statistics words;
  words.type.kind = encoding::PhysicalKind::kBytes;
  words.null_count = 2;
  words.min = BoundOf("apple");
  words.max = BoundOf("bananas and more");
  encoding::Statistics nulls;
  nulls.type.kind = encoding::PhysicalKind::kBytes;
  nulls.null_count = 4;
  const auto bytes = format::SerializeBlockStatistics(
      {{format::StoredBounds(words), format::StoredBounds(nulls)}, {}});
  std::string hex;
  for (size_t i = 0; i < bytes.size(); ++i) {
    hex += fmt::format("{:02x}{}", std::to_integer<unsigned>(bytes[i]),
                       i % 16 == 15 || i + 1 == bytes.size() ? "\n" : " ");
  }
  EXPECT_EQ(hex, FileText("../examples/statistics_blocks.hex"));
}

// "signed of 4 bytes", as the table of types.md says it.
std::string StoredAs(const TypePtr& type) {
  const Field field = {.name = "x", .type = type};
  const format::LeafShape leaf = format::LeavesOf(field)[0];
  if (leaf.type.kind != encoding::PhysicalKind::kFixed) {
    return leaf.type.kind == encoding::PhysicalKind::kBits ? "bits" : "bytes";
  }
  constexpr const char* kNumbers[] = {"opaque", "unsigned", "signed", "float",
                                      "bfloat16"};
  return fmt::format("{} of {} byte{}", kNumbers[static_cast<int>(leaf.type.number)],
                     leaf.type.width, leaf.type.width == 1 ? "" : "s");
}

bool IsReserved(TypeKind kind) {
  using enum TypeKind;
  return kind >= kIntervalMonths && kind <= kIntervalMonthDayNano;
}

// A type of a kind that has neither children nor a width of its own; null for others.
TypePtr FlatType(TypeKind kind) {
  using enum TypeKind;
  if (kind == kDecimal32 || kind == kDecimal64 || kind == kDecimal128 ||
      kind == kDecimal256) {
    return *DataType::Make(kind, {.precision = 5, .scale = 1});
  }
  if (kind == kTime64) {
    return *DataType::Make(kind, {.unit = TimeUnit::kNano});
  }
  const bool flat = kind < kFixedSizeBinary && !IsReserved(kind);
  return flat ? DataType::Make(kind) : nullptr;
}

TEST(SpecTable, TypesAreNumberedNamedAndStoredAsThePageSays) {
  const std::string page = FileText("../../types.md");
  for (int number = 0; number <= 41; ++number) {
    const auto kind = static_cast<TypeKind>(number);
    std::string row = fmt::format("\n| {} | {} | ", number, TypeKindName(kind));
    const TypePtr type = FlatType(kind);
    row += type == nullptr ? "" : StoredAs(type) + " |";
    EXPECT_EQ(page.find(row) == std::string::npos, IsReserved(kind)) << row;
  }
}

}  // namespace
}  // namespace lancer::golden
