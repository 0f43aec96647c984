// Fragment trees in memory for tests.
//
// Ownership: values. Thread rule: one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "dataset/fragment_tree.h"
#include "tests/dataset/manifest_fixture.h"
#include "tests/support/file_contents.h"
#include "tests/support/test_context.h"

namespace lancer::dataset {

// Keeps trees in files of nodes named "_tree/<n>.node".
struct TreeHouse {
  TreeHouse() { EXPECT_TRUE(test.file_system->CreateDirectory("/t/_tree").has_value()); }

  std::optional<Subtree> Append(const std::optional<Subtree>& root,
                                const std::vector<Fragment>& fragments) {
    NodeFileBuilder builder;
    auto grown = AppendToTree(root, fragments, cache, &builder);
    EXPECT_TRUE(grown.has_value()) << grown.status().ToString();
    FileImage image = *builder.Finish();
    image.ref.path = "_tree/" + std::to_string(files++) + ".node";
    EXPECT_TRUE(
        test::PublishFile(*test.file_system, "/t/" + image.ref.path, image.bytes).ok());
    grown->node.file = image.ref;
    last_file_bytes = image.bytes.size();
    return *grown;
  }

  std::vector<Fragment> All(const Subtree& root, NodeCache& through) {
    std::vector<Fragment> all;
    Status status = VisitLeaves(
        root, 0, through, [&](const TreeNodePtr& leaf, uint64_t) -> Result<bool> {
          all.insert(all.end(), leaf->fragments.begin(), leaf->fragments.end());
          return true;
        });
    EXPECT_TRUE(status.ok()) << status.ToString();
    return all;
  }

  test::TestContext test = test::MakeTestContext();
  DatasetPaths paths = DatasetPaths("/t");
  NodeCache cache = NodeCache(paths, test.context);
  int files = 0;
  size_t last_file_bytes = 0;
};

}  // namespace lancer::dataset
