#include "encoding/symbol_table.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "tests/encoding/round_trip.h"

namespace lancer::encoding {
namespace {

std::span<const std::byte> BytesOf(const std::string& text) {
  return std::as_bytes(std::span(text));
}

// `behind` stands behind the text in memory.
std::string Encoded(const SymbolTable& table, const std::string& text,
                    const std::string& behind = "") {
  const std::string whole = text + behind;
  const std::array<uint64_t, 2> offsets = {0, text.size()};
  Values values;
  values.type = kBytesOf;
  values.count = 1;
  values.data = BytesOf(whole);
  values.offsets = offsets;
  std::string codes(2 * text.size(), '\0');
  std::array<uint64_t, 2> ends{};
  codes.resize(
      table.Encode(values, std::as_writable_bytes(std::span(codes)).data(), ends.data()));
  EXPECT_EQ(ends, (std::array<uint64_t, 2>{0, codes.size()}));
  return codes;
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
  const std::string whole = "xyzabcdefghabcabh";
  for (const char* behind : {"a", "abcdefgh", "bcdefghi", "iiiiiiii"}) {
    for (size_t size = 0; size <= whole.size(); ++size) {
      const std::string text = whole.substr(0, size);
      EXPECT_EQ(Encoded(*table, text, behind), Encoded(*table, text)) << text;
    }
  }
}

// The values' halves are encoded side by side.
TEST(SymbolTable, CodesOfAllValuesAreThoseOfEach) {
  const auto table = TableOf({"abcdefgh", "abc", "ab", "a", "hi", "xyz"});
  const std::vector<std::string> texts = {"", "abcdefghabc", "", "", "?", "hihi", ""};
  for (size_t count = 0; count <= texts.size(); ++count) {
    std::string whole = "in front";
    std::vector<uint64_t> offsets = {whole.size()};
    std::string expected;
    std::vector<uint64_t> expected_ends = {0};
    for (size_t i = 0; i < count; ++i) {
      whole += texts[i];
      offsets.push_back(whole.size());
      expected += Encoded(*table, texts[i]);
      expected_ends.push_back(expected.size());
    }
    Values values;
    values.type = kBytesOf;
    values.count = count;
    values.data = BytesOf(whole);
    values.offsets = offsets;
    std::string codes(2 * whole.size(), '\0');
    std::vector<uint64_t> ends(count + 1, 99);
    codes.resize(table->Encode(values, std::as_writable_bytes(std::span(codes)).data(),
                               ends.data()));
    EXPECT_EQ(codes, expected);
    EXPECT_EQ(ends, expected_ends);
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
