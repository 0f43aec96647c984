#include "encoding/size_header.h"

#include <gtest/gtest.h>

namespace lancer::encoding {
namespace {

TEST(SizeHeader, IsReadAsItWasWrittenAndRefusesEveryCut) {
  for (const uint64_t size :
       {uint64_t{0}, uint64_t{UINT32_MAX}, uint64_t{1} << 32, UINT64_MAX}) {
    std::vector<std::byte> bytes;
    WriteSizeHeader(size, &bytes);
    EXPECT_EQ(bytes.size(), IsWideSize(size) ? 9U : 5U) << size;
    ParsedNode node;
    ByteReader whole(bytes);
    ASSERT_TRUE(ReadSizeHeader(VarBytesEncoding(), &whole, &node).ok());
    EXPECT_EQ(whole.remaining(), 0U);
    EXPECT_EQ(HasWideSize(node), IsWideSize(size));
    EXPECT_EQ(SizeInHeader(node), size);
    for (size_t cut = 0; cut < bytes.size(); ++cut) {
      const std::span<const std::byte> all(bytes);
      ByteReader reader(all.first(cut));
      const Status status = ReadSizeHeader(VarBytesEncoding(), &reader, &node);
      EXPECT_EQ(status.code(), StatusCode::kCorruption) << cut;
      EXPECT_EQ(status.message(), "var_bytes: header is cut short");
    }
  }
}

TEST(SizeHeader, RefusesUnknownFlags) {
  std::vector<std::byte> bytes;
  WriteSizeHeader(7, &bytes);
  bytes[0] = std::byte{2};
  ParsedNode node;
  ByteReader reader(bytes);
  EXPECT_EQ(ReadSizeHeader(VarBytesEncoding(), &reader, &node).message(),
            "var_bytes: unknown flags");
}

}  // namespace
}  // namespace lancer::encoding
