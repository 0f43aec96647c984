#include "encoding/symbol_table.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/encoding/round_trip.h"

namespace lancer::encoding {
namespace {

std::span<const std::byte> BytesOf(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string Encoded(const SymbolTable& table, const std::string& text) {
  std::vector<std::byte> codes;
  table.Encode(BytesOf(text), 0, &codes);
  std::string out;
  for (const std::byte code : codes) {
    out += static_cast<char>(code);
  }
  return out;
}

// Nothing when the codes are damaged.
std::optional<std::string> Decoded(const SymbolTable& table, const std::string& codes) {
  std::vector<std::byte> room(8 * codes.size() + 8);
  const std::byte* end = table.Decode(BytesOf(codes), room.data());
  if (end == nullptr) {
    return std::nullopt;
  }
  std::string text;
  for (const std::byte* at = room.data(); at != end; ++at) {
    text += static_cast<char>(*at);
  }
  return text;
}

TEST(SymbolTable, TakesTheLongestSymbolAndEscapesTheRest) {
  const auto table = TableOf({"a", "ab", "abcdefgh", "b"});
  EXPECT_EQ(Encoded(*table, "abcdefghab"), "\x02\x01");
  EXPECT_EQ(Encoded(*table, "abcdefg"),
            "\x01\xff"
            "c\xff"
            "d\xff"
            "e\xff"
            "f\xff"
            "g");
  EXPECT_EQ(Encoded(*table, "ba"), std::string("\x03\x00", 2));
  EXPECT_EQ(Encoded(*table, ""), "");
  EXPECT_EQ(Encoded(*table, "abcdefgh" + std::string(1, '\0')),
            std::string("\x02\xff\x00", 3));
}

// The search looks at eight bytes at once; at the end of a text there are fewer.
TEST(SymbolTable, NeverTakesASymbolThatReachesBehindTheText) {
  const std::string zeros(8, '\0');
  const auto table =
      TableOf({zeros.substr(0, 3), zeros.substr(0, 2), "x" + zeros.substr(1)});
  for (size_t size = 0; size < 20; ++size) {
    for (const std::string& text :
         {zeros.substr(0, std::min<size_t>(size, 8)), "x" + std::string(size, '\0')}) {
      EXPECT_EQ(Decoded(*table, Encoded(*table, text)), text) << size;
    }
  }
}

// What stands behind a text is looked at, but makes no difference.
TEST(SymbolTable, CodesDoNotDependOnWhatStandsBehindTheText) {
  const auto table = TableOf({"abcdefgh", "abc", "ab", "a", "hi", "xyz"});
  for (const char* behind : {"abcdefgh", "bcdefghi", "iiiiiiii"}) {
    const std::string whole = std::string("xyzabcdefghabcabh") + behind;
    for (size_t size = 0; size <= whole.size() - 8; ++size) {
      std::vector<std::byte> near;
      table->Encode(BytesOf(whole).first(size), whole.size() - size, &near);
      std::vector<std::byte> alone;
      table->Encode(BytesOf(whole).first(size), 0, &alone);
      EXPECT_EQ(near, alone) << whole.substr(0, size);
    }
  }
}

TEST(SymbolTable, RefusesDamagedCodes) {
  const auto table = TableOf({"ab", "c"});
  for (const std::string& codes : {std::string("\x02"), std::string("\x00\xfe", 2),
                                   std::string("\xff"), std::string("\x01\xff")}) {
    EXPECT_EQ(Decoded(*table, codes), std::nullopt);
    EXPECT_EQ(table->DecodedSize(BytesOf(codes)), std::nullopt);
  }
  EXPECT_EQ(Decoded(*table, "\xff\xff"), "\xff");
}

TEST(SymbolTable, RefusesEveryCutAndWrongSizes) {
  const auto table = TableOf({"abcdefgh", "b", "xyz"});
  const std::vector<std::byte> sound(table->bytes().begin(), table->bytes().end());
  for (size_t size = 0; size < sound.size(); ++size) {
    const auto cut = SymbolTable::Load(std::span(sound).first(size));
    ASSERT_FALSE(cut.has_value()) << size;
    EXPECT_EQ(cut.error().code(), StatusCode::kCorruption);
  }
  for (const uint8_t size : {uint8_t{0}, uint8_t{9}}) {
    std::vector<std::byte> wrong = sound;
    wrong[1] = std::byte{size};
    EXPECT_FALSE(SymbolTable::Load(wrong).has_value()) << int{size};
  }
  std::vector<std::byte> longer = sound;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(SymbolTable::Load(longer).has_value());
}

}  // namespace
}  // namespace lancer::encoding
