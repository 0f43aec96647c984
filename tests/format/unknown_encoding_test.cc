// A file of a later build, with an encoding in it that this one does not know.
#include <gtest/gtest.h>

#include <algorithm>

#include "encoding/checksum.h"
#include "format/postscript.h"
#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

// Overwrites the name of an encoding in the footer, and makes the checks fit.
void RenameEncoding(const ContextPtr& context, const std::string& path,
                    const std::string& name, const std::string& other) {
  auto file = context->file_system->OpenForRead(path, MapMode::kNever);
  ASSERT_TRUE(file.has_value());
  std::vector<std::byte> bytes((*file)->size());
  const ReadRange whole{0, bytes};
  ASSERT_TRUE((*file)->ReadBatch({&whole, 1}).ok());
  auto postscript = ParsePostscript(bytes, bytes.size(), path);
  ASSERT_TRUE(postscript.has_value());
  const auto footer =
      std::span(bytes).subspan(postscript->footer_offset, postscript->footer_size);
  const auto letters = std::as_bytes(std::span(name));
  const auto found =
      std::search(footer.begin(), footer.end(), letters.begin(), letters.end());
  ASSERT_NE(found, footer.end());
  ASSERT_EQ(name.size(), other.size());
  std::ranges::copy(std::as_bytes(std::span(other)), found);
  postscript->footer_check = encoding::Checksum64(footer);
  const auto stored = SerializePostscript(*postscript);
  std::ranges::copy(stored, bytes.end() - kPostscriptSize);
  ASSERT_TRUE(context->file_system->Overwrite(path, bytes).ok());
}

class UnknownEncoding : public ::testing::Test {
 protected:
  // Column "name" in the encoding "zzzz", column "id" in one that is known.
  void SetUp() override {
    Batch batch = NumberedRows(0, 30000);
    std::vector<std::string> names;
    for (int64_t i = 0; i < batch.length; ++i) {
      names.push_back("name " + std::to_string(i * 7919 % 10007 % 5));
    }
    batch.columns[1] = Strings(names);
    WriteFile(context_, "a.lancer", {batch});
    const auto columns = OpenOrFail(context_, "a.lancer")->DescribeColumns();
    ASSERT_EQ((*columns)[1].pages[0].encoding, "dict(ffor)");
    ASSERT_EQ((*columns)[0].pages[0].encoding.find("dict"), std::string::npos);
    RenameEncoding(context_, "a.lancer", "dict", "zzzz");
    reader_ = OpenOrFail(context_, "a.lancer");
    ASSERT_NE(reader_, nullptr);
  }

  static void ExpectUnknown(const Status& status) {
    EXPECT_EQ(status.code(), StatusCode::kUnsupported);
    EXPECT_EQ(status.message(),
              "a.lancer: column name: it is stored with the encoding zzzz, which this "
              "build does not know; other columns can be read");
  }

  ContextPtr context_ = MemoryContext();
  std::shared_ptr<const FileReader> reader_;
};

TEST_F(UnknownEncoding, OtherColumnsAreRead) {
  const std::vector<std::string> known = {"id"};
  const std::vector<uint64_t> rows = {29999, 0};
  const auto taken = reader_->Take(rows, {.columns = known});
  ASSERT_TRUE(taken.has_value()) << taken.error().ToString();
  EXPECT_EQ(taken->columns[0]->FormatValue(0), "29999");
  auto scan = reader_->Scan({.columns = known});
  ASSERT_TRUE(scan.has_value());
  EXPECT_EQ(ReadAll(scan->get())->length, 30000);
  const auto columns = reader_->DescribeColumns(known);
  ASSERT_TRUE(columns.has_value()) << columns.error().ToString();
  EXPECT_EQ(columns->size(), 1U);
}

TEST_F(UnknownEncoding, ItsColumnSaysWhatIsMissing) {
  const std::vector<uint64_t> rows = {0};
  ExpectUnknown(reader_->Take(rows).status());
  ExpectUnknown(reader_->DescribeColumns().status());
  auto scan = reader_->Scan();
  ExpectUnknown(scan ? (*scan)->Next().status() : scan.status());
}

TEST_F(UnknownEncoding, VerificationTellsItFromDamage) {
  const auto report = reader_->Verify();
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  ASSERT_EQ(report->faults.size(), 1U);
  ExpectUnknown(report->faults[0]);
}

}  // namespace
}  // namespace lancer::format
