#include "format/verify.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <regex>

#include "format/block_statistics.h"
#include "format/leaf_writer.h"
#include "tests/format/container_fixture.h"
#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

void PutFile(const ContextPtr& context, const std::string& path,
             std::span<const std::byte> bytes) {
  ASSERT_TRUE(context->file_system->Overwrite(path, bytes).ok());
}

Result<VerifyReport> VerifyPath(const ContextPtr& context, const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const FileReader> reader,
                          FileReader::Open(path, {.map = MapMode::kNever}, context));
  return reader->Verify();
}

TEST(Verify, ASoundFileHasNoFaultsAndAllItsBytesAreRead) {
  ContextPtr context = MemoryContext(2);
  WriteFile(context, "a.lancer", {NumberedRows(0, 20000)}, {.page_bytes = 64 << 10});
  auto report = VerifyPath(context, "a.lancer");
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  EXPECT_TRUE(report->faults.empty()) << report->faults[0].ToString();
  EXPECT_EQ(report->bytes, BytesOfFile(context, "a.lancer").size());
  EXPECT_GT(report->units, 10U);
}

TEST(Verify, FindsEveryFlippedBit) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 300)});
  std::vector<std::byte> sound = BytesOfFile(context, "a.lancer");
  for (size_t i = 0; i < sound.size() * 8; ++i) {
    std::vector<std::byte> damaged = sound;
    damaged[i / 8] ^= std::byte{1} << (i % 8);
    PutFile(context, "b.lancer", damaged);
    auto report = VerifyPath(context, "b.lancer");
    ASSERT_TRUE(!report.has_value() || !report->faults.empty()) << "bit " << i;
    if (report) {
      ASSERT_NE(report->faults[0].message().find("b.lancer"), std::string_view::npos);
    }
  }
}

TEST(Verify, FindsEveryTruncation) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 50)});
  std::vector<std::byte> sound = BytesOfFile(context, "a.lancer");
  for (size_t size = 0; size < sound.size(); ++size) {
    PutFile(context, "b.lancer", std::span(sound).first(size));
    Status status = VerifyPath(context, "b.lancer").status();
    ASSERT_FALSE(status.ok()) << size;
    ASSERT_NE(status.message().find("b.lancer"), std::string_view::npos);
  }
}

// What the writer of a file states, and what it may lie about.
using Lie = std::function<void(ColumnMeta*, PagesOfBounds*)>;

// A file of one column that is sound but for what `lie` changes.
std::vector<std::byte> WriteLying(const ArrayPtr& values, const Lie& lie) {
  Field field{.name = "x", .type = values->type(), .id = FieldId(0)};
  BytesStage stage;
  auto file = *ContainerWriter::Begin(&stage, FileKind::kData);
  LeafWriter leaf(LeavesOf(field)[0], {.page_rows = 8192}, 1 << 20);
  for (int64_t row = 0; row < values->length(); row += 8192) {
    int64_t rows = std::min<int64_t>(8192, values->length() - row);
    LeafBuffer* buffer = leaf.buffer();
    EXPECT_TRUE(Shred(field, values, row, rows, std::span(&buffer, 1)).ok());
    leaf.CutLastPage();
  }
  EXPECT_TRUE(leaf.EncodePages().ok());
  EXPECT_TRUE(leaf.WritePages(file.get()).ok());
  EXPECT_TRUE(leaf.Finish(file.get()).ok());
  ColumnMeta meta = leaf.meta();
  PagesOfBounds blocks(meta.pages.size());
  if (!meta.block_statistics.empty()) {
    blocks = *ParseBlockStatistics(
        std::span(stage.bytes)
            .subspan(meta.block_statistics.offset, meta.block_statistics.size),
        meta.pages.size(), "x");
  }
  lie(&meta, &blocks);
  if (!meta.block_statistics.empty()) {
    // The section that is replaced becomes padding.
    std::fill_n(stage.bytes.begin() + static_cast<int64_t>(meta.block_statistics.offset),
                meta.block_statistics.size, std::byte{0});
    meta.block_statistics = *file->AppendChecked(SerializeBlockStatistics(blocks), 8);
  }
  EXPECT_TRUE(file->AddColumn(meta).ok());
  EXPECT_TRUE(
      file->Finish(Schema({field}), static_cast<uint64_t>(values->length())).has_value());
  return std::move(stage.bytes);
}

Result<VerifyReport> VerifyLying(const ArrayPtr& values, const Lie& lie,
                                 const VerifyOptions& options = {}) {
  ContextPtr context = MemoryContext();
  PutFile(context, "lies.lancer", WriteLying(values, lie));
  LANCER_ASSIGN_OR_RETURN(auto reader, FileReader::Open("lies.lancer", {}, context));
  return reader->Verify(options);
}

// Numbers without a pattern, in two pages of some blocks; every seventh is null.
ArrayPtr ScatteredNumbers() {
  std::vector<int64_t> values;
  std::vector<std::byte> valid(2048, std::byte{0xFF});
  for (int64_t i = 0; i < 16384; ++i) {
    values.push_back(i % 7 == 0 ? 0 : i * 2654435761 % 1000003 - 500000);
    if (i % 7 == 0) {
      valid[static_cast<size_t>(i / 8)] &= ~(std::byte{1} << (i % 8));
    }
  }
  return Array::Make(
      {.type = DataType::Make(TypeKind::kInt64),
       .length = 16384,
       .null_count = 2341,
       .buffers = {Buffer::Own(std::move(valid)), Buffer::Own(std::move(values))},
       .children = {}});
}

// The bound of an int64.
encoding::Bound Int64Bound(int64_t value) {
  encoding::Bound bound;
  bound.size = 8;
  std::memcpy(bound.bytes.data(), &value, 8);
  return bound;
}

TEST(Verify, AWriterThatStatesTheTruthHasNoFaults) {
  bool blocks_have_bounds = false;
  auto report = VerifyLying(ScatteredNumbers(), [&](ColumnMeta*, PagesOfBounds* blocks) {
    blocks_have_bounds = (*blocks)[0].size() > 1 && (*blocks)[1].size() > 1;
  });
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  EXPECT_TRUE(report->faults.empty()) << report->faults[0].ToString();
  EXPECT_TRUE(blocks_have_bounds);
}

TEST(Verify, FindsStatisticsThatAreNotThoseOfTheValues) {
  struct Case {
    const char* message;
    Lie lie;
  };
  const std::vector<Case> cases = {
      {"page 1 at [0-9]+: minimum stored -600000, computed -",
       [](ColumnMeta* meta, PagesOfBounds*) {
         meta->pages[1].statistics.min = Int64Bound(-600000);
       }},
      {"page 0 at [0-9]+: minimum stored 1, computed -",
       [](ColumnMeta* meta, PagesOfBounds*) {
         meta->pages[0].statistics.min = Int64Bound(1);
       }},
      {"page 0 at [0-9]+: maximum stored 7, computed ",
       [](ColumnMeta* meta, PagesOfBounds*) {
         meta->pages[0].statistics.max = Int64Bound(7);
       }},
      {"page 1 at [0-9]+: maximum stored .*computed ",
       [](ColumnMeta* meta, PagesOfBounds*) {
         meta->pages[1].statistics.max->exact = false;
       }},
      {"page 1 at [0-9]+: null count stored 4, computed 11",
       [](ColumnMeta* meta, PagesOfBounds*) {
         meta->pages[1].statistics.null_count = 4;
       }},
      {"page 0 at [0-9]+: block 1: statistics stored .*, computed ",
       [](ColumnMeta*, PagesOfBounds* blocks) { (*blocks)[0][1].min = Int64Bound(3); }},
      {"page 1 at [0-9]+: block 0: statistics stored .*, computed ",
       [](ColumnMeta*, PagesOfBounds* blocks) { (*blocks)[1][0].max.reset(); }},
      {"page 1 at [0-9]+: block 0: statistics stored .* 999 nulls, computed ",
       [](ColumnMeta*, PagesOfBounds* blocks) { (*blocks)[1][0].null_count = 999; }},
      {"page 1: block statistics for [0-9]+ blocks, the page has",
       [](ColumnMeta*, PagesOfBounds* blocks) { (*blocks)[1].pop_back(); }},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.message);
    auto report = VerifyLying(ScatteredNumbers(), c.lie);
    ASSERT_TRUE(report.has_value()) << report.error().ToString();
    ASSERT_EQ(report->faults.size(), 1U);
    EXPECT_EQ(report->faults[0].code(), StatusCode::kCorruption);
    std::string text(report->faults[0].message());
    EXPECT_TRUE(std::regex_search(text, std::regex(c.message))) << text;
  }
}

TEST(Verify, FindsAWrongCountOfNans) {
  std::vector<double> values(1000, 1.5);
  values[10] = std::numeric_limits<double>::quiet_NaN();
  ArrayPtr floats = Array::Make({.type = DataType::Make(TypeKind::kFloat64),
                                 .length = 1000,
                                 .null_count = 0,
                                 .buffers = {nullptr, Buffer::Own(std::move(values))},
                                 .children = {}});
  auto report = VerifyLying(floats, [](ColumnMeta* meta, PagesOfBounds*) {
    meta->pages[0].statistics.nan_count = 0;
  });
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  ASSERT_EQ(report->faults.size(), 1U);
  EXPECT_NE(report->faults[0].message().find("NaN count stored 0, computed 1"),
            std::string::npos)
      << report->faults[0].ToString();
}

TEST(Verify, LeavesStatisticsAloneWhenAskedTo) {
  auto report = VerifyLying(ScatteredNumbers(),
                            [](ColumnMeta* meta, PagesOfBounds* blocks) {
                              meta->pages[0].statistics.null_count = 4;
                              (*blocks)[1][0].min.reset();
                            },
                            {.statistics = false});
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  EXPECT_TRUE(report->faults.empty()) << report->faults[0].ToString();
}

TEST(Verify, CutBoundsThatEqualAWholeValueAreSound) {
  // The least value of the page is a prefix of many others: parts of the page have the
  // same bound, cut.
  std::vector<std::string> texts;
  for (int i = 0; i < 8000; ++i) {
    texts.push_back(std::string(32, 'p') + std::to_string(i * 7919 % 100000));
  }
  texts.back() = std::string(32, 'p');
  texts.push_back(std::string(31, 'p') + "q");  // what a cut maximum is rounded up to
  auto report = VerifyLying(Strings(texts), [](ColumnMeta* meta, PagesOfBounds*) {
    EXPECT_TRUE(meta->pages[0].statistics.min->exact);
    EXPECT_TRUE(meta->pages[0].statistics.max->exact);
  });
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  EXPECT_TRUE(report->faults.empty()) << report->faults[0].ToString();
}

// A file of one row: a list of 2^31 - 1 equal numbers, which takes no room in the file.
void PutHugeRow(const ContextPtr& context) {
  Field item{.name = "item", .type = DataType::Make(TypeKind::kInt64), .nullable = false};
  Schema schema = Schema({{.name = "x",
                           .type = DataType::FixedSizeList(item, INT32_MAX),
                           .nullable = false}});
  int32_t next = 0;
  schema = schema.WithFieldIds(&next);
  BytesStage stage;
  auto file = *ContainerWriter::Begin(&stage, FileKind::kData);
  // No nulls at two levels, a stream of 8 bytes, the number 1.
  std::vector<std::byte> index(28);
  index[16] = std::byte{8};
  index[20] = std::byte{1};
  LeafShape shape = LeavesOf(schema.field(0))[0];
  ColumnMeta meta = PlainColumn(shape, {}, 0);
  meta.rows = 1;
  meta.tree_sets = {{encoding::EncodingTree{{{.id = encoding::EncodingId::kConstant}}}}};
  meta.pages = {{.rows = 1, .values = INT32_MAX, .offset = 64, .index = {}}};
  meta.pages[0].index = *file->AppendChecked(index, 8);
  meta.pages[0].offset = meta.pages[0].index.offset;
  ASSERT_TRUE(file->AddColumn(meta).ok());
  auto written = file->Finish(schema, 1);
  ASSERT_TRUE(written.has_value()) << written.error().ToString();
  PutFile(context, "huge.lancer", stage.bytes);
}

TEST(Verify, RefusesARowThatMemoryCannotHold) {
  ContextPtr context = MemoryContext();
  PutHugeRow(context);
  Status status = VerifyPath(context, "huge.lancer").status();
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted) << status.ToString();
}

TEST(Verify, TakesAndScansOfSuchARowNameTheBudget) {
  ContextPtr context = MemoryContext();
  PutHugeRow(context);
  auto reader = OpenOrFail(context, "huge.lancer");
  ASSERT_NE(reader, nullptr);
  uint64_t row = 0;
  Status taken = reader->Take(std::span(&row, 1)).status();
  EXPECT_EQ(taken.code(), StatusCode::kResourceExhausted);
  EXPECT_NE(taken.message().find(
                "taking 1 rows needs at least 17179869176 bytes with 0 of 4294967296"),
            std::string::npos)
      << taken.ToString();
  auto scan = reader->Scan();
  ASSERT_TRUE(scan.has_value()) << scan.error().ToString();
  Status scanned = (*scan)->Next().status();
  EXPECT_EQ(scanned.code(), StatusCode::kResourceExhausted);
  EXPECT_NE(scanned.message().find("huge.lancer: row 0 does not fit"), std::string::npos)
      << scanned.ToString();
}

}  // namespace
}  // namespace lancer::format
