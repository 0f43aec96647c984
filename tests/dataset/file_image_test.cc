#include "dataset/file_image.h"

#include <gtest/gtest.h>

#include "tests/support/file_contents.h"
#include "tests/support/test_context.h"

namespace lancer::dataset {
namespace {

TEST(FileImage, IsAContainerThatMatchesItsReference) {
  auto test = test::MakeTestContext();
  FileImage image = *MakeSectionImage(format::FileKind::kManifest, "words",
                                      test::BytesOf("some words"));
  EXPECT_EQ(image.ref.size, image.bytes.size());
  auto outcome = PublishImage(*test.file_system, image.bytes, "/a", "/", "/tmp-1",
                              PublishMethod::kLink);
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(*outcome, PublishOutcome::kCreated);
  auto file = *test.file_system->OpenForRead("/a", MapMode::kNever);
  auto container = format::Container::Open(file, format::FileKind::kManifest, &image.ref);
  ASSERT_TRUE(container.has_value()) << container.status().ToString();
  BufferPtr section = *(*container)->ReadSection("words");
  EXPECT_EQ(section->size(), 10u);
}

TEST(FileImage, ReplacesNothing) {
  auto test = test::MakeTestContext();
  auto publish = [&](std::string_view text) {
    return *PublishImage(*test.file_system, test::BytesOf(text), "/a", "/", "/tmp-1",
                         PublishMethod::kLink);
  };
  EXPECT_EQ(publish("first"), PublishOutcome::kCreated);
  EXPECT_EQ(publish("second"), PublishOutcome::kExists);
  EXPECT_EQ(*test::ReadFileText(*test.file_system, "/a"), "first");
}

TEST(FileImage, PublishesExclusivelyWhereNothingElseWorks) {
  auto test = test::MakeTestContext();
  auto outcome = PublishImage(*test.file_system, test::BytesOf("x"), "/a", "/", "/tmp-1",
                              PublishMethod::kExclusiveCreate);
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(*outcome, PublishOutcome::kCreated);
  EXPECT_EQ(*test::ReadFileText(*test.file_system, "/a"), "x");
}

TEST(FileImage, SameBodySameBytes) {
  auto body = [](format::ContainerWriter& writer) {
    return writer.AddSection("s", test::BytesOf("abc"));
  };
  EXPECT_EQ(MakeFileImage(format::FileKind::kTreeNode, body)->bytes,
            MakeFileImage(format::FileKind::kTreeNode, body)->bytes);
}

}  // namespace
}  // namespace lancer::dataset
