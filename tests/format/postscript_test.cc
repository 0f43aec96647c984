#include "format/postscript.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "encoding/byte_order.h"
#include "encoding/checksum.h"
#include "tests/format/hex_example.h"

namespace lancer::format {
namespace {

using ::testing::HasSubstr;
using Bytes64 = std::array<std::byte, kPostscriptSize>;

constexpr uint64_t kFileSize = 8192;

Postscript Sample() {
  return {.optional_features = 8,
          .footer_offset = kFileSize - kPostscriptSize - 300,
          .tail_size = 372,
          .footer_check = 0x0102030405060708,
          .footer_size = 300};
}

Result<Postscript> Parse(std::span<const std::byte> bytes,
                         uint64_t file_size = kFileSize) {
  return ParsePostscript(bytes, file_size, "a.lancer");
}

TEST(Postscript, HasTheBytesOfTheSpecification) {
  EXPECT_EQ(HexLines(SerializePostscript(Sample())), HexExample("container_postscript"));
}

TEST(Postscript, RoundTrips) {
  Bytes64 bytes = SerializePostscript(Sample());
  auto parsed = Parse(bytes);
  ASSERT_TRUE(parsed) << parsed.error().ToString();
  EXPECT_EQ(*parsed, Sample());
}

TEST(Postscript, RejectsEveryFlippedBit) {
  const Bytes64 good = SerializePostscript(Sample());
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    SCOPED_TRACE(bit);
    Bytes64 bad = good;
    bad[bit / 8] ^= static_cast<std::byte>(1 << (bit % 8));
    auto parsed = Parse(bad);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code(), StatusCode::kCorruption);
    EXPECT_THAT(parsed.error().message(), HasSubstr("a.lancer: "));
  }
}

TEST(Postscript, RejectsEveryShortFile) {
  const Bytes64 good = SerializePostscript(Sample());
  for (size_t size = 0; size < kPostscriptSize + kMagicSize; ++size) {
    size_t at_hand = std::min(size, kPostscriptSize);
    auto parsed = Parse(std::span(good).last(at_hand), size);
    ASSERT_FALSE(parsed) << size;
    EXPECT_EQ(parsed.error().code(), StatusCode::kCorruption);
  }
}

TEST(Postscript, RefusesANewerMajorVersionWithBothNumbers) {
  Postscript newer = Sample();
  newer.major_version = 7;
  newer.minor_version = 3;
  auto parsed = Parse(SerializePostscript(newer));
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code(), StatusCode::kUnsupported);
  EXPECT_THAT(parsed.error().message(), HasSubstr("format version 7.3"));
  EXPECT_THAT(parsed.error().message(), HasSubstr("up to version 1"));
}

TEST(Postscript, OpensANewerMinorVersion) {
  Postscript newer = Sample();
  newer.minor_version = 900;
  auto parsed = Parse(SerializePostscript(newer));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->minor_version, 900);
}

TEST(Postscript, NamesTheFeatureItCannotRead) {
  const struct {
    int bit;
    const char* name;
  } kCases[] = {{0, "encryption (bit 0)"},     {1, "interleaved columns (bit 1)"},
                {2, "sort order (bit 2)"},     {3, "parity section (bit 3)"},
                {4, "content digest (bit 4)"}, {63, "bit 63"}};
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.name);
    Postscript needs = Sample();
    needs.required_features = uint64_t{1} << test.bit;
    auto parsed = Parse(SerializePostscript(needs));
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code(), StatusCode::kUnsupported);
    EXPECT_THAT(parsed.error().message(), HasSubstr(test.name));
    needs.required_features = 0;
    needs.optional_features = uint64_t{1} << test.bit;
    EXPECT_TRUE(Parse(SerializePostscript(needs)));
  }
}

TEST(Postscript, RecognisesTheOriginalLanceFormat) {
  std::vector<std::byte> file(100);
  std::ranges::transform(std::string_view("LANC"), file.end() - 4,
                         [](char c) { return static_cast<std::byte>(c); });
  for (size_t size : {size_t{4}, size_t{40}, size_t{100}}) {
    auto parsed = Parse(std::span(file).last(size), size);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code(), StatusCode::kInvalidArgument);
    EXPECT_THAT(parsed.error().message(), HasSubstr("original Lance format"));
    EXPECT_THAT(parsed.error().message(), HasSubstr("lance-convert"));
  }
}

TEST(Postscript, SaysWhatStandsWhereTheMagicShould) {
  auto parsed = Parse(std::vector<std::byte>(100, std::byte{0x41}), 5000);
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message(),
              HasSubstr("a.lancer: not a Lancer file, or truncated: magic at 4992: "
                        "expected 4c4e43520d0a1a0a, found 4141414141414141"));
}

TEST(Postscript, RejectsPlacesOutsideTheFile) {
  const struct {
    const char* what;
    uint64_t footer_offset;
    uint32_t footer_size;
    uint64_t tail_size;
  } kCases[] = {
      {"footer before the file", UINT64_MAX - 299, 300, 372},
      {"footer too early", 100, 300, 372},
      {"footer over the magic", 4, kFileSize - 64 - 4, kFileSize - 4},
      {"footer larger than the file", 0, UINT32_MAX, 372},
      {"tail without the footer", kFileSize - 364, 300, 363},
      {"tail larger than the file", kFileSize - 364, 300, UINT64_MAX},
      {"tail over the magic", kFileSize - 364, 300, kFileSize - 7},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.what);
    Postscript bad = Sample();
    bad.footer_offset = test.footer_offset;
    bad.footer_size = test.footer_size;
    bad.tail_size = test.tail_size;
    auto parsed = Parse(SerializePostscript(bad));
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code(), StatusCode::kCorruption);
    EXPECT_THAT(parsed.error().message(), HasSubstr("postscript at 8128"));
  }
}

}  // namespace
}  // namespace lancer::format
