#include "dataset/snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/log_fixture.h"

namespace lancer::dataset {
namespace {

class SnapshotTest : public ::testing::Test {
 protected:
  Result<SnapshotPtr> Load(const Manifest& manifest) {
    auto stored = std::make_shared<StoredManifest>();
    stored->manifest = manifest;
    return Snapshot::Load(store_, std::move(stored));
  }

  LogHouse house_;
  Store store_{house_.paths, FormatFile{}, house_.test.context, ReaderOptions{}};
};

TEST_F(SnapshotTest, KnowsSchemaAndRows) {
  SnapshotPtr snapshot = *Load(TestManifest());
  EXPECT_EQ(snapshot->schema()->field(0).name, "x");
  EXPECT_EQ(snapshot->fragments().row_count(), 20u);
  EXPECT_EQ(snapshot->manifest().version, VersionNumber(3));
}

TEST_F(SnapshotTest, FieldIdsMustHaveBeenGivenOut) {
  Manifest manifest = TestManifest();
  manifest.next.field = 0;
  auto snapshot = Load(manifest);
  EXPECT_EQ(snapshot.status().code(), StatusCode::kCorruption);
  EXPECT_THAT(snapshot.status().ToString(),
              ::testing::HasSubstr("field x: id 0 was never given out"));
}

TEST_F(SnapshotTest, DamagedAndMissingSchemasAreDamage) {
  Manifest manifest = TestManifest();
  manifest.schemas[0].bytes.resize(5);
  EXPECT_EQ(Load(manifest).status().code(), StatusCode::kCorruption);
  manifest.schemas[0].bytes.clear();
  manifest.schemas[0].file = format::FileRef{.path = "_tree/none.node"};
  EXPECT_EQ(Load(manifest).status().code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::dataset
