#include "dataset/manifest_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/manifest_fixture.h"
#include "tests/support/file_contents.h"
#include "tests/support/test_context.h"

namespace lancer::dataset {
namespace {

using ::testing::HasSubstr;

class ManifestFileTest : public ::testing::Test {
 protected:
  Result<StoredManifestPtr> Read(std::span<const std::byte> bytes, uint64_t version = 3) {
    (void)test_.file_system->Remove("/m");
    EXPECT_TRUE(test::PublishFile(*test_.file_system, "/m", bytes).ok());
    return ReadManifestFile(*test_.file_system, "/m", TestUuid(0xAA),
                            VersionNumber(version));
  }

  test::TestContext test_ = test::MakeTestContext();
};

TEST_F(ManifestFileTest, GivesBackManifestDigestAndSize) {
  FileImage image = *EncodeManifestFile(TestManifest());
  auto stored = Read(image.bytes);
  ASSERT_TRUE(stored.has_value()) << stored.status().ToString();
  EXPECT_EQ((*stored)->manifest, TestManifest());
  EXPECT_EQ((*stored)->digest, image.ref.digest);
  EXPECT_EQ((*stored)->size_bytes, image.bytes.size());
}

TEST_F(ManifestFileTest, FindsEveryBitAndTruncation) {
  std::vector<std::byte> bytes = EncodeManifestFile(TestManifest())->bytes;
  Manifest original = TestManifest();
  size_t harmless = 0;
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::vector<std::byte> damaged = bytes;
    damaged[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    auto stored = Read(damaged);
    if (stored) {
      // Padding, which nothing reads.
      EXPECT_EQ((*stored)->manifest, original) << bit;
      ++harmless;
    } else {
      EXPECT_TRUE(stored.error().code() == StatusCode::kCorruption ||
                  stored.error().code() == StatusCode::kUnsupported ||
                  stored.error().code() == StatusCode::kInvalidArgument)
          << stored.status().ToString();
      EXPECT_THAT(stored.status().ToString(), HasSubstr("/m"));
    }
  }
  EXPECT_LT(harmless, bytes.size() * 8 / 4);
  for (size_t size = 0; size < bytes.size(); ++size) {
    auto stored = Read(std::span(bytes).first(size));
    EXPECT_EQ(stored.status().code(), StatusCode::kCorruption) << size;
  }
}

TEST_F(ManifestFileTest, KnowsVersionAndTable) {
  Manifest other = TestManifest();
  other.table = TestUuid(0xCC);
  auto stored = Read(EncodeManifestFile(other)->bytes);
  EXPECT_EQ(stored.status().code(), StatusCode::kCorruption);
  EXPECT_THAT(stored.status().ToString(), HasSubstr("belongs to another dataset"));
  stored = Read(EncodeManifestFile(TestManifest())->bytes, 4);
  EXPECT_THAT(stored.status().ToString(), HasSubstr("expected version 4, found 3"));
}

TEST_F(ManifestFileTest, RefusesToGrowWithoutBounds) {
  Manifest manifest = TestManifest();
  manifest.message = std::string(200'000, 'm');
  EXPECT_EQ(EncodeManifestFile(manifest).status().code(), StatusCode::kResourceExhausted);
}

TEST_F(ManifestFileTest, WantsItsSection) {
  FileImage image = *MakeSectionImage(format::FileKind::kManifest, "other", {});
  auto stored = Read(image.bytes);
  EXPECT_EQ(stored.status().code(), StatusCode::kCorruption);
  EXPECT_THAT(stored.status().ToString(), HasSubstr("there is no section manifest"));
}

}  // namespace
}  // namespace lancer::dataset
