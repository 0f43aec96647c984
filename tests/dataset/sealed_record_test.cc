#include "dataset/sealed_record.h"

#include <gtest/gtest.h>

#include "tests/support/test_context.h"

namespace lancer::dataset {
namespace {

constexpr std::string_view kMagic = "LNCRTEST";

SealedRecord Sound() {
  SealedRecord record = BeginRecord(kMagic);
  record[20] = std::byte{7};
  Seal(&record);
  return record;
}

TEST(SealedRecord, IsWholeOnlyWithItsMagicSizeAndChecksum) {
  const SealedRecord record = Sound();
  EXPECT_TRUE(IsSealed(record, kMagic));
  EXPECT_FALSE(IsSealed(record, "LNCROTHR"));
  EXPECT_FALSE(IsSealed(std::span(record).first(39), kMagic));
  for (size_t bit = 0; bit < record.size() * 8; ++bit) {
    SealedRecord damaged = record;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(IsSealed(damaged, kMagic)) << bit;
  }
}

TEST(SealedRecord, IsReadFromAFileOfItsSizeAlone) {
  auto test = test::MakeTestContext();
  FileSystem& files = *test.file_system;
  const SealedRecord record = Sound();
  ASSERT_TRUE(files.Overwrite("/whole", record).ok());
  ASSERT_TRUE(files.Overwrite("/cut", std::span(record).first(39)).ok());
  EXPECT_EQ(ReadRecord(files, "/whole"), record);
  EXPECT_FALSE(ReadRecord(files, "/cut").has_value());
  EXPECT_FALSE(ReadRecord(files, "/absent").has_value());
}

}  // namespace
}  // namespace lancer::dataset
