// Whatever form a path has, it leads to the same dataset or file: as given, relative,
// file://, std::filesystem::path; names are bytes and are kept as they are.
#include <gtest/gtest.h>

#include <filesystem>

#include "lancer/file_reader.h"
#include "lancer/file_writer.h"
#include "tests/dataset/dataset_fixture.h"
#include "tests/support/temporary_directory.h"

namespace lancer::dataset {
namespace {

namespace fs = std::filesystem;

// As UTF-8: blanks, what URIs keep for themselves, and letters that are no ASCII.
constexpr const char* kNames[] = {
    "packages",
    "two words ",
    "100% of #1?",
    "Z\xC3\xBCrich \xE6\x97\xA5\xE6\x9C\xAC.lancer",
    "a:b",
    "%41",
    "\xFF\xFE is no UTF-8",
};

// Each byte but '/' as its percent escape.
std::string FileUri(const std::string& path) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string uri = "file://";
  for (char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    uri += c == '/' ? std::string("/")
                    : std::string{'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return uri;
}

class PathFormsTest : public ::testing::Test {
 protected:
  // Relative paths begin in the temporary folder.
  void SetUp() override { fs::current_path(directory_.path()); }
  void TearDown() override { fs::current_path(before_); }

  const fs::path before_ = fs::current_path();
  test::TemporaryDirectory directory_;
  const fs::path root_ = directory_.path();
};

TEST_F(PathFormsTest, EveryFormOfAPathOpensTheSameDataset) {
  for (const char* name : kNames) {
    SCOPED_TRACE(name);
    const fs::path path = root_ / name;
    auto created = Dataset::Create(path, NumberStream(0, 3));
    ASSERT_TRUE(created.has_value()) << created.status().ToString();
    EXPECT_EQ((*created)->path(), path.native());
    EXPECT_TRUE(fs::exists(path / "FORMAT"));
    const std::string forms[] = {
        path,
        path.native() + "///",
        path / "",
        name,
        std::string(name) + "/",
        fs::path(".") / name,
        fs::path("..") / root_.filename() / name,
        FileUri(path),
        FileUri(path) + "/",
        "file://localhost" + FileUri(path).substr(7),
    };
    for (const std::string& form : forms) {
      SCOPED_TRACE(form);
      auto opened = Dataset::Open(form);
      ASSERT_TRUE(opened.has_value()) << opened.status().ToString();
      EXPECT_EQ((*opened)->uuid(), (*created)->uuid());
      EXPECT_EQ(ValueOrFail(ReadNumbers(**opened)), Iota(0, 3));
      EXPECT_EQ(Dataset::Create(form, NumberStream(0, 1)).status().code(),
                StatusCode::kAlreadyExists);
    }
  }
}

TEST_F(PathFormsTest, EveryFormOfAPathCreatesADataset) {
  const std::pair<std::string, fs::path> cases[] = {
      {fs::path("relative"), "relative"},
      {fs::path("with slash") / "", "with slash"},
      {fs::path(".") / "dot", "dot"},
      {fs::path("new folder") / "inner", "new folder/inner"},
      {FileUri((root_ / "\xC3\xA4 uri").native()) + "/", "\xC3\xA4 uri"},
  };
  for (const auto& [form, place] : cases) {
    SCOPED_TRACE(form);
    auto created = Dataset::Create(form, NumberStream(0, 2));
    ASSERT_TRUE(created.has_value()) << created.status().ToString();
    ASSERT_TRUE((*created)->Append(NumberStream(2, 2)).has_value());
    auto opened = Dataset::Open(root_ / place);
    ASSERT_TRUE(opened.has_value()) << opened.status().ToString();
    EXPECT_EQ(ValueOrFail(ReadNumbers(**opened)), Iota(0, 4));
  }
}

TEST_F(PathFormsTest, ARelativePathIsNotFollowedAfterTheProcessMoved) {
  ASSERT_TRUE(Dataset::Create(fs::path("here"), NumberStream(0, 1)).has_value());
  fs::create_directory("elsewhere");
  fs::current_path("elsewhere");
  Status status = Dataset::Open(fs::path("here")).status();
  EXPECT_EQ(status.code(), StatusCode::kNotFound) << status.ToString();
  EXPECT_TRUE(Dataset::Open(fs::path("..") / "here").has_value());
}

TEST_F(PathFormsTest, SingleFilesTakePathsAsTheyAre) {
  for (const char* name : kNames) {
    SCOPED_TRACE(name);
    for (const fs::path& path : {root_ / name, fs::path(name)}) {
      const Batch batch = Numbers(0, 3);
      auto writer = FileWriter::Create(path, *batch.schema);
      ASSERT_TRUE(writer.has_value()) << writer.status().ToString();
      ASSERT_TRUE((*writer)->Write(batch).ok());
      ASSERT_TRUE((*writer)->Finish().has_value());
      auto reader = FileReader::Open(path);
      ASSERT_TRUE(reader.has_value()) << reader.status().ToString();
      EXPECT_EQ((*reader)->row_count(), 3u);
      EXPECT_EQ((*reader)->path(), path.native());
      ASSERT_TRUE(fs::remove(path));
    }
  }
}

TEST_F(PathFormsTest, FileSystemsTakePathObjects) {
  const auto files = DefaultContext()->file_system;
  const fs::path folder = root_ / "Z\xC3\xBCrich 1";
  ASSERT_TRUE(files->CreateDirectory(folder).has_value());
  ASSERT_TRUE(files->Overwrite(folder / "a b", {}).ok());
  EXPECT_TRUE(files->Stat(folder / "a b")->has_value());
  EXPECT_EQ(files->List(folder)->at(0).name, "a b");
  EXPECT_TRUE(files->Remove(folder / "a b").ok());
}

}  // namespace
}  // namespace lancer::dataset
