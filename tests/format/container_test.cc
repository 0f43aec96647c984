#include "format/container.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "encoding/checksum.h"
#include "format/column_directory.h"
#include "format/postscript.h"
#include "tests/format/container_fixture.h"

namespace lancer::format {
namespace {

using ::testing::HasSubstr;

// Everything a container says, as text, so that "identical content" is one comparison.
Result<std::string> Describe(const Container& file) {
  LANCER_RETURN_IF_ERROR(file.VerifyFrame());
  std::string text = std::to_string(file.row_count()) + file.written_by();
  LANCER_ASSIGN_OR_RETURN(auto schema, file.ReadSchema());
  text += schema->ToString();
  for (const Container::SectionInfo& info : file.sections()) {
    LANCER_ASSIGN_OR_RETURN(BufferPtr bytes, file.ReadSection(info.name));
    text += info.name + std::to_string(encoding::Checksum64(bytes->bytes()));
  }
  for (uint32_t i = 0; i < file.leaf_count(); ++i) {
    std::string name = "c" + std::to_string(i);
    LANCER_ASSIGN_OR_RETURN(auto leaf, file.FindLeaf({name}));
    LANCER_ASSIGN_OR_RETURN(auto meta,
                            file.ReadColumnMeta(LeafId(i), Int64Shape(name, int32_t(i))));
    text += std::to_string(leaf ? leaf->value : 99) + FormatFieldPath(meta->path) +
            std::to_string(meta->pages[0].offset);
  }
  return text;
}

void AddSections(ContainerWriter* writer) {
  ASSERT_TRUE(writer->AddSection("small", Bytes("twelve bytes")).ok());
  ASSERT_TRUE(writer->AddSection("large", std::vector<std::byte>(5000)).ok());
  ASSERT_TRUE(writer->AddSection("empty", {}).ok());
}

constexpr FileKind kKinds[] = {FileKind::kData, FileKind::kManifest, FileKind::kTreeNode,
                               FileKind::kFormat};

TEST(Container, GivesBackWhatWasWritten) {
  for (FileKind kind : kKinds) {
    for (bool mapped : {false, true}) {
      WrittenFile written = WriteFile(kind, 2, AddSections);
      auto file = OpenBytes(written.bytes, kind, mapped, &written.ref);
      ASSERT_TRUE(file) << file.error().ToString();
      EXPECT_EQ((*file)->row_count(), 4u);
      EXPECT_EQ((*file)->leaf_count(), 2u);
      EXPECT_EQ((*file)->major_version(), kMajorVersion);
      EXPECT_EQ((*file)->digest(), written.ref.digest);
      EXPECT_EQ((*file)->encodings().names, std::vector<std::string>{"plain"});
      ASSERT_EQ((*file)->sections().size(), 3u);
      EXPECT_LT((*file)->sections()[1].range.size, 100u) << "zeros are compressed";
      auto section = (*file)->ReadSection("large");
      ASSERT_TRUE(section);
      EXPECT_EQ((*section)->size(), 5000u);
      EXPECT_EQ((*(*file)->ReadSection("empty"))->size(), 0u);
      EXPECT_EQ((*file)->ReadSection("none").error().code(), StatusCode::kNotFound);
      auto schema = (*file)->ReadSchema();
      ASSERT_TRUE(schema);
      EXPECT_EQ((*schema)->field(1).name, "c1");
      EXPECT_TRUE((*file)->VerifyFrame().ok());
    }
  }
}

TEST(Container, RejectsEveryTruncation) {
  for (FileKind kind : {FileKind::kData, FileKind::kManifest}) {
    WrittenFile written = WriteFile(kind, kind == FileKind::kData ? 2 : 0, AddSections);
    for (size_t size = 0; size < written.bytes.size(); ++size) {
      SCOPED_TRACE(size);
      std::vector<std::byte> cut(written.bytes.begin(),
                                 written.bytes.begin() + std::ptrdiff_t(size));
      auto file = OpenBytes(cut, kind);
      ASSERT_FALSE(file);
      EXPECT_EQ(file.error().code(), StatusCode::kCorruption);
    }
  }
}

TEST(Container, FindsEveryFlippedBitOrIsUnharmedByIt) {
  for (FileKind kind : {FileKind::kData, FileKind::kManifest}) {
    for (bool mapped : {false, true}) {
      WrittenFile written = WriteFile(kind, kind == FileKind::kData ? 2 : 0, AddSections);
      const std::string good = *Describe(**OpenBytes(written.bytes, kind, mapped));
      size_t found = 0;
      for (size_t bit = 0; bit < written.bytes.size() * 8; ++bit) {
        std::vector<std::byte> bad = written.bytes;
        bad[bit / 8] ^= static_cast<std::byte>(1 << (bit % 8));
        auto file = OpenBytes(std::move(bad), kind, mapped);
        auto text = file ? Describe(**file) : Result<std::string>(file.error());
        if (text) {
          ASSERT_EQ(*text, good) << "bit " << bit;
        } else {
          ASSERT_EQ(text.error().code(), StatusCode::kCorruption) << "bit " << bit;
          ++found;
        }
      }
      // Only the page and the gaps between parts are not the container's to check.
      EXPECT_GT(found * 10, written.bytes.size() * 8 * 8);
    }
  }
}

TEST(Container, RefusesAFileThatIsNotTheOneReferredTo) {
  WrittenFile written = WriteFile(FileKind::kManifest, 0);
  FileRef other = written.ref;
  other.digest.high ^= 1;
  auto file = OpenBytes(written.bytes, FileKind::kManifest, false, &other);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code(), StatusCode::kCorruption);
  EXPECT_THAT(file.error().message(), HasSubstr(written.ref.digest.ToString()));
  other = written.ref;
  other.size += 1;
  file = OpenBytes(written.bytes, FileKind::kManifest, false, &other);
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message(), HasSubstr("a.lancer: file size: expected"));
}

TEST(Container, RefusesAnotherKindOfFile) {
  WrittenFile written = WriteFile(FileKind::kManifest, 0);
  auto file = OpenBytes(written.bytes, FileKind::kData);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(file.error().message(), HasSubstr("is a manifest, expected a data file"));
}

TEST(Container, NamesTheDamagedStructureAndBothChecksums) {
  WrittenFile written = WriteFile(FileKind::kData, 2);
  auto frame = (*OpenBytes(written.bytes, FileKind::kData))->frame();
  const struct {
    const char* name;
    uint64_t offset;
  } kCases[] = {{"column directory at", frame.directory.offset},
                {"name index at", frame.name_index.offset},
                {"schema at", frame.schema.offset},
                {"unit checks at", frame.unit_checks.offset},
                {"footer at", frame.footer.offset},
                {"postscript at", frame.postscript.offset}};
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.name);
    std::vector<std::byte> bad = written.bytes;
    bad[test.offset + 3] ^= std::byte{0x40};
    auto file = OpenBytes(std::move(bad), FileKind::kData);
    Status status = file ? (*file)->VerifyFrame() : file.error();
    EXPECT_EQ(status.code(), StatusCode::kCorruption);
    EXPECT_THAT(status.message(), HasSubstr("a.lancer: "));
    EXPECT_THAT(status.message(), HasSubstr(test.name));
    EXPECT_THAT(status.message(), HasSubstr("checksum stored "));
    EXPECT_THAT(status.message(), HasSubstr(", computed "));
  }
}

TEST(Container, FindsSwappedDirectorySlots) {
  // A writer that mixes up two leaves: everything is checksummed, but stands elsewhere.
  BytesStage stage;
  auto writer = *ContainerWriter::Begin(&stage, FileKind::kData);
  CheckedRange page = *writer->AppendChecked(Bytes("page"), 64);
  ASSERT_TRUE(writer->AddColumn(PlainColumn(Int64Shape("c1", 1), page, 4)).ok());
  ASSERT_TRUE(writer->AddColumn(PlainColumn(Int64Shape("c0", 0), page, 4)).ok());
  ASSERT_TRUE(writer->Finish(Schema(), 4));
  auto file = OpenBytes(stage.bytes, FileKind::kData);
  ASSERT_TRUE(file);
  auto meta = (*file)->ReadColumnMeta(LeafId(0), Int64Shape("c0", 0));
  ASSERT_FALSE(meta);
  EXPECT_EQ(meta.error().code(), StatusCode::kCorruption);
  EXPECT_THAT(meta.error().message(), HasSubstr("a.lancer: column c0: "));
  EXPECT_THAT(meta.error().message(), HasSubstr("it belongs to leaf c1"));
}

TEST(Container, OpensWithOneRead) {
  for (uint32_t columns : {0u, 1u, 1000u}) {
    WrittenFile written = WriteFile(FileKind::kData, columns);
    auto bytes = std::make_shared<BytesFile>(written.bytes, false);
    auto file = Container::Open(bytes, FileKind::kData, &written.ref);
    ASSERT_TRUE(file) << file.error().ToString();
    EXPECT_EQ(bytes->reads, 1u);
    EXPECT_LE(bytes->bytes_read, 128u << 10);
  }
}

TEST(Container, ReadsALargeTailInASecondRead) {
  // The footer grows with the names of sections.
  auto more = [](ContainerWriter* writer) {
    for (int i = 0; i < 40; ++i) {
      std::string name(5000, static_cast<char>('A' + i));
      ASSERT_TRUE(writer->AddSection(name, Bytes("x")).ok());
    }
  };
  WrittenFile written = WriteFile(FileKind::kManifest, 0, more);
  auto bytes = std::make_shared<BytesFile>(written.bytes, false);
  auto file = Container::Open(bytes, FileKind::kManifest, &written.ref);
  ASSERT_TRUE(file) << file.error().ToString();
  EXPECT_EQ(bytes->reads, 2u);
  EXPECT_GT((*file)->tail_size(), 128u << 10);
  EXPECT_TRUE((*file)->VerifyFrame().ok());
}

TEST(Container, OpensAndFindsOneOfManyColumnsInFewReads) {
  constexpr uint32_t kColumns = 100'000;
  WrittenFile written = WriteFile(FileKind::kData, kColumns);
  auto bytes = std::make_shared<BytesFile>(written.bytes, false);
  auto file = Container::Open(bytes, FileKind::kData);
  ASSERT_TRUE(file);
  EXPECT_EQ(bytes->reads, 1u);
  EXPECT_LT((*file)->tail_size(), 8u << 10);
  for (uint32_t leaf : {0u, 54'321u, kColumns - 1}) {
    bytes->reads = 0;
    bytes->bytes_read = 0;
    ASSERT_TRUE((*file)->DirectoryRecordOf(LeafId(leaf)));
    EXPECT_EQ(bytes->reads, 1u) << "one unit";
    EXPECT_LE(bytes->bytes_read, 4096u);
    bytes->reads = 0;
    auto found = (*file)->FindLeaf({"c" + std::to_string(leaf)});
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, LeafId(leaf));
    EXPECT_LE(bytes->reads, 7u) << "a few index units, a directory unit, the metadata";
  }
  EXPECT_FALSE((*(*file)->FindLeaf({"c100000"})).has_value());
  EXPECT_EQ((*file)->DirectoryRecordOf(LeafId(kColumns)).error().code(),
            StatusCode::kInvalidArgument);
}

TEST(Container, ReadsCheckedRanges) {
  CheckedRange range;
  WrittenFile written = WriteFile(FileKind::kData, 0, [&](ContainerWriter* writer) {
    range = *writer->AppendChecked(Bytes("a page index"), 8);
  });
  auto file = *OpenBytes(written.bytes, FileKind::kData);
  EXPECT_EQ(*file->ReadChecked(range, "page index"), Bytes("a page index"));
  CheckedRange wrong = range;
  wrong.check ^= 1;
  auto read = file->ReadChecked(wrong, "page index");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message(),
              HasSubstr("page index at " + std::to_string(range.offset)));
  wrong = {.offset = UINT64_MAX - 3, .size = 8, .check = 0};
  EXPECT_EQ(file->ReadChecked(wrong, "x").error().code(), StatusCode::kCorruption);
  wrong = {.offset = 0, .size = UINT64_MAX, .check = 0};
  EXPECT_EQ(file->ReadChecked(wrong, "x").error().code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::format
