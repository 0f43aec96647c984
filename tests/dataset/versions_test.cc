#include <gtest/gtest.h>

#include <set>

#include "dataset/conflict_matrix.h"
#include "dataset/dataset_impl.h"
#include "tests/dataset/dataset_fixture.h"
#include "tests/dataset/manifest_fixture.h"

namespace lancer::dataset {
namespace {

TEST(Versions, EveryOperationHasAName) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < kOperationKinds; ++i) {
    names.insert(OperationName(static_cast<OperationKind>(i)));
  }
  EXPECT_EQ(names.size(), kOperationKinds);
  EXPECT_FALSE(names.contains("unknown"));
}

TEST(Versions, InfoSaysWhatTheManifestSays) {
  StoredManifest stored;
  stored.manifest = TestManifest();
  stored.size_bytes = 777;
  VersionInfo info = InfoOf(stored);
  EXPECT_EQ(info.version, VersionNumber(3));
  EXPECT_EQ(info.parent, VersionNumber(2));
  EXPECT_EQ(info.operation, OperationKind::kAppend);
  EXPECT_EQ(info.message, "more rows");
  EXPECT_EQ(info.rows, 20u);
  EXPECT_EQ(info.fragments, 2u);
  EXPECT_EQ(info.data_bytes, 2001u);
  EXPECT_EQ(info.manifest_bytes, 777u);
  EXPECT_EQ(info.transaction, TestUuid(0xBB));
}

TEST(Versions, ADamagedOneIsNamed) {
  auto test = test::MakeTestContext();
  auto dataset = *Dataset::Create("/t", NumberStream(0, 1), {}, test.context);
  ASSERT_TRUE(dataset->Append(NumberStream(1, 1)).has_value());
  ASSERT_TRUE(test.file_system->Remove("/t/_log/00000000000000000001.mft").ok());
  Status status = dataset->Versions().status();
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_NE(status.ToString().find("00000000000000000001.mft"), std::string::npos);
}

}  // namespace
}  // namespace lancer::dataset
