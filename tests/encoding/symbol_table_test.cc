#include "encoding/symbol_table.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "tests/encoding/round_trip.h"

namespace lancer::encoding {
namespace {

using Codes = std::vector<uint16_t>;

std::span<const std::byte> BytesOf(const std::string& text) {
  return std::as_bytes(std::span(text));
}

// `behind` stands behind the text in memory.
Codes Encoded(const SymbolTable& table, const std::string& text,
              const std::string& behind = "") {
  const std::string whole = text + behind;
  const std::array<uint64_t, 2> offsets = {0, text.size()};
  Values values;
  values.type = kBytesOf;
  values.count = 1;
  values.data = BytesOf(whole);
  values.offsets = offsets;
  Codes codes(text.size());
  uint32_t count = 0;
  codes.resize(static_cast<size_t>(*table.Encode(values, codes.data(), &count)));
  EXPECT_EQ(count, codes.size());
  return codes;
}

// Codes [first, ...) of `codes`; nothing when they are damaged.
std::optional<std::string> Decoded(const SymbolTable& table, const Codes& codes,
                                   size_t first = 0) {
  std::vector<std::byte> packed(SymbolTable::PackedBytes(codes.size()));
  SymbolTable::Pack(codes, packed.data());
  const size_t n = codes.size() - first;
  const auto expected = table.DecodedSize(packed, first, n);
  std::vector<std::byte> room(16 * n + SymbolTable::kSlackBytes);
  std::vector<uint32_t> ends(n + 1);
  const auto size = table.Decode(packed, first, n, room.data(), 16 * n, ends.data() + 1);
  EXPECT_EQ(size.has_value(), expected.has_value());
  if (!size.has_value()) {
    return std::nullopt;
  }
  EXPECT_EQ(size, expected);
  EXPECT_EQ(ends.back(), *size);
  // Exactly as much room as it takes, and less.
  EXPECT_EQ(table.Decode(packed, first, n, room.data(), *size, nullptr), size);
  if (*size > 0) {
    EXPECT_EQ(table.Decode(packed, first, n, room.data(), *size - 1, nullptr),
              std::nullopt);
  }
  std::string text;
  for (size_t i = 0; i < *size; ++i) {
    text += static_cast<char>(room[i]);
  }
  return text;
}

TEST(SymbolTable, TakesTheLongestSymbolAndBytesForTheRest) {
  const auto table = TableOf({"ab", "abcdefghijklmnop", "bc"});
  EXPECT_EQ(Encoded(*table, "abcdefghijklmnopab"), (Codes{257, 256}));
  EXPECT_EQ(Encoded(*table, "abcdefg"), (Codes{256, 'c', 'd', 'e', 'f', 'g'}));
  EXPECT_EQ(Encoded(*table, "bab"), (Codes{'b', 256}));
  EXPECT_EQ(Encoded(*table, "bcb"), (Codes{258, 'b'}));
  EXPECT_EQ(Encoded(*table, ""), Codes{});
  EXPECT_EQ(Encoded(*table, std::string("\0\xff", 2)), (Codes{0, 255}));
}

// The search looks at sixteen bytes at once; at the end of a text there are fewer.
TEST(SymbolTable, NeverTakesASymbolThatReachesBehindTheText) {
  const std::string zeros(16, '\0');
  const auto table = TableOf(
      {zeros.substr(0, 3), zeros.substr(0, 12), "x" + zeros.substr(1), "abcdefghijkl"});
  for (size_t size = 0; size <= 16; ++size) {
    for (const std::string& text : {zeros.substr(0, size), "x" + zeros.substr(0, size),
                                    std::string("abcdefghijkl").substr(0, size)}) {
      EXPECT_EQ(Decoded(*table, Encoded(*table, text)), text) << size;
      EXPECT_EQ(Encoded(*table, text, zeros), Encoded(*table, text));
      EXPECT_EQ(Encoded(*table, text, "abcdefghijkl"), Encoded(*table, text));
    }
  }
}

// The values' halves are encoded side by side.
TEST(SymbolTable, CodesOfAllValuesAreThoseOfEach) {
  const auto table = TableOf({"abcdefgh", "abc", "ab", "hi", "xyz"});
  const std::vector<std::string> texts = {"", "abcdefghabc", "", "", "?", "hihi", ""};
  for (size_t count = 0; count <= texts.size(); ++count) {
    std::string whole = "in front";
    std::vector<uint64_t> offsets = {whole.size()};
    Codes expected;
    std::vector<uint32_t> expected_counts;
    for (size_t i = 0; i < count; ++i) {
      whole += texts[i];
      offsets.push_back(whole.size());
      const Codes one = Encoded(*table, texts[i]);
      expected.insert(expected.end(), one.begin(), one.end());
      expected_counts.push_back(static_cast<uint32_t>(one.size()));
    }
    Values values;
    values.type = kBytesOf;
    values.count = count;
    values.data = BytesOf(whole);
    values.offsets = offsets;
    Codes codes(whole.size());
    std::vector<uint32_t> counts(count, 99);
    codes.resize(
        static_cast<size_t>(*table->Encode(values, codes.data(), counts.data())));
    EXPECT_EQ(codes, expected);
    EXPECT_EQ(counts, expected_counts);
  }
}

TEST(SymbolTable, ReadsFromAnyCodeOn) {
  const auto table = TableOf({"abcdefgh", "abc", "ab", "hi", "xyz"});
  for (size_t count = 0; count < 20; ++count) {
    Codes codes;
    for (size_t i = 0; i < count; ++i) {
      codes.push_back(static_cast<uint16_t>(i % 3 == 0 ? 'a' + i : 256 + i % 5));
    }
    const std::string whole = *Decoded(*table, codes);
    for (size_t first = 0; first <= count; ++first) {
      const Codes before(codes.begin(), codes.begin() + static_cast<ptrdiff_t>(first));
      EXPECT_EQ(*Decoded(*table, before) + *Decoded(*table, codes, first), whole);
    }
  }
}

TEST(SymbolTable, RefusesCodesWithoutASymbol) {
  const auto table = TableOf({"ab", "cd"});
  for (size_t at = 0; at < 11; ++at) {
    Codes codes(11, 'a');
    codes[at] = 258;
    EXPECT_EQ(Decoded(*table, codes), std::nullopt);
    codes[at] = 4095;
    EXPECT_EQ(Decoded(*table, codes), std::nullopt);
    codes[at] = 257;
    EXPECT_NE(Decoded(*table, codes), std::nullopt);
  }
}

TEST(SymbolTable, MayHoldNoSymbolOrTheSameTwice) {
  const std::string text = "abcabc";
  EXPECT_EQ(Encoded(*TableOf({}), text), (Codes{'a', 'b', 'c', 'a', 'b', 'c'}));
  EXPECT_EQ(Encoded(*TableOf({"bc", "bc", "abc"}), text), (Codes{258, 258}));
}

TEST(SymbolTable, RefusesEveryCutAndWrongSizes) {
  const auto table = TableOf({"abcdefgh", "bcbcbcbcbcbcbcbc", "xyz"});
  const std::vector<std::byte> sound(table->bytes().begin(), table->bytes().end());
  for (size_t size = 0; size < sound.size(); ++size) {
    const auto cut = SymbolTable::Load(std::span(sound).first(size));
    ASSERT_FALSE(cut.has_value()) << size;
    EXPECT_EQ(cut.error().code(), StatusCode::kCorruption);
  }
  for (const uint8_t size : {uint8_t{0}, uint8_t{1}, uint8_t{17}}) {
    std::vector<std::byte> wrong = sound;
    wrong[2] = std::byte{size};
    EXPECT_FALSE(SymbolTable::Load(wrong).has_value()) << int{size};
  }
  std::vector<std::byte> longer = sound;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(SymbolTable::Load(longer).has_value());
  std::vector<std::byte> many(2 + size_t{3841} * 3, std::byte{2});
  many[0] = std::byte{3841 % 256};
  many[1] = std::byte{3841 / 256};
  EXPECT_FALSE(SymbolTable::Load(many).has_value());
}

}  // namespace
}  // namespace lancer::encoding
