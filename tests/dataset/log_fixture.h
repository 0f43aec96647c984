// Logs without data: versions published one by one.
//
// Ownership: values. Thread rule: one thread at a time.
#pragma once

#include <memory>
#include <string>

#include "dataset/log.h"
#include "tests/dataset/manifest_fixture.h"
#include "tests/support/file_contents.h"
#include "tests/support/test_context.h"

namespace lancer::dataset {

struct LogHouse {
  explicit LogHouse(test::TestContextOptions options = {})
      : test(test::MakeTestContext(std::move(options))) {
    for (const std::string& folder : {paths.log(), paths.intents(), paths.data(),
                                      paths.nodes(), paths.temporaries()}) {
      EXPECT_TRUE(test.file_system->CreateDirectory(folder).has_value());
    }
  }

  // Publishes `version` on top of `parent`; null: the first.
  StoredManifestPtr Publish(uint64_t version, StoredManifestPtr parent) {
    Manifest manifest = TestManifest();
    manifest.version = VersionNumber(version);
    manifest.time_us = static_cast<int64_t>(version) * 1000;
    manifest.parent = parent ? parent->manifest.version : VersionNumber(0);
    manifest.parent_digest = parent ? parent->digest : Digest{};
    // Apart from the small ids that tests use.
    Uuid id = TestUuid(static_cast<uint8_t>(0x80 + version));
    manifest.transactions[0].id = id;
    manifest.transactions[0].app.clear();
    manifest.appliers.clear();
    manifest.recent = {{id, manifest.version}};
    FileImage image = *EncodeManifestFile(manifest);
    EXPECT_TRUE(test::PublishFile(*test.file_system, paths.manifest(manifest.version),
                                  image.bytes)
                    .ok());
    auto stored = std::make_shared<StoredManifest>();
    stored->manifest = manifest;
    stored->digest = image.ref.digest;
    stored->size_bytes = image.bytes.size();
    return stored;
  }
  // Versions 1 to `count`; returns the last.
  StoredManifestPtr PublishMany(uint64_t count) {
    StoredManifestPtr last;
    for (uint64_t version = 1; version <= count; ++version) {
      last = Publish(version, last);
    }
    return last;
  }
  uint64_t NewestVersion() {
    auto head = log.FindHead(nullptr, false);
    EXPECT_TRUE(head.has_value()) << head.status().ToString();
    return head && head->manifest ? head->manifest->manifest.version.value : 0;
  }

  test::TestContext test;
  DatasetPaths paths = DatasetPaths("/t");
  Log log = Log(paths, TestUuid(0xAA), test.context);
};

}  // namespace lancer::dataset
