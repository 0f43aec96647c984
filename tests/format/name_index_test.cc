#include "format/name_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "encoding/byte_order.h"
#include "tests/format/container_fixture.h"
#include "tests/format/hex_example.h"

namespace lancer::format {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Index {
  explicit Index(std::vector<std::byte> records)
      : bytes(std::make_shared<BytesFile>(records, false)), file(bytes) {
    std::vector<std::byte> checks;
    AppendUnitChecks(records, &checks);
    table = std::make_unique<UnitTable>(
        CheckedRange{.offset = 0, .size = records.size(), .check = 0}, checks,
        "a.lancer: name index at 0");
    leaf_count = static_cast<uint32_t>(records.size() / kNameRecordSize);
  }
  std::vector<uint32_t> Find(uint64_t hash) const {
    std::vector<uint32_t> leaves;
    auto found = FindHash(*table, file, leaf_count, hash);
    EXPECT_TRUE(found);
    for (LeafId leaf : found.value_or(std::vector<LeafId>())) {
      leaves.push_back(leaf.value);
    }
    return leaves;
  }

  std::shared_ptr<BytesFile> bytes;
  FileBytes file;
  std::unique_ptr<UnitTable> table;
  uint32_t leaf_count = 0;
};

Index MakeIndex(const std::vector<uint64_t>& hashes) {
  NameIndexBuilder builder;
  for (uint32_t i = 0; i < hashes.size(); ++i) {
    builder.Add(hashes[i], LeafId(i));
  }
  return Index(std::move(builder).Finish());
}

TEST(NameIndex, HasTheBytesOfTheSpecification) {
  NameIndexBuilder builder;
  builder.Add(FieldPath{"a", "b"}, LeafId(7));
  EXPECT_EQ(HexLines(std::move(builder).Finish()), HexExample("container_name_record"));
}

TEST(NameIndex, TellsPathsApartThatJoinToTheSameText) {
  EXPECT_NE(PathHash({"a.b"}), PathHash({"a", "b"}));
  EXPECT_NE(PathHash({"ab", ""}), PathHash({"a", "b"}));
  EXPECT_NE(PathHash({}), PathHash({""}));
}

TEST(NameIndex, FindsEveryHashAndNothingElse) {
  // Evenly spread, all small, all large, and two heaps: guesses may be wrong, answers
  // not.
  const struct {
    uint64_t first, step;
  } kSpreads[] = {{5, 18'446'744'073'709}, {5, 3}, {UINT64_MAX - 900'000, 3}};
  for (const auto& spread : kSpreads) {
    for (uint32_t count : {0u, 1u, 255u, 256u, 257u, 3000u}) {
      std::vector<uint64_t> hashes;
      for (uint32_t i = 0; i < count; ++i) {
        hashes.push_back(spread.first + i * spread.step);
      }
      Index index = MakeIndex(hashes);
      EXPECT_TRUE(VerifyNameIndex(*index.table, index.file, count).ok());
      for (uint32_t i = 0; i < count; i += 1 + count / 100) {
        EXPECT_THAT(index.Find(hashes[i]), ElementsAre(i));
        EXPECT_THAT(index.Find(hashes[i] + 1), IsEmpty());
      }
      EXPECT_THAT(index.Find(0), IsEmpty());
      EXPECT_THAT(index.Find(UINT64_MAX), IsEmpty());
    }
  }
}

TEST(NameIndex, FindsAllLeavesOfAHashThatSpansUnits) {
  std::vector<uint64_t> hashes(1000, 77);
  hashes[0] = 1;
  hashes[1] = UINT64_MAX;
  Index index = MakeIndex(hashes);
  std::vector<uint32_t> leaves = index.Find(77);
  ASSERT_EQ(leaves.size(), 998u);
  EXPECT_EQ(leaves.front(), 2u);
  EXPECT_EQ(leaves.back(), 999u);
  EXPECT_THAT(index.Find(1), ElementsAre(0));
  EXPECT_THAT(index.Find(UINT64_MAX), ElementsAre(1));
}

TEST(NameIndex, ReadsFewUnitsOfALargeIndex) {
  NameIndexBuilder builder;
  for (uint32_t i = 0; i < 100'000; ++i) {
    builder.Add(FieldPath{"column", std::to_string(i)}, LeafId(i));
  }
  Index index(std::move(builder).Finish());
  for (uint32_t i = 0; i < 100'000; i += 9973) {
    index.bytes->reads = 0;
    EXPECT_THAT(index.Find(PathHash({"column", std::to_string(i)})), ElementsAre(i));
    EXPECT_LE(index.bytes->reads, 6u);
  }
}

TEST(NameIndex, FindsWrongRecords) {
  Index unsorted = MakeIndex({1, 2});
  auto make = [](uint64_t first, uint32_t leaf, uint64_t second, uint32_t other) {
    std::vector<std::byte> bytes(2 * kNameRecordSize);
    encoding::StoreLe(bytes.data(), first);
    encoding::StoreLe(bytes.data() + 8, leaf);
    encoding::StoreLe(bytes.data() + 16, second);
    encoding::StoreLe(bytes.data() + 24, other);
    return Index(std::move(bytes));
  };
  Index good = make(1, 1, 2, 0);
  EXPECT_TRUE(VerifyNameIndex(*good.table, good.file, 2).ok());
  for (const Index& bad : {make(2, 0, 1, 1), make(1, 0, 2, 0), make(1, 0, 2, 2)}) {
    EXPECT_EQ(VerifyNameIndex(*bad.table, bad.file, 2).code(), StatusCode::kCorruption);
  }
  Index beyond = make(1, 9, 2, 0);
  EXPECT_EQ(FindHash(*beyond.table, beyond.file, 2, 1).error().code(),
            StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::format
