#include "lancer/ids.h"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <unordered_set>

namespace lancer {
namespace {

TEST(StrongId, KindsDoNotMix) {
  static_assert(!std::is_convertible_v<RowId, RowPosition>);
  static_assert(!std::is_convertible_v<uint64_t, RowId>);
  static_assert(!std::is_constructible_v<RowId, RowPosition>);
  EXPECT_LT(RowId(1), RowId(2));
  EXPECT_EQ(PageIndex(3), PageIndex(3));
  EXPECT_EQ(std::unordered_set<RowId>({RowId(1), RowId(1), RowId(2)}).size(), 2U);
}

TEST(FieldId, IsUnassignedByDefault) {
  EXPECT_FALSE(FieldId().assigned());
  EXPECT_TRUE(FieldId(0).assigned());
}

TEST(Uuid, TextGoesBothWays) {
  Uuid uuid;
  for (size_t i = 0; i < uuid.bytes.size(); ++i) {
    uuid.bytes[i] = static_cast<std::byte>(i * 17);
  }
  EXPECT_EQ(uuid.ToString(), "00112233-4455-6677-8899-aabbccddeeff");
  EXPECT_EQ(uuid.Prefix(), "0011223344556677");
  EXPECT_EQ(*Uuid::Parse(uuid.ToString()), uuid);
  EXPECT_FALSE(uuid.is_nil());
  EXPECT_TRUE(Uuid().is_nil());
  EXPECT_NE(std::hash<Uuid>()(uuid), std::hash<Uuid>()(Uuid()));
}

TEST(Uuid, RefusesOtherSpellings) {
  for (std::string text :
       {"", "00112233-4455-6677-8899-aabbccddeef",
        "00112233-4455-6677-8899-aabbccddeeff0", "00112233-4455-6677-8899-AABBCCDDEEFF",
        "001122334455-6677-8899-aabbccddeeff-", "00112233-4455-6677-8899-aabbccddeegf",
        "{0112233-4455-6677-8899-aabbccddeeff"}) {
    Result<Uuid> parsed = Uuid::Parse(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code(), StatusCode::kInvalidArgument);
  }
}

TEST(Digest, PrintsTheHighHalfFirst) {
  EXPECT_EQ((Digest{.low = 0xff, .high = 0x0123456789abcdef}).ToString(),
            "0123456789abcdef00000000000000ff");
}

}  // namespace
}  // namespace lancer
