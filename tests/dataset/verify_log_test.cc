#include "dataset/verify_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"
#include "tests/support/file_contents.h"

namespace lancer::dataset {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Five versions; faults as Verify reports them.
class VerifyLogTest : public ::testing::Test {
 protected:
  VerifyLogTest() {
    dataset_ = *Dataset::Create("/t", NumberStream(0, 3), {}, test_.context);
    for (int64_t version = 2; version <= 5; ++version) {
      EXPECT_TRUE(dataset_->Append(NumberStream(version, 1)).has_value());
    }
  }
  std::string Manifest(uint64_t version) {
    return paths_.manifest(VersionNumber(version));
  }
  std::vector<std::byte> Bytes(const std::string& path) {
    return *test::ReadFileBytes(*test_.file_system, path);
  }
  void Put(const std::string& path, std::span<const std::byte> bytes) {
    ASSERT_TRUE(test_.file_system->Overwrite(path, bytes).ok());
  }
  void Remove(const std::string& path) {
    ASSERT_TRUE(test_.file_system->Remove(path).ok());
  }
  std::vector<std::string> Faults() {
    std::vector<std::string> texts;
    for (const Status& fault : ValueOrFail(dataset_->Verify()).faults) {
      EXPECT_EQ(fault.code(), StatusCode::kCorruption) << fault.ToString();
      texts.push_back(fault.ToString());
    }
    return texts;
  }

  test::TestContext test_ = test::MakeTestContext();
  const DatasetPaths paths_ = DatasetPaths("/t");
  std::shared_ptr<Dataset> dataset_;
};

TEST_F(VerifyLogTest, ReadsTheManifestOfEveryVersion) {
  VerifyReport report = ValueOrFail(dataset_->Verify());
  EXPECT_THAT(report.faults, IsEmpty());
  EXPECT_EQ(report.files, 1u + 5u + 5u) << "FORMAT, manifests, data files";
}

TEST_F(VerifyLogTest, FindsEveryByteChangedOfOlderManifests) {
  const std::vector<std::byte> sound = Bytes(Manifest(2));
  for (size_t at = 0; at < sound.size(); ++at) {
    std::vector<std::byte> damaged = sound;
    damaged[at] ^= std::byte{0x10};
    Put(Manifest(2), damaged);
    EXPECT_THAT(Faults(), ElementsAre(HasSubstr(Manifest(2)))) << at;
  }
  for (size_t size : {size_t{0}, sound.size() / 2, sound.size() - 1}) {
    Put(Manifest(2), std::span(sound).first(size));
    EXPECT_THAT(Faults(), ElementsAre(HasSubstr(Manifest(2)))) << size;
  }
  Put(Manifest(2), sound);
  EXPECT_THAT(Faults(), IsEmpty());
}

TEST_F(VerifyLogTest, FindsSwappedManifests) {
  const std::vector<std::byte> second = Bytes(Manifest(2));
  Put(Manifest(2), Bytes(Manifest(3)));
  Put(Manifest(3), second);
  EXPECT_THAT(Faults(),
              ElementsAre(HasSubstr(Manifest(2) + ": manifest: expected version 2"),
                          HasSubstr(Manifest(3) + ": manifest: expected version 3")));
}

TEST_F(VerifyLogTest, FindsAVersionOfAnotherHistory) {
  auto other = test::MakeTestContext();
  auto copy = *Dataset::Create("/t", NumberStream(0, 3), {}, other.context);
  ASSERT_TRUE(copy->Append(NumberStream(90, 1)).has_value());
  ASSERT_EQ(copy->uuid(), dataset_->uuid()) << "the same seed";
  Put(Manifest(2), *test::ReadFileBytes(*other.file_system, Manifest(2)));
  EXPECT_THAT(Faults(),
              ElementsAre(HasSubstr(Manifest(3) + ": manifest: parent is version 2")));
}

TEST_F(VerifyLogTest, FindsHoles) {
  Remove(Manifest(2));
  // HEAD leads past the hole.
  ASSERT_EQ(ValueOrFail(Dataset::Open("/t", {}, test_.context))->row_count(), 7u);
  EXPECT_THAT(Faults(),
              ElementsAre(HasSubstr(Manifest(2) + ": the manifest is missing")));
  Remove(Manifest(3));
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("so are 1 behind it")));
  Remove(Manifest(1));
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr(Manifest(1))));
}

TEST_F(VerifyLogTest, FindsNewestVersionsLost) {
  auto old = *Dataset::Open("/t", {.version = VersionNumber(3)}, test_.context);
  Remove(Manifest(5));
  Remove(Manifest(4));
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("tells of version 5, but the newest")));
  dataset_ = old;
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("/t/_log/HEAD: tells of version 5")));
  Remove(paths_.head());
  EXPECT_THAT(Faults(), IsEmpty()) << "nothing tells of more";
}

TEST_F(VerifyLogTest, FindsTheOpenedVersionGone) {
  Remove(Manifest(5));
  Remove(paths_.head());
  EXPECT_THAT(Faults(),
              ElementsAre(HasSubstr(Manifest(5) + ": the manifest is missing")));
}

TEST_F(VerifyLogTest, AStaleOrTornHintIsNoFault) {
  Put(paths_.head(),
      SerializeHeadHint(
          {.version = VersionNumber(2),
           .digest =
               (*Log(paths_, dataset_->uuid(), test_.context).Load(VersionNumber(2)))
                   ->digest}));
  EXPECT_THAT(Faults(), IsEmpty());
  Put(paths_.head(), test::BytesOf("LNCRHEAD"));
  EXPECT_THAT(Faults(), IsEmpty());
  Put(paths_.head(),
      SerializeHeadHint({.version = VersionNumber(2), .digest = {.low = 1}}));
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("(from /t/_log/HEAD)")));
}

TEST_F(VerifyLogTest, RetiredAndVoidVersionsNeedNoManifest) {
  ASSERT_TRUE(test_.file_system->CreateDirectory(paths_.floors()).has_value());
  ASSERT_TRUE(test::PublishFile(*test_.file_system, paths_.floors() + "/2.1", "").ok());
  Remove(Manifest(1));
  Remove(Manifest(2));
  EXPECT_THAT(Faults(), IsEmpty());
  // A tombstone stands for the manifest.
  Remove(Manifest(3));
  ASSERT_TRUE(
      test::PublishFile(*test_.file_system, paths_.tombstone(VersionNumber(3)), "").ok());
  EXPECT_THAT(Faults(), IsEmpty());
  ASSERT_TRUE(test::PublishFile(*test_.file_system, paths_.floors() + "/5.2", "").ok());
  EXPECT_EQ(dataset_->Verify().status().code(), StatusCode::kExpired);
}

TEST_F(VerifyLogTest, ADamagedNewestManifestIsOneFaultOfMany) {
  Put(Manifest(5), test::BytesOf("damaged"));
  Put(Manifest(2), test::BytesOf("damaged"));
  dataset_ = *Dataset::Open("/t", {.allow_rollback = true}, test_.context);
  EXPECT_EQ(dataset_->version(), VersionNumber(4));
  EXPECT_EQ(ValueOrFail(dataset_->Verify()).faults.size(), 2u);
}

}  // namespace
}  // namespace lancer::dataset
