#include "encoding/nulls.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/encoding/value_sets.h"
#include "types/bitmap.h"

namespace lancer::encoding {
namespace {

TEST(Nulls, ComeBackAtAnyOffsetAndOneByOne) {
  for (const uint64_t count : {1, 7, 8, 9, 1000, 65535, 70000}) {
    for (int kind = 0; kind < 4; ++kind) {
      const std::vector<std::byte> validity = MakeValidity(count, kind);
      const std::byte* bits = validity.empty() ? nullptr : validity.data();
      const EncodedValidity encoded = EncodeValidity(bits, 0, count);
      std::vector<std::byte> target(count / 8 + 3, std::byte{0xFF});
      ASSERT_TRUE(
          DecodeValidity(encoded.kind, encoded.bytes, count, target.data(), 3).ok());
      uint64_t nulls = 0;
      for (uint64_t i = 0; i < count; ++i) {
        const bool valid = bits == nullptr || GetBit(bits, static_cast<int64_t>(i));
        nulls += valid ? 0 : 1;
        ASSERT_EQ(GetBit(target.data(), static_cast<int64_t>(i + 3)), valid) << i;
        ASSERT_EQ(ValidAt(encoded.kind, encoded.bytes, i), valid) << i;
      }
      EXPECT_EQ(CountNulls(encoded.kind, encoded.bytes, count), nulls);
      EXPECT_TRUE(GetBit(target.data(), 2));
      EXPECT_TRUE(GetBit(target.data(), static_cast<int64_t>(count + 3)));
    }
  }
}

TEST(Nulls, TakeTheSmallestKind) {
  EXPECT_EQ(EncodeValidity(nullptr, 0, 100).kind, NullKind::kNone);
  EXPECT_EQ(EncodeValidity(MakeValidity(100, 1).data(), 0, 100).kind, NullKind::kAll);
  EXPECT_EQ(EncodeValidity(MakeValidity(1000, 2).data(), 0, 1000).kind,
            NullKind::kBitmap);
  EXPECT_EQ(EncodeValidity(MakeValidity(1000, 3).data(), 0, 1000).kind,
            NullKind::kPositions);
  EXPECT_EQ(EncodeValidity(MakeValidity(70000, 3).data(), 0, 70000).kind,
            NullKind::kBitmap);
}

TEST(Nulls, RefusesBytesThatCannotBe) {
  std::byte target[16] = {};
  const std::byte falling[] = {std::byte{5}, std::byte{0}, std::byte{5}, std::byte{0}};
  const std::byte outside[] = {std::byte{9}, std::byte{0}};
  const auto code = [&](int kind, std::span<const std::byte> bytes) {
    return DecodeValidity(static_cast<NullKind>(kind), bytes, 9, target, 0).code();
  };
  EXPECT_EQ(code(0, outside), StatusCode::kCorruption);
  EXPECT_EQ(code(2, std::span(outside).first(1)), StatusCode::kCorruption);
  EXPECT_EQ(code(3, std::span(falling).first(3)), StatusCode::kCorruption);
  EXPECT_EQ(code(3, falling), StatusCode::kCorruption);
  EXPECT_EQ(code(3, outside), StatusCode::kCorruption);
  EXPECT_EQ(code(4, {}), StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::encoding
