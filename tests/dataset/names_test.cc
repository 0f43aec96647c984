#include "dataset/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lancer/status.h"

namespace lancer::dataset {
namespace {

Uuid SomeUuid() { return *Uuid::Parse("00112233-4455-6677-8899-aabbccddeeff"); }

TEST(DatasetPaths, SpellsPaths) {
  DatasetPaths paths("/a/b");
  EXPECT_EQ(paths.manifest(VersionNumber(42)), "/a/b/_log/00000000000000000042.mft");
  EXPECT_EQ(paths.tombstone(VersionNumber(41)), "/a/b/_log/00000000000000000041.skip");
  EXPECT_EQ(paths.intent(SomeUuid()),
            "/a/b/_log/intent/00112233-4455-6677-8899-aabbccddeeff");
  EXPECT_EQ(DatasetPaths("/").format_file(), "/FORMAT");
  EXPECT_EQ(DatasetPaths("rel").head(), "rel/_log/HEAD");
}

TEST(Names, BeginWithTheSession) {
  EXPECT_EQ(DataFileName(SomeUuid(), SomeUuid()),
            "data/0011223344556677-00112233-4455-6677-8899-aabbccddeeff.lancer");
  EXPECT_EQ(NodeFileName(SomeUuid(), SomeUuid()),
            "_tree/0011223344556677-00112233-4455-6677-8899-aabbccddeeff.node");
}

TEST(Names, ParsesVersionsAndNothingElse) {
  auto parse = [](std::string_view name) {
    auto version = ParseVersionName(name, kManifestSuffix);
    return version ? version->value : 0;
  };
  EXPECT_EQ(parse("00000000000000000001.mft"), 1u);
  EXPECT_EQ(parse("09223372036854775807.mft"), (1ull << 63) - 1);
  for (std::string_view name :
       {"00000000000000000000.mft", "1.mft", "0000000000000000001.mft",
        "000000000000000000001.mft", "0000000000000000000a.mft",
        "+0000000000000000001.mft", "09223372036854775808.mft",
        "18446744073709551614.mft", "99999999999999999999.mft",
        "00000000000000000001.skip", "00000000000000000001.mft~", "HEAD", ""}) {
    EXPECT_EQ(parse(name), 0u) << name;
  }
}

TEST(Names, ReferencesStayInsideTheDataset) {
  for (std::string_view path : {"data/a.lancer", "FORMAT", "a-b_c.d/e", "...", "a/..b"}) {
    EXPECT_TRUE(CheckReferencePath(path, "m").ok()) << path;
  }
  for (std::string_view path :
       {"", "/etc/passwd", "../x", "data/../../x", "data//x", "data/", "./x", "a b",
        "data/x\n", "a\\b", "file:///x", ".."}) {
    Status status = CheckReferencePath(path, "m");
    EXPECT_EQ(status.code(), StatusCode::kCorruption) << path;
    EXPECT_THAT(status.ToString(), ::testing::HasSubstr("m: a reference of"));
  }
  EXPECT_FALSE(CheckReferencePath(std::string(256, 'a'), "m").ok());
  EXPECT_FALSE(CheckReferencePath(std::string_view("a\0b", 3), "m").ok());
}

}  // namespace
}  // namespace lancer::dataset
