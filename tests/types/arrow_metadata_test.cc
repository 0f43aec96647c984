#include "types/arrow_metadata.h"

#include <gtest/gtest.h>

#include <cstring>

namespace lancer {
namespace {

TEST(ArrowMetadata, HasTheBytesOfTheSpecification) {
  std::string encoded = EncodeArrowMetadata({{"k", "ab"}});
  std::string expected("\1\0\0\0\1\0\0\0k\2\0\0\0ab", 15);
  EXPECT_EQ(encoded, expected);
  EXPECT_EQ(EncodeArrowMetadata({}), "");
}

TEST(ArrowMetadata, KeepsOrderDuplicatesAndZeroBytes) {
  Metadata metadata = {{"b", std::string("\0x", 2)}, {"a", ""}, {"b", "2"}, {"", ""}};
  Result<Metadata> decoded = DecodeArrowMetadata(EncodeArrowMetadata(metadata).c_str());
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(*decoded, metadata);
  EXPECT_TRUE(DecodeArrowMetadata(nullptr)->empty());
}

TEST(ArrowMetadata, RefusesNegativeLengths) {
  int32_t minus = -1;
  for (size_t at : {size_t{0}, size_t{4}, size_t{9}}) {
    std::string encoded = EncodeArrowMetadata({{"k", "ab"}});
    std::memcpy(encoded.data() + at, &minus, sizeof(minus));
    EXPECT_EQ(DecodeArrowMetadata(encoded.c_str()).status().code(),
              StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace lancer
