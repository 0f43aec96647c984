#include <gtest/gtest.h>

#include "dataset/manifest.h"
#include "tests/dataset/golden.h"
#include "tests/dataset/manifest_fixture.h"

namespace lancer::dataset {
namespace {

TEST(ManifestCodec, GivesBackWhatItTook) {
  Manifest manifest = TestManifest();
  auto parsed = ParseManifest(SerializeManifest(manifest), "m");
  ASSERT_TRUE(parsed.has_value()) << parsed.status().ToString();
  EXPECT_EQ(*parsed, manifest);
}

TEST(ManifestCodec, WritesTheBytesOfTheSpec) {
  ExpectGolden("manifest_append", SerializeManifest(TestManifest()));
}

TEST(ManifestCodec, EntriesOfFragmentsAreNotLargerThanReckoned) {
  Manifest manifest = TestManifest();
  for (uint32_t count : {1u, 2u, 50u, 51u}) {
    manifest.fragments = TestFragments(count, 10);
    size_t with = SerializeManifest(manifest).size();
    size_t reckoned = 0;
    for (const Fragment& fragment : manifest.fragments) {
      reckoned += FragmentEntryBytes(fragment);
    }
    manifest.fragments.clear();
    size_t without = SerializeManifest(manifest).size();
    EXPECT_LE(with - without, reckoned + 64) << count;
    EXPECT_GT(with - without, reckoned / 2) << count;
  }
}

TEST(ManifestCodec, FindsItsTransactionAndSchema) {
  Manifest manifest = TestManifest();
  EXPECT_EQ(manifest.schema().id, 0u);
  ASSERT_NE(manifest.FindTransaction(TestUuid(0xBB)), nullptr);
  EXPECT_EQ(manifest.FindTransaction(TestUuid(0xBC)), nullptr);
}

}  // namespace
}  // namespace lancer::dataset
