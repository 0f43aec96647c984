#include "encoding/ffor_header.h"

#include <gtest/gtest.h>

#include <vector>

namespace lancer::encoding {
namespace {

TEST(FforHeader, ComesBackForEveryFlag) {
  for (const uint32_t width : {1U, 2U, 4U, 8U, 16U, 32U}) {
    const PhysicalType type{PhysicalKind::kFixed, NumberKind::kSigned, width};
    for (const uint8_t flags : {uint8_t{0}, kFforSmallPatches, kFforLargePatches}) {
      FforHeader header{5, flags, flags == 0 ? 0U : 3U, 77};
      for (uint32_t word = 0; (word + 2) * 8 <= width; ++word) {
        header.reference_high[word] = 9 + word;
      }
      std::vector<std::byte> bytes;
      ByteWriter writer(&bytes);
      WriteFforHeader(header, type, &writer);
      ByteReader reader(bytes);
      FforHeader back;
      ASSERT_TRUE(ReadFforHeader(&reader, type, &back));
      EXPECT_EQ(reader.remaining(), 0U);
      EXPECT_EQ(back.width, header.width);
      EXPECT_EQ(back.patch_count, header.patch_count);
      EXPECT_EQ(back.reference, header.reference);
      EXPECT_EQ(back.reference_high, header.reference_high);
      EXPECT_EQ(FforFault(back, type, 3), "");
      EXPECT_EQ(FforFault(back, type, 2).empty(), flags == 0);
    }
  }
}

}  // namespace
}  // namespace lancer::encoding
