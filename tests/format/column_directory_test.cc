#include "format/column_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/format/container_fixture.h"
#include "tests/format/hex_example.h"

namespace lancer::format {
namespace {

using ::testing::HasSubstr;

constexpr DirectoryRecord kSample{.meta_offset = 4160,
                                  .meta_size = 312,
                                  .flags = 0,
                                  .first_page_offset = 64,
                                  .meta_check = 0x1122334455667788};

TEST(ColumnDirectory, HasTheBytesOfTheSpecification) {
  std::vector<std::byte> bytes;
  AppendDirectoryRecord(kSample, &bytes);
  EXPECT_EQ(HexLines(bytes), HexExample("container_directory_record"));
}

TEST(ColumnDirectory, RoundTrips) {
  std::vector<std::byte> bytes;
  AppendDirectoryRecord(kSample, &bytes);
  ASSERT_EQ(bytes.size(), kDirectoryRecordSize);
  DirectoryRecord record = ParseDirectoryRecord(bytes);
  EXPECT_EQ(record.meta_offset, kSample.meta_offset);
  EXPECT_EQ(record.meta_size, kSample.meta_size);
  EXPECT_EQ(record.first_page_offset, kSample.first_page_offset);
  EXPECT_EQ(record.meta_check, kSample.meta_check);
}

// A file of records at 0 whose metadata lies at `meta_offset`.
Result<DirectoryRecord> ReadFrom(uint64_t meta_offset, uint32_t meta_size,
                                 uint32_t leaf) {
  std::vector<std::byte> bytes;
  for (uint32_t i = 0; i < 300; ++i) {
    AppendDirectoryRecord(
        {.meta_offset = meta_offset, .meta_size = meta_size, .first_page_offset = i},
        &bytes);
  }
  std::vector<std::byte> checks;
  AppendUnitChecks(bytes, &checks);
  UnitTable table({.offset = 0, .size = bytes.size(), .check = 0}, checks,
                  "a.lancer: column directory at 0");
  FileBytes file(std::make_shared<BytesFile>(bytes, false));
  return ReadDirectoryRecord(table, file, 300, LeafId(leaf));
}

TEST(ColumnDirectory, ReadsAnyRecord) {
  for (uint32_t leaf : {0u, 127u, 128u, 299u}) {
    auto record = ReadFrom(8, 20, leaf);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->first_page_offset, leaf);
  }
}

TEST(ColumnDirectory, RejectsMetadataOutsideTheFile) {
  for (uint64_t offset : {uint64_t{9601}, uint64_t{9600 - 19}, UINT64_MAX}) {
    auto record = ReadFrom(offset, 20, 3);
    ASSERT_FALSE(record);
    EXPECT_EQ(record.error().code(), StatusCode::kCorruption);
    EXPECT_THAT(record.error().message(), HasSubstr("record 3: metadata of 20 bytes"));
  }
  EXPECT_TRUE(ReadFrom(9600 - 20, 20, 3));
}

TEST(ColumnDirectory, RefusesALeafThatIsNotThere) {
  EXPECT_EQ(ReadFrom(8, 20, 300).error().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lancer::format
