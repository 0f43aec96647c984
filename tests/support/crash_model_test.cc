#include "tests/support/crash_model.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/file_contents.h"

namespace lancer::test::internal {
namespace {

Step Append(uint64_t file, std::string_view text) {
  std::span<const std::byte> bytes = BytesOf(text);
  return {StepKind::kAppend, "", file, {bytes.begin(), bytes.end()}};
}

TEST(NormalPath, IsAbsoluteWithoutDetours) {
  EXPECT_EQ(NormalPath("a//b/"), "/a/b");
  EXPECT_EQ(NormalPath("/a/./b/../c"), "/a/c");
  EXPECT_EQ(NormalPath("/"), "/");
  EXPECT_EQ(NormalPath("."), "/");
}

TEST(CrashModel, HasOneStateWhenAllIsSynced) {
  CrashModel model;
  model.Apply(Append(1, "abc"));
  model.Apply({StepKind::kSyncFile, "", 1, {}});
  model.Apply({StepKind::kName, "/a", 1, {}});
  EXPECT_EQ(model.Choices({}, 1).size(), 2u);
  model.Apply({StepKind::kSyncDirectory, "/", kNoFile, {}});
  auto choices = model.Choices({}, 1);
  ASSERT_EQ(choices.size(), 1u);
  EXPECT_EQ(ReadFileText(*model.Materialise(choices[0], {}), "/a").value_or("?"), "abc");
}

TEST(CrashModel, IgnoresBytesThatNoNameReaches) {
  CrashModel model;
  model.Apply(Append(1, "abc"));
  EXPECT_EQ(model.Choices({}, 1).size(), 1u);
}

TEST(CrashModel, TearsAtSectors) {
  CrashModel model;
  model.Apply({StepKind::kName, "/a", 1, {}});
  model.Apply({StepKind::kSyncAll, "", kNoFile, {}});
  model.Apply(Append(1, std::string(1'000, 'x')));
  std::set<size_t> sizes;
  for (const auto& choice : model.Choices({}, 1)) {
    sizes.insert(ReadFileText(*model.Materialise(choice, {}), "/a")->size());
  }
  EXPECT_EQ(sizes, (std::set<size_t>{0, 512, 1'000}));
}

TEST(CrashModel, KeepsBytesBeforeTheLastSync) {
  CrashModel model;
  model.Apply({StepKind::kName, "/a", 1, {}});
  model.Apply(Append(1, "safe"));
  model.Apply({StepKind::kSyncAll, "", kNoFile, {}});
  model.Apply(Append(1, std::string(5'000, 'x')));
  for (const auto& choice : model.Choices({}, 1)) {
    std::string text = *ReadFileText(*model.Materialise(choice, {}), "/a");
    EXPECT_EQ(text.substr(0, 4), "safe") << model.Describe(choice, {});
  }
}

TEST(CrashModel, DescribesAndTellsStatesApart) {
  CrashModel model;
  model.Apply({StepKind::kName, "/a", 1, {}});
  auto choices = model.Choices({}, 1);
  ASSERT_EQ(choices.size(), 2u);
  EXPECT_NE(model.Fingerprint(choices[0], {}), model.Fingerprint(choices[1], {}));
  EXPECT_EQ(model.Describe(choices[0], {}), "; name /a lost");
  EXPECT_EQ(model.Describe(choices[1], {}), "; name /a kept");
}

}  // namespace
}  // namespace lancer::test::internal
