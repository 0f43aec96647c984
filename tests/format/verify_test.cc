#include "format/verify.h"

#include <gtest/gtest.h>

#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

void PutFile(const ContextPtr& context, const std::string& path,
             std::span<const std::byte> bytes) {
  ASSERT_TRUE(context->file_system->Replace(path, path + ".tmp", bytes, false).ok());
}

Result<VerifyReport> VerifyPath(const ContextPtr& context, const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const FileReader> reader,
                          FileReader::Open(path, {.map = MapMode::kNever}, context));
  return reader->Verify();
}

TEST(Verify, ASoundFileHasNoFaultsAndAllItsBytesAreRead) {
  ContextPtr context = MemoryContext(2);
  WriteFile(context, "a.lancer", {NumberedRows(0, 20000)}, {.page_bytes = 64 << 10});
  auto report = VerifyPath(context, "a.lancer");
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  EXPECT_TRUE(report->faults.empty()) << report->faults[0].ToString();
  EXPECT_EQ(report->bytes, FileBytes(context, "a.lancer").size());
  EXPECT_GT(report->units, 10U);
}

TEST(Verify, FindsEveryFlippedBit) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 300)});
  std::vector<std::byte> sound = FileBytes(context, "a.lancer");
  for (size_t i = 0; i < sound.size() * 8; ++i) {
    std::vector<std::byte> damaged = sound;
    damaged[i / 8] ^= std::byte{1} << (i % 8);
    PutFile(context, "b.lancer", damaged);
    auto report = VerifyPath(context, "b.lancer");
    ASSERT_TRUE(!report.has_value() || !report->faults.empty()) << "bit " << i;
    if (report) {
      ASSERT_NE(report->faults[0].message().find("b.lancer"), std::string_view::npos);
    }
  }
}

TEST(Verify, FindsEveryTruncation) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 50)});
  std::vector<std::byte> sound = FileBytes(context, "a.lancer");
  for (size_t size = 0; size < sound.size(); ++size) {
    PutFile(context, "b.lancer", std::span(sound).first(size));
    Status status = VerifyPath(context, "b.lancer").status();
    ASSERT_FALSE(status.ok()) << size;
    ASSERT_NE(status.message().find("b.lancer"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace lancer::format
