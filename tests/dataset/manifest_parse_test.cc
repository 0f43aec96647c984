#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "flatbuffers/flatbuffers.h"
#include "generated/manifest_generated.h"
#include "tests/dataset/manifest_fixture.h"

namespace lancer::dataset {
namespace {

using ::testing::HasSubstr;

Subtree TestTree() {
  Subtree tree;
  tree.node = {.file = {.path = "_tree/a.node", .size = 900, .digest = {.low = 1}},
               .offset = 8,
               .size = 800,
               .check = 3};
  tree.last_id = FragmentId(9);
  tree.totals = {.fragments = 10, .files = 10, .rows = 100, .bytes = 5000};
  tree.last_row_id = RowId(99);
  return tree;
}

// TestManifest with its fragments behind a tree.
Manifest TreeManifest() {
  Manifest manifest = TestManifest();
  manifest.tree = TestTree();
  manifest.fragments = {TestFragment(10, 10, 100)};
  manifest.totals = manifest.tree->totals;
  EXPECT_TRUE(AddTotals(&manifest.totals, TotalsOf(manifest.fragments)));
  manifest.next.fragment = 11;
  manifest.next.row_id = 110;
  return manifest;
}

struct Damage {
  const char* name;
  std::function<void(Manifest&)> apply;
  const char* message;
};

TEST(ManifestParse, TreesStandBelowTheEntries) {
  auto parsed = ParseManifest(SerializeManifest(TreeManifest()), "m");
  ASSERT_TRUE(parsed.has_value()) << parsed.status().ToString();
  EXPECT_EQ(*parsed, TreeManifest());
}

TEST(ManifestParse, FindsWhatDoesNotFitTogether) {
  const Damage cases[] = {
      {"rows", [](Manifest& m) { m.totals.rows = 21; }, "the summary states"},
      {"bytes", [](Manifest& m) { ++m.totals.bytes; }, "the summary states"},
      {"applier of version 0",
       [](Manifest& m) { m.appliers["loader"].version = VersionNumber(0); },
       "an applier's version is 0"},
      {"applier of a later version",
       [](Manifest& m) { m.appliers["loader"].version.value = m.version.value + 1; },
       "an applier's version is"},
      {"row counter", [](Manifest& m) { m.next.row_id = 109; }, "counters"},
      {"fragment counter", [](Manifest& m) { m.next.fragment = 10; }, "counters"},
      {"schema counter", [](Manifest& m) { m.next.schema = 0; }, "counters"},
      {"entry inside the tree", [](Manifest& m) { m.fragments[0].id = FragmentId(9); },
       "counters"},
      {"row ids inside the tree",
       [](Manifest& m) { m.fragments[0].row_ids[0].first = 99; }, "counters"},
      {"no schema", [](Manifest& m) { m.schemas.clear(); }, "schema 0"},
      {"other schema", [](Manifest& m) { m.schemas[0].id = 5; }, "schema 0"},
      {"version 0", [](Manifest& m) { m.version = VersionNumber(0); }, "version 0"},
      {"parent", [](Manifest& m) { m.parent = VersionNumber(3); }, "parent 3"},
      {"path", [](Manifest& m) { m.fragments[0].file.path = "/x"; }, "no plain path"},
      {"tree path", [](Manifest& m) { m.tree->node.file.path = ".."; }, "no plain path"},
      {"tree without a file", [](Manifest& m) { m.tree->node.file.path = ""; },
       "names no file"},
      {"tree range", [](Manifest& m) { m.tree->node.offset = UINT64_MAX; }, "outside"},
      {"empty tree", [](Manifest& m) { m.tree->totals.fragments = 0; }, "subtree of 0"},
      {"crowded tree", [](Manifest& m) { m.tree->totals.fragments = 11; },
       "subtree of 11"},
      {"no rows", [](Manifest& m) { m.fragments[0].rows = 0; }, "0 rows"},
      {"row ids", [](Manifest& m) { m.fragments[0].row_ids[0].count = 9; }, "row ids"},
  };
  for (const Damage& damage : cases) {
    Manifest manifest = TreeManifest();
    damage.apply(manifest);
    auto parsed = ParseManifest(SerializeManifest(manifest), "m");
    EXPECT_EQ(parsed.status().code(), StatusCode::kCorruption) << damage.name;
    EXPECT_THAT(parsed.status().ToString(), HasSubstr(damage.message)) << damage.name;
  }
}

TEST(ManifestParse, RefusesFeaturesItDoesNotHave) {
  Manifest manifest = TestManifest();
  manifest.reader_features = {"deletion-vectors"};
  auto parsed = ParseManifest(SerializeManifest(manifest), "m");
  EXPECT_EQ(parsed.status().code(), StatusCode::kUnsupported);
  EXPECT_THAT(parsed.status().ToString(), HasSubstr("'deletion-vectors'"));
  manifest = TestManifest();
  manifest.writer_features = {"keys"};
  EXPECT_TRUE(ParseManifest(SerializeManifest(manifest), "m").has_value());
  manifest = TestManifest();
  manifest.fragments[1].schema_id = 1;
  parsed = ParseManifest(SerializeManifest(manifest), "m");
  EXPECT_EQ(parsed.status().code(), StatusCode::kUnsupported);
}

// A table with one reserved field set: what a newer writer without features would do.
TEST(ManifestParse, RefusesReservedFields) {
  using Set = std::function<void(flatbuffers::FlatBufferBuilder&, bool before,
                                 stored::ManifestBuilder*)>;
  flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<stored::Pin>>> pins;
  const std::pair<const char*, Set> cases[] = {
      {"floor",
       [](auto&, bool before, auto* root) {
         if (!before) {
           root->add_floor(7);
         }
       }},
      {"pins", [&](auto& builder, bool before, auto* root) {
         if (before) {
           pins = builder.template CreateVector<flatbuffers::Offset<stored::Pin>>({});
         } else {
           root->add_pins(pins);
         }
       }}};
  for (const auto& [name, set] : cases) {
    flatbuffers::FlatBufferBuilder builder;
    set(builder, true, nullptr);
    stored::ManifestBuilder root(builder);
    root.add_version(1);
    set(builder, false, &root);
    builder.Finish(root.Finish());
    auto bytes = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
    auto parsed = ParseManifest(bytes, "m");
    EXPECT_EQ(parsed.status().code(), StatusCode::kUnsupported) << name;
    EXPECT_THAT(parsed.status().ToString(), HasSubstr(std::string("'") + name + "'"));
  }
}

TEST(ManifestParse, RefusesRecentTransactionsThatLieAskew) {
  flatbuffers::FlatBufferBuilder builder;
  auto recent = AskewVector(builder, std::vector<stored::RecentTransaction>(2));
  stored::Uuid table;
  stored::Counters next;
  stored::Summary summary;
  stored::ManifestBuilder root(builder);
  root.add_table(&table);
  root.add_version(1);
  root.add_next(&next);
  root.add_summary(&summary);
  root.add_recent_transactions(recent);
  builder.Finish(root.Finish());
  auto bytes = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
  auto parsed = ParseManifest(bytes, "m");
  EXPECT_EQ(parsed.status().code(), StatusCode::kCorruption);
  EXPECT_THAT(parsed.status().ToString(), HasSubstr("m: recent transactions are not"));
}

// Behind its checksum a manifest may still be nonsense; it must not do harm.
TEST(ManifestParse, SurvivesEveryByteChangedAndEveryTruncation) {
  std::vector<std::byte> bytes = SerializeManifest(TreeManifest());
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (int value : {0x00, 0x01, 0x7F, 0x80, 0xFF}) {
      std::vector<std::byte> damaged = bytes;
      damaged[i] = static_cast<std::byte>(value);
      auto parsed = ParseManifest(damaged, "m");
      if (!parsed) {
        EXPECT_TRUE(parsed.status().code() == StatusCode::kCorruption ||
                    parsed.status().code() == StatusCode::kUnsupported);
      }
    }
  }
  for (size_t size = 0; size < bytes.size(); size += 3) {
    (void)ParseManifest(std::span(bytes).first(size), "m");
  }
}

}  // namespace
}  // namespace lancer::dataset
