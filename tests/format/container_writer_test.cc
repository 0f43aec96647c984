#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/format/container_fixture.h"
#include "tests/support/file_contents.h"

namespace lancer::format {
namespace {

TEST(ContainerWriter, StartsAndEndsWithTheMagic) {
  WrittenFile written = WriteFile(FileKind::kData, 1);
  const std::vector<std::byte> magic = Bytes("LNCR\r\n\x1a\n");
  ASSERT_GT(written.bytes.size(), 72u);
  EXPECT_TRUE(std::equal(magic.begin(), magic.end(), written.bytes.begin()));
  EXPECT_TRUE(std::equal(magic.begin(), magic.end(), written.bytes.end() - 8));
  EXPECT_EQ(written.ref.size, written.bytes.size());
}

TEST(ContainerWriter, WritesTheSameBytesForTheSameInput) {
  auto more = [](ContainerWriter* writer) {
    ASSERT_TRUE(writer->AddSection("s", std::vector<std::byte>(9999)).ok());
  };
  WrittenFile a = WriteFile(FileKind::kData, 3, more);
  WrittenFile b = WriteFile(FileKind::kData, 3, more);
  EXPECT_EQ(a.bytes, b.bytes);
  EXPECT_EQ(a.ref, b.ref);
}

TEST(ContainerWriter, AlignsWithZeros) {
  BytesStage stage;
  auto writer = *ContainerWriter::Begin(&stage, FileKind::kData);
  for (uint32_t alignment : {1u, 8u, 64u, 4096u, 16384u}) {
    auto offset = writer->Append(Bytes("x"), alignment);
    ASSERT_TRUE(offset);
    EXPECT_EQ(*offset % alignment, 0u);
    EXPECT_EQ(stage.bytes.at(*offset), std::byte{'x'});
    EXPECT_EQ(writer->offset(), *offset + 1);
  }
  EXPECT_EQ(stage.bytes[4095], std::byte{0});
  EXPECT_EQ(writer->Append(Bytes("x"), 3).error().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(writer->Append(Bytes("x"), 0).error().code(), StatusCode::kInvalidArgument);
}

TEST(ContainerWriter, RefusesTwoSectionsOfOneName) {
  BytesStage stage;
  auto writer = *ContainerWriter::Begin(&stage, FileKind::kManifest);
  EXPECT_TRUE(writer->AddSection("a", Bytes("1")).ok());
  EXPECT_EQ(writer->AddSection("a", Bytes("2")).code(), StatusCode::kAlreadyExists);
}

TEST(ContainerWriter, StaysFailedAfterAnError) {
  const size_t size = WriteFile(FileKind::kManifest, 0).bytes.size();
  for (uint64_t limit = 8; limit < size; ++limit) {
    BytesStage stage;
    auto writer = *ContainerWriter::Begin(&stage, FileKind::kManifest);
    stage.limit = limit;
    auto page = writer->AppendChecked(Bytes("one page of 32 bytes, 4 rows of."), 64);
    auto ref = writer->Finish(Schema(), 4);
    ASSERT_FALSE(ref) << limit;
    EXPECT_EQ(ref.error().code(), StatusCode::kResourceExhausted);
    stage.limit = UINT64_MAX;
    EXPECT_EQ(writer->Append(Bytes("x"), 1).error().code(),
              StatusCode::kResourceExhausted);
    EXPECT_EQ(writer->AddSection("a", {}).code(), StatusCode::kResourceExhausted);
  }
}

TEST(ContainerWriter, RefusesToGoOnAfterFinish) {
  BytesStage stage;
  auto writer = *ContainerWriter::Begin(&stage, FileKind::kManifest);
  ASSERT_TRUE(writer->Finish(Schema(), 0));
  EXPECT_FALSE(writer->Finish(Schema(), 0));
  EXPECT_FALSE(writer->Append(Bytes("x"), 1));
}

TEST(ContainerWriter, NeedsAnEmptyFile) {
  BytesStage stage;
  stage.bytes = Bytes("x");
  EXPECT_EQ(ContainerWriter::Begin(&stage, FileKind::kData).error().code(),
            StatusCode::kInvalidArgument);
}

TEST(ContainerWriter, WritesThroughAFileSystem) {
  auto file_system = MakeMemoryFileSystem();
  ASSERT_TRUE(file_system->CreateDirectory("/d"));
  auto stage = file_system->Stage("/d", "/d/temporary");
  ASSERT_TRUE(stage);
  auto writer = *ContainerWriter::Begin(stage->get(), FileKind::kManifest);
  ASSERT_TRUE(writer->AddSection("a", Bytes("hello")).ok());
  auto ref = writer->Finish(Schema(), 0);
  ASSERT_TRUE(ref);
  ASSERT_TRUE((*stage)->Sync().ok());
  ASSERT_TRUE((*stage)->Publish("/d/m"));
  for (MapMode map : {MapMode::kAuto, MapMode::kNever}) {
    auto file = Container::Open(*file_system->OpenForRead("/d/m", map),
                                FileKind::kManifest, &*ref);
    ASSERT_TRUE(file) << file.error().ToString();
    EXPECT_EQ((*(*file)->ReadSection("a"))->size(), 5u);
  }
}

}  // namespace
}  // namespace lancer::format
