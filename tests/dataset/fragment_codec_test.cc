#include "dataset/fragment_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generated/tree_node_generated.h"
#include "tests/dataset/manifest_fixture.h"

namespace lancer::dataset {
namespace {

using ::testing::HasSubstr;

// Packs one fragment's table by `make`, and unpacks it.
template <typename Make>
Status UnpackMade(const Make& make) {
  FlatBufferBuilder builder;
  auto ref = PackRef(builder, TestFragment(1, 10, 0).file);
  std::vector<flatbuffers::Offset<stored::Fragment>> entries = {make(builder, ref)};
  builder.Finish(stored::CreateTreeNode(builder, 0, builder.CreateVector(entries)));
  const auto* node = flatbuffers::GetRoot<stored::TreeNode>(builder.GetBufferPointer());
  return UnpackFragments(node->fragments(), "m").status();
}

auto Ids(FlatBufferBuilder& builder) {
  return builder.CreateVectorOfStructs(std::vector{stored::RowIdRange(0, 10)});
}
auto Runs(FlatBufferBuilder& builder, std::vector<stored::VersionRun> runs) {
  return builder.CreateVectorOfStructs(runs);
}

TEST(FragmentCodec, WantsFilesIdsAndCreation) {
  Status no_file = UnpackMade([](auto& builder, auto) {
    return stored::CreateFragment(builder, 1, 10, Ids(builder));
  });
  EXPECT_THAT(no_file.ToString(), HasSubstr("m: fragment 1: no file holds its rows"));
  Status no_creation = UnpackMade([](auto& builder, auto ref) {
    auto file = stored::CreateColumnFile(builder, ref, 0);
    return stored::CreateFragment(builder, 1, 10, Ids(builder),
                                  builder.CreateVector(&file, 1));
  });
  EXPECT_THAT(no_creation.ToString(), HasSubstr("no version created its rows"));
  Status few_created = UnpackMade([](auto& builder, auto ref) {
    auto file = stored::CreateColumnFile(builder, ref, 0);
    auto files = builder.CreateVector(&file, 1);
    return stored::CreateFragment(builder, 1, 10, Ids(builder), files,
                                  Runs(builder, {{9, 1}}));
  });
  EXPECT_THAT(few_created.ToString(), HasSubstr("10 rows, but 9 were created"));
}

TEST(FragmentCodec, RefusesWhatOnlyNewerVersionsUnderstand) {
  Status two_files = UnpackMade([](auto& builder, auto ref) {
    auto file = stored::CreateColumnFile(builder, ref, 0);
    std::vector files = {file, file};
    auto vector = builder.CreateVector(files);
    return stored::CreateFragment(builder, 1, 10, Ids(builder), vector,
                                  Runs(builder, {{10, 1}}));
  });
  EXPECT_EQ(two_files.code(), StatusCode::kUnsupported);
  Status updated = UnpackMade([](auto& builder, auto ref) {
    auto file = stored::CreateColumnFile(builder, ref, 0);
    auto vector = builder.CreateVector(&file, 1);
    auto created = Runs(builder, {{10, 1}});
    auto runs = Runs(builder, {{10, 2}});
    return stored::CreateFragment(builder, 1, 10, Ids(builder), vector, created, runs);
  });
  EXPECT_EQ(updated.code(), StatusCode::kUnsupported);
  EXPECT_THAT(updated.ToString(), HasSubstr("'updated'"));
}

TEST(FragmentCodec, RefusesStructsThatLieAskew) {
  Status row_ids = UnpackMade([](auto& builder, auto ref) {
    auto file = stored::CreateColumnFile(builder, ref, 0);
    auto files = builder.CreateVector(&file, 1);
    auto created = Runs(builder, {{10, 1}});
    auto ids = AskewVector(builder, std::vector{stored::RowIdRange(0, 10)});
    return stored::CreateFragment(builder, 1, 10, ids, files, created);
  });
  EXPECT_EQ(row_ids.code(), StatusCode::kCorruption);
  EXPECT_THAT(row_ids.ToString(),
              HasSubstr("fragment 1: row ids or created runs are not"));
  Status created = UnpackMade([](auto& builder, auto ref) {
    auto file = stored::CreateColumnFile(builder, ref, 0);
    auto files = builder.CreateVector(&file, 1);
    auto ids = Ids(builder);
    auto runs = AskewVector(builder, std::vector{stored::VersionRun(10, 1)});
    return stored::CreateFragment(builder, 1, 10, ids, files, runs);
  });
  EXPECT_EQ(created.code(), StatusCode::kCorruption);
}

TEST(FragmentCodec, DigestsKeepTheirHalves) {
  Digest digest = {.low = 1, .high = 2};
  stored::Digest packed = PackDigest(digest);
  EXPECT_EQ(UnpackDigest(&packed), digest);
  EXPECT_EQ(UnpackDigest(nullptr), Digest{});
}

}  // namespace
}  // namespace lancer::dataset
