#include "dataset/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dataset/head_hint.h"
#include "tests/dataset/log_fixture.h"

namespace lancer::dataset {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Log, FindsTheNewestWithAnyHint) {
  LogHouse house;
  EXPECT_EQ(house.NewestVersion(), 0u);
  StoredManifestPtr old = house.Publish(1, nullptr);
  StoredManifestPtr last = old;
  for (uint64_t version = 2; version <= 5; ++version) {
    last = house.Publish(version, last);
  }
  FileSystem& files = *house.test.file_system;
  EXPECT_EQ(house.NewestVersion(), 5u) << "absent";
  house.log.WriteHint(*last);
  EXPECT_EQ(house.NewestVersion(), 5u) << "fresh";
  house.log.WriteHint(*old);
  EXPECT_EQ(house.NewestVersion(), 5u) << "stale";
  ASSERT_TRUE(files.Overwrite(house.paths.head(), test::BytesOf("LNCRHEAD")).ok());
  EXPECT_EQ(house.NewestVersion(), 5u) << "torn";
  ASSERT_TRUE(files.Overwrite(house.paths.head(), {}).ok());
  EXPECT_EQ(house.NewestVersion(), 5u) << "empty";
}

// A writer that took the number again would hide that a version was lost.
TEST(Log, AHintOfAVersionWithoutManifestIsDamage) {
  LogHouse house;
  house.PublishMany(3);
  house.log.WriteHint(**house.log.Load(VersionNumber(3)));
  ASSERT_TRUE(
      house.test.file_system->Remove(house.paths.manifest(VersionNumber(3))).ok());
  Status status = house.log.FindHead(nullptr, false).status();
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_THAT(status.ToString(), HasSubstr("00000000000000000003.mft"));
  EXPECT_THAT(status.ToString(), HasSubstr("missing although"));
  LogHead head = *house.log.FindHead(nullptr, /*allow_rollback=*/true);
  EXPECT_EQ(head.manifest->manifest.version, VersionNumber(2));
}

TEST(Log, VersionZeroNeverExisted) {
  LogHouse house;
  house.PublishMany(1);
  EXPECT_EQ(house.log.Load(VersionNumber(0)).status().code(), StatusCode::kNotFound);
}

TEST(Log, HintsThatContradictTheManifestAreDamage) {
  LogHouse house;
  house.PublishMany(2);
  auto lie = SerializeHeadHint({.version = VersionNumber(2), .digest = {.low = 1}});
  ASSERT_TRUE(house.test.file_system->Overwrite(house.paths.head(), lie).ok());
  Status status = house.log.FindHead(nullptr, false).status();
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_THAT(status.ToString(), HasSubstr("00000000000000000002.mft"));
}

TEST(Log, WalksUpFromAKnownVersion) {
  LogHouse house;
  StoredManifestPtr first = house.Publish(1, nullptr);
  StoredManifestPtr last = house.Publish(3 - 1, first);
  last = house.Publish(3, last);
  LogHead head = *house.log.FindHead(first, false);
  EXPECT_EQ(head.manifest->manifest.version, VersionNumber(3));
  EXPECT_EQ(head.next, VersionNumber(4));
  ASSERT_EQ(head.passed.size(), 2u);
  EXPECT_EQ(head.passed[0]->manifest.version, VersionNumber(2));
}

TEST(Log, GapsAreDamageNotTheEnd) {
  for (bool hint : {false, true}) {
    LogHouse house;
    StoredManifestPtr first = house.Publish(1, nullptr);
    StoredManifestPtr second = house.Publish(2, first);
    house.Publish(3, second);
    if (hint) {
      house.log.WriteHint(*first);
    }
    ASSERT_TRUE(
        house.test.file_system->Remove(house.paths.manifest(VersionNumber(2))).ok());
    for (Status status :
         {house.log.FindHead(nullptr, false).status(), house.log.List().status()}) {
      EXPECT_EQ(status.code(), StatusCode::kCorruption);
      EXPECT_THAT(status.ToString(),
                  HasSubstr("00000000000000000002.mft: the manifest is missing"));
    }
  }
}

TEST(Log, TheFirstVersionMayNotBeMissing) {
  LogHouse house;
  house.Publish(2, house.Publish(1, nullptr));
  ASSERT_TRUE(
      house.test.file_system->Remove(house.paths.manifest(VersionNumber(1))).ok());
  EXPECT_EQ(house.log.FindHead(nullptr, false).status().code(), StatusCode::kCorruption);
}

TEST(Log, TombstonesAreSteppedOver) {
  LogHouse house;
  StoredManifestPtr first = house.Publish(1, nullptr);
  FileSystem& files = *house.test.file_system;
  ASSERT_TRUE(test::PublishFile(files, house.paths.tombstone(VersionNumber(2)), "").ok());
  for (const StoredManifestPtr& known : {StoredManifestPtr(), first}) {
    LogHead head = *house.log.FindHead(known, false);
    EXPECT_EQ(head.manifest->manifest.version, VersionNumber(1));
  }
  EXPECT_EQ(house.log.FindHead(first, false)->next, VersionNumber(3));
  // The damaged manifest may still be there.
  ASSERT_TRUE(test::PublishFile(files, house.paths.manifest(VersionNumber(2)), "x").ok());
  house.Publish(3, first);
  EXPECT_EQ(house.log.FindHead(first, false)->next, VersionNumber(4));
  EXPECT_EQ(house.NewestVersion(), 3u);
  EXPECT_THAT(*house.log.List(), ElementsAre(VersionNumber(1), VersionNumber(3)));
}

TEST(Log, ParentsMustMatch) {
  LogHouse house;
  StoredManifestPtr first = house.Publish(1, nullptr);
  auto other = std::make_shared<StoredManifest>(*first);
  other->digest.low ^= 1;
  house.Publish(2, other);
  Status status = house.log.FindHead(first, false).status();
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_THAT(status.ToString(), HasSubstr("manifest: parent is version 1"));
}

TEST(Log, ADamagedNewestManifestStopsUnlessRolledBack) {
  for (bool hint : {false, true}) {
    LogHouse house;
    StoredManifestPtr last = house.PublishMany(3);
    if (hint) {
      house.log.WriteHint(*last);
    }
    ASSERT_TRUE(
        house.test.file_system
            ->Overwrite(house.paths.manifest(VersionNumber(3)), test::BytesOf("damaged"))
            .ok());
    EXPECT_EQ(house.log.FindHead(nullptr, false).status().code(),
              StatusCode::kCorruption);
    auto head = house.log.FindHead(nullptr, true);
    ASSERT_TRUE(head.has_value()) << head.status().ToString();
    EXPECT_EQ(head->manifest->manifest.version, VersionNumber(2));
    EXPECT_TRUE(head->rolled_back);
  }
}

TEST(Log, RetiredVersionsAreExpired) {
  LogHouse house;
  StoredManifestPtr last = house.PublishMany(4);
  FileSystem& files = *house.test.file_system;
  ASSERT_TRUE(files.CreateDirectory(house.paths.floors()).has_value());
  ASSERT_TRUE(test::PublishFile(files, house.paths.floors() + "/1.1", "").ok());
  ASSERT_TRUE(test::PublishFile(files, house.paths.floors() + "/2.2", "").ok());
  EXPECT_EQ(*house.log.ReadFloor(), VersionNumber(2));
  EXPECT_EQ(house.log.Load(VersionNumber(2)).status().code(), StatusCode::kExpired);
  EXPECT_EQ((*house.log.Load(VersionNumber(3)))->manifest.version, VersionNumber(3));
  EXPECT_THAT(*house.log.List(), ElementsAre(VersionNumber(3), VersionNumber(4)));
  EXPECT_EQ(house.NewestVersion(), 4u);
  auto old = std::make_shared<StoredManifest>();
  old->manifest.version = VersionNumber(2);
  EXPECT_EQ(house.log.FindHead(old, false).status().code(), StatusCode::kExpired);
}

TEST(Log, SearchesByTimeReadFewManifests) {
  LogHouse house;
  StoredManifestPtr last = house.PublishMany(100);
  uint64_t batches = house.test.counters->batches;
  EXPECT_EQ((*house.log.FindByTime(last, 42'500))->manifest.version, VersionNumber(42));
  EXPECT_LT(house.test.counters->batches - batches, 24u);
  EXPECT_EQ((*house.log.FindByTime(last, 1'000'000))->manifest.version,
            VersionNumber(100));
  EXPECT_EQ(house.log.FindByTime(last, 999).status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace lancer::dataset
