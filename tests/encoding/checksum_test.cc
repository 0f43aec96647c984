#include "encoding/checksum.h"

#include <gtest/gtest.h>

#include <xxhash.h>
#include <string>

namespace lancer::encoding {
namespace {

std::span<const std::byte> BytesOf(const std::string& text) {
  return std::as_bytes(std::span(text));
}

TEST(Checksum, EqualsXxh3WithAndWithoutSeed) {
  for (const size_t size : {0, 1, 16, 17, 240, 241, 5000}) {
    const std::string text(size, 'x');
    EXPECT_EQ(Checksum64(BytesOf(text)), XXH3_64bits(text.data(), size));
    EXPECT_EQ(Checksum64(BytesOf(text), 9), XXH3_64bits_withSeed(text.data(), size, 9));
    EXPECT_EQ(Checksum32(BytesOf(text)),
              static_cast<uint32_t>(XXH3_64bits(text.data(), size)));
    EXPECT_NE(Checksum32(BytesOf(text), 1), Checksum32(BytesOf(text), 2));
    EXPECT_EQ(Checksum128(BytesOf(text)).high, XXH3_128bits(text.data(), size).high64);
  }
}

TEST(Checksum, PartsJoinedGiveTheSumOfTheWhole) {
  const std::string text(3000, 'q');
  ChecksumStream stream;
  stream.Update(BytesOf(text).first(1));
  stream.Update(BytesOf(text).subspan(1, 1500));
  stream.Update(BytesOf(text).subspan(1501));
  EXPECT_EQ(stream.Digest64(), Checksum64(BytesOf(text)));
  EXPECT_EQ(stream.Digest(), Checksum128(BytesOf(text)));
  stream.Reset();
  EXPECT_EQ(stream.Digest64(), Checksum64({}));
}

}  // namespace
}  // namespace lancer::encoding
