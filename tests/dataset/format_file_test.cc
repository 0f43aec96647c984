#include "dataset/format_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/manifest_fixture.h"
#include "tests/support/file_contents.h"
#include "tests/support/test_context.h"

namespace lancer::dataset {
namespace {

FormatFile SomeFormat() {
  FormatFile format;
  format.table = TestUuid(7);
  format.publish_method = PublishMethod::kRenameNoReplace;
  format.single_host = true;
  format.created_us = 12345;
  format.written_by = "a test";
  return format;
}

class FormatFileTest : public ::testing::Test {
 protected:
  Result<FormatFile> Read(std::span<const std::byte> bytes) {
    (void)test_.file_system->Remove("/FORMAT");
    EXPECT_TRUE(test::PublishFile(*test_.file_system, "/FORMAT", bytes).ok());
    return ReadFormatFile(*test_.file_system, "/FORMAT");
  }

  test::TestContext test_ = test::MakeTestContext();
};

TEST_F(FormatFileTest, GivesBackWhatItTook) {
  auto format = Read(EncodeFormatFile(SomeFormat())->bytes);
  ASSERT_TRUE(format.has_value()) << format.status().ToString();
  EXPECT_EQ(*format, SomeFormat());
  EXPECT_EQ(ReadFormatFile(*test_.file_system, "/none").status().code(),
            StatusCode::kNotFound);
}

TEST_F(FormatFileTest, RefusesWhatItDoesNotKnow) {
  FormatFile hash = SomeFormat();
  hash.file_hash = "blake3";
  auto format = Read(EncodeFormatFile(hash)->bytes);
  EXPECT_EQ(format.status().code(), StatusCode::kUnsupported);
  EXPECT_THAT(format.status().ToString(), ::testing::HasSubstr("blake3"));
  FormatFile feature = SomeFormat();
  feature.required_features = {"branches"};
  format = Read(EncodeFormatFile(feature)->bytes);
  EXPECT_EQ(format.status().code(), StatusCode::kUnsupported);
  EXPECT_THAT(format.status().ToString(), ::testing::HasSubstr("'branches'"));
}

TEST_F(FormatFileTest, FindsEveryBitAndTruncation) {
  std::vector<std::byte> bytes = EncodeFormatFile(SomeFormat())->bytes;
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::vector<std::byte> damaged = bytes;
    damaged[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    auto format = Read(damaged);
    if (format) {
      EXPECT_EQ(*format, SomeFormat()) << bit;
    }
  }
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(Read(std::span(bytes).first(size)).has_value()) << size;
  }
}

}  // namespace
}  // namespace lancer::dataset
