#include "format/check_units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "encoding/checksum.h"
#include "tests/format/container_fixture.h"

namespace lancer::format {
namespace {

using ::testing::HasSubstr;

constexpr uint64_t kOffset = 100;

struct Table {
  std::vector<std::byte> file;    // kOffset bytes, then the table
  std::vector<std::byte> checks;  // of the table
  CheckedRange range;
};

Table MakeTable(size_t size) {
  Table table;
  table.file.resize(kOffset + size);
  for (size_t i = 0; i < size; ++i) {
    table.file[kOffset + i] = static_cast<std::byte>(i * 7 + i / 4096);
  }
  AppendUnitChecks(std::span(table.file).subspan(kOffset), &table.checks);
  table.range = {.offset = kOffset, .size = size, .check = 0};
  return table;
}

TEST(CheckUnits, CountsTheLastShortUnit) {
  EXPECT_EQ(UnitCount(0), 0u);
  EXPECT_EQ(UnitCount(1), 1u);
  EXPECT_EQ(UnitCount(4096), 1u);
  EXPECT_EQ(UnitCount(4097), 2u);
  EXPECT_EQ(UnitCount(UINT64_MAX), uint64_t{1} << 52);
}

TEST(CheckUnits, ReadsAndChecksEveryUnit) {
  for (size_t size : {size_t{0}, size_t{1}, size_t{4096}, size_t{4097}, size_t{300000}}) {
    for (bool mapped : {false, true}) {
      Table table = MakeTable(size);
      ASSERT_EQ(table.checks.size(), UnitCount(size) * 4);
      FileBytes file(std::make_shared<BytesFile>(table.file, mapped));
      UnitTable units(table.range, table.checks, "a.lancer: table");
      uint64_t total = 0;
      for (uint64_t unit = 0; unit < units.unit_count(); ++unit) {
        auto read = units.Read(unit, file);
        ASSERT_TRUE(read);
        EXPECT_EQ(read->bytes[0], table.file[kOffset + unit * 4096]);
        total += read->bytes.size();
      }
      EXPECT_EQ(total, size);
      EXPECT_TRUE(units.VerifyAll(file).ok());
    }
  }
}

TEST(CheckUnits, FailsOnlyTheDamagedUnit) {
  for (bool mapped : {false, true}) {
    Table table = MakeTable(3 * 4096);
    table.file[kOffset + 4096 + 5] ^= std::byte{1};
    FileBytes file(std::make_shared<BytesFile>(table.file, mapped));
    UnitTable units(table.range, table.checks, "a.lancer: table");
    EXPECT_TRUE(units.Read(0, file));
    EXPECT_TRUE(units.Read(2, file));
    auto damaged = units.Read(1, file);
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().code(), StatusCode::kCorruption);
    EXPECT_THAT(damaged.error().message(),
                HasSubstr("a.lancer: table: unit 1 at 4196: checksum stored "));
    EXPECT_FALSE(units.VerifyAll(file).ok());
  }
}

TEST(CheckUnits, HashesUnitsInMemoryOnce) {
  // Memory that changes under the table: the second read does not look again.
  std::vector<std::byte> bytes = MakeTable(4096).file;
  Table table = MakeTable(4096);
  FileBytes file(std::make_shared<BytesFile>(bytes, false));
  MutableBuffer kept(4096);
  std::copy(bytes.begin() + kOffset, bytes.end(), kept.data());
  std::byte* memory = kept.data();
  file.Keep(kOffset, std::move(kept).Finish());
  UnitTable units(table.range, table.checks, "a.lancer: table");
  ASSERT_TRUE(units.Read(0, file));
  memory[9] ^= std::byte{1};
  EXPECT_TRUE(units.Read(0, file));
  EXPECT_FALSE(units.VerifyAll(file).ok());
}

}  // namespace
}  // namespace lancer::format
