#include "format/footer_part.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "encoding/checksum.h"

namespace lancer::format {
namespace {

using ::testing::HasSubstr;

// Bytes that do not compress.
std::vector<std::byte> Noise(size_t size) {
  std::vector<std::byte> bytes(size);
  uint64_t state = 1;
  for (std::byte& b : bytes) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    b = static_cast<std::byte>(state >> 56);
  }
  return bytes;
}

struct Packed {
  Part part;
  std::vector<std::byte> bytes;
};

Packed Pack(std::span<const std::byte> raw) {
  Packed packed;
  packed.bytes = PackPart(raw, &packed.part);
  packed.part.range = {.offset = 8,
                       .size = packed.bytes.size(),
                       .check = encoding::Checksum64(packed.bytes)};
  return packed;
}

TEST(FooterPart, RoundTripsAndCompressesWherePays) {
  std::vector<std::byte> half = Noise(10'000);
  half.resize(20'000);
  const struct {
    const char* what;
    std::vector<std::byte> raw;
    PartCodec codec;
  } kCases[] = {{"empty", {}, PartCodec::kNone},
                {"one byte", Noise(1), PartCodec::kNone},
                {"noise", Noise(50'000), PartCodec::kNone},
                {"half noise", half, PartCodec::kZstd},
                {"zeros", std::vector<std::byte>(500'000), PartCodec::kZstd}};
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.what);
    Packed packed = Pack(test.raw);
    EXPECT_EQ(packed.part.codec, test.codec);
    EXPECT_LE(packed.bytes.size(), test.raw.size());
    auto raw = UnpackPart(packed.part, packed.bytes, "a.lancer: section");
    ASSERT_TRUE(raw) << raw.error().ToString();
    EXPECT_EQ(*raw, test.raw);
  }
}

TEST(FooterPart, ChecksBeforeItDecompresses) {
  Packed packed = Pack(std::vector<std::byte>(5000));
  packed.bytes[6] ^= std::byte{1};
  auto raw = UnpackPart(packed.part, packed.bytes, "a.lancer: section s at 8");
  ASSERT_FALSE(raw);
  EXPECT_EQ(raw.error().code(), StatusCode::kCorruption);
  EXPECT_THAT(raw.error().message(),
              HasSubstr("a.lancer: section s at 8: checksum stored "));
}

TEST(FooterPart, RefusesRawSizesThatCannotBe) {
  for (uint64_t raw_size : {uint64_t{4999}, uint64_t{5001}, uint64_t{50} << 20,
                            uint64_t{2} << 30, UINT64_MAX}) {
    Packed packed = Pack(std::vector<std::byte>(5000));
    packed.part.raw_size = raw_size;
    auto raw = UnpackPart(packed.part, packed.bytes, "a.lancer: section");
    ASSERT_FALSE(raw) << raw_size;
    EXPECT_EQ(raw.error().code(), StatusCode::kCorruption);
  }
}

TEST(FooterPart, RefusesBytesThatAreNotAFrame) {
  std::vector<std::byte> noise = Noise(100);
  Part part{.range = {.offset = 8, .size = 100, .check = encoding::Checksum64(noise)},
            .raw_size = 1000,
            .codec = PartCodec::kZstd};
  EXPECT_EQ(UnpackPart(part, noise, "a.lancer").error().code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::format
