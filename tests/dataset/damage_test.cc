// Damage of any file of a small dataset: a read gives the original rows or Corruption
// that names the file.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"
#include "tests/support/file_contents.h"
#include "tests/support/soak.h"

namespace lancer::dataset {
namespace {

using ::testing::HasSubstr;

class DamageTest : public ::testing::Test {
 protected:
  DamageTest() {
    auto dataset = *Dataset::Create("/t", NumberStream(0, half_), {}, test_.context);
    EXPECT_TRUE(dataset->Append(NumberStream(half_, half_)).has_value());
    data_ = "/t/" + ValueOrFail(dataset->Fragments())[1].path;
  }
  Result<std::vector<int64_t>> ReadAll() {
    LANCER_ASSIGN_OR_RETURN(auto dataset, Dataset::Open("/t", {}, test_.context));
    return ReadNumbers(*dataset);
  }
  std::vector<std::byte> Bytes(const std::string& path) {
    return *test::ReadFileBytes(*test_.file_system, path);
  }
  void Put(const std::string& path, std::span<const std::byte> bytes) {
    ASSERT_TRUE(test_.file_system->Overwrite(path, bytes).ok());
  }
  // The rows are right, or the error is about the file.
  void ExpectFoundOrRight(const std::string& path, const std::string& what) {
    auto rows = ReadAll();
    if (rows) {
      EXPECT_EQ(*rows, Iota(0, 2 * half_)) << what;
      return;
    }
    EXPECT_TRUE(rows.error().code() == StatusCode::kCorruption ||
                rows.error().code() == StatusCode::kUnsupported)
        << what << ": " << rows.status().ToString();
    EXPECT_THAT(rows.status().ToString(), HasSubstr(path)) << what;
  }
  void DamageEverywhere(const std::string& path) {
    std::vector<std::byte> bytes = Bytes(path);
    for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      std::vector<std::byte> damaged = bytes;
      damaged[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
      Put(path, damaged);
      ExpectFoundOrRight(path, "bit " + std::to_string(bit));
    }
    for (size_t size = 0; size < bytes.size(); ++size) {
      Put(path, std::span(bytes).first(size));
      auto rows = ReadAll();
      EXPECT_EQ(rows.status().code(), StatusCode::kCorruption)
          << size << ": " << rows.status().ToString();
      EXPECT_THAT(rows.status().ToString(), HasSubstr(path));
    }
    Put(path, bytes);
    EXPECT_EQ(ValueOrFail(ReadAll()), Iota(0, 2 * half_));
    test::ReportSoak(fmt::format("{}: {} bits flipped, {} lengths cut", path,
                                 bytes.size() * 8, bytes.size()));
  }

  const int64_t half_ = test::SoakFactor() > 1 ? 200 : 5;
  test::TestContext test_ = test::MakeTestContext();
  std::string data_;
};

TEST_F(DamageTest, OfTheManifest) {
  DamageEverywhere("/t/_log/00000000000000000002.mft");
}

TEST_F(DamageTest, OfFormat) { DamageEverywhere("/t/FORMAT"); }

TEST_F(DamageTest, OfADataFile) { DamageEverywhere(data_); }

TEST_F(DamageTest, OfTheHintChangesNothing) {
  std::vector<std::byte> bytes = Bytes("/t/_log/HEAD");
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::vector<std::byte> damaged = bytes;
    damaged[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    Put("/t/_log/HEAD", damaged);
    EXPECT_EQ(ValueOrFail(ReadAll()), Iota(0, 2 * half_)) << bit;
  }
}

TEST_F(DamageTest, SwappedStaleAndForeignFilesAreFound) {
  std::vector<std::byte> first = Bytes("/t/_log/00000000000000000001.mft");
  std::vector<std::byte> second = Bytes("/t/_log/00000000000000000002.mft");
  Put("/t/_log/00000000000000000002.mft", first);
  EXPECT_EQ(ReadAll().status().code(), StatusCode::kCorruption);
  Put("/t/_log/00000000000000000002.mft", second);
  // A manifest of another dataset.
  auto other = test::MakeTestContext({.seed = 99});
  auto copy = *Dataset::Create("/t", NumberStream(0, half_), {}, other.context);
  ASSERT_TRUE(copy->Append(NumberStream(half_, half_)).has_value());
  Put("/t/_log/00000000000000000002.mft",
      *test::ReadFileBytes(*other.file_system, "/t/_log/00000000000000000002.mft"));
  auto foreign = ReadAll();
  EXPECT_EQ(foreign.status().code(), StatusCode::kCorruption);
  EXPECT_THAT(foreign.status().ToString(), HasSubstr("another dataset"));
  Put("/t/_log/00000000000000000002.mft", second);
  // A data file of the same size with other rows.
  auto dataset = *Dataset::Open("/t", {}, test_.context);
  std::string other_data = "/t/" + ValueOrFail(dataset->Fragments())[0].path;
  Put(data_, Bytes(other_data));
  auto stale = ReadAll();
  EXPECT_EQ(stale.status().code(), StatusCode::kCorruption);
  EXPECT_THAT(stale.status().ToString(), HasSubstr(data_));
}

TEST_F(DamageTest, MissingFilesAreNamed) {
  for (const std::string& path :
       {data_, std::string("/t/_log/00000000000000000001.mft")}) {
    std::vector<std::byte> bytes = Bytes(path);
    ASSERT_TRUE(test_.file_system->Remove(path).ok());
    auto dataset = Dataset::Open("/t", {}, test_.context);
    Status status = !dataset        ? dataset.status()
                    : path == data_ ? ReadNumbers(**dataset).status()
                                    : (*dataset)->Versions().status();
    EXPECT_EQ(status.code(), StatusCode::kCorruption);
    EXPECT_THAT(status.ToString(), HasSubstr(path));
    Put(path, bytes);
  }
}

TEST_F(DamageTest, RollbackOpensTheNewestGoodVersionAndWritersStop) {
  Put("/t/_log/00000000000000000002.mft", test::BytesOf("damaged"));
  EXPECT_EQ(ReadAll().status().code(), StatusCode::kCorruption);
  auto dataset = *Dataset::Open("/t", {.allow_rollback = true}, test_.context);
  EXPECT_TRUE(dataset->rolled_back());
  EXPECT_EQ(dataset->version(), VersionNumber(1));
  EXPECT_EQ(ValueOrFail(ReadNumbers(*dataset)), Iota(0, half_));
  EXPECT_EQ(dataset->Append(NumberStream(5, 1)).status().code(), StatusCode::kCorruption);
}

TEST_F(DamageTest, OfTheNewestManifestLeavesTheOthers) {
  Put("/t/_log/00000000000000000002.mft", test::BytesOf("damaged"));
  auto refused = Dataset::Open("/t", {}, test_.context);
  EXPECT_EQ(refused.status().code(), StatusCode::kCorruption);
  EXPECT_THAT(refused.status().ToString(), HasSubstr("00000000000000000002.mft"));
  EXPECT_THAT(refused.status().ToString(),
              HasSubstr("version 1 is the newest sound one: open it by its number, or "
                        "with allow_rollback"));
  auto first = *Dataset::Open("/t", {.version = VersionNumber(1)}, test_.context);
  EXPECT_EQ(ValueOrFail(ReadNumbers(*first)), Iota(0, half_));
  EXPECT_FALSE(first->rolled_back());
  auto second = Dataset::Open("/t", {.version = VersionNumber(2)}, test_.context);
  EXPECT_EQ(second.status().code(), StatusCode::kCorruption);
  // Also where a hint does not tell of the newest.
  ASSERT_TRUE(test_.file_system->Remove("/t/_log/HEAD").ok());
  auto rolled = *Dataset::Open("/t", {.allow_rollback = true}, test_.context);
  EXPECT_EQ(ValueOrFail(rolled->Versions()).size(), 1u);
  OpenOptions by_time;
  by_time.allow_rollback = true;
  by_time.time_us = first->info().time_us;
  EXPECT_EQ((*Dataset::Open("/t", by_time, test_.context))->version(), VersionNumber(1));
  EXPECT_EQ(first->Append(NumberStream(5, 1)).status().code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::dataset
