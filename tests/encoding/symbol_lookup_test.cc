#include "encoding/symbol_lookup.h"

#include <gtest/gtest.h>

#include <string>

namespace lancer::encoding {
namespace {

std::span<const std::byte> BytesOf(const std::string& text) {
  return std::as_bytes(std::span(text));
}

Symbol SymbolOf(const std::string& text) {
  return {LoadSixteen(BytesOf(text), 0, text.size()), static_cast<uint8_t>(text.size())};
}

// What a text of its own starts with, whatever stands behind it in memory.
std::string Found(const SymbolLookup& lookup, const std::string& text) {
  const std::string more = text + "abcabcabcabcabcabc";
  const auto match = lookup.Find(LoadSixteen(BytesOf(more), 0, text.size()), text.size());
  EXPECT_EQ(lookup.symbol(match.code).size, match.size);
  return text.substr(0, match.size);
}

TEST(SymbolLookup, PrefersLongSymbolsWhateverTheOrder) {
  const std::string whole = "abcdefghijklmnop";
  for (const bool long_first : {false, true}) {
    SymbolLookup lookup;
    for (size_t i = 2; i <= 16; ++i) {
      ASSERT_TRUE(lookup.Add(SymbolOf(whole.substr(0, long_first ? 18 - i : i))));
    }
    for (size_t size = 1; size <= 16; ++size) {
      const std::string text = whole.substr(0, size);
      EXPECT_EQ(Found(lookup, text), text);
      EXPECT_EQ(Found(lookup, text + "?"), text);
    }
    EXPECT_EQ(Found(lookup, "b"), "b");
  }
}

TEST(SymbolLookup, FallsBackToTheLongestThatIsThere) {
  SymbolLookup lookup;
  for (const char* symbol : {"ab", "abcd", "abcdefghi", "abcdefghijklmnop"}) {
    ASSERT_TRUE(lookup.Add(SymbolOf(symbol)));
  }
  EXPECT_EQ(Found(lookup, "abcdefghijklmnoq"), "abcdefghi");
  EXPECT_EQ(Found(lookup, "abcdefghijklmn"), "abcdefghi");
  EXPECT_EQ(Found(lookup, "abcdefgh"), "abcd");
  EXPECT_EQ(Found(lookup, "abc"), "ab");
}

TEST(SymbolLookup, ZerosBehindATextAreNotOfIt) {
  const std::string zeros(16, '\0');
  for (size_t size = 2; size <= 16; ++size) {
    SymbolLookup lookup;
    ASSERT_TRUE(lookup.Add(SymbolOf("ab" + zeros.substr(0, size - 2))));
    for (size_t left = 1; left < size; ++left) {
      EXPECT_EQ(Found(lookup, ("ab" + zeros).substr(0, left)).size(), 1U) << size;
    }
  }
}

TEST(SymbolLookup, RefusesASymbolThatIsThere) {
  SymbolLookup lookup;
  for (const char* symbol : {"ab", "abc", "abcdefghij"}) {
    EXPECT_TRUE(lookup.Add(SymbolOf(symbol))) << symbol;
  }
  const unsigned next = lookup.next_code();
  for (const char* symbol : {"ab", "abc", "abcdefghij"}) {
    EXPECT_FALSE(lookup.Add(SymbolOf(symbol))) << symbol;
  }
  EXPECT_EQ(lookup.next_code(), next);
}

// Far more than a table holds: those that were taken are found, the others are not.
TEST(SymbolLookup, FindsWhatItTookAmongMany) {
  SymbolLookup lookup;
  std::vector<std::string> taken;
  std::vector<std::string> refused;
  for (int i = 0; i < 3500; ++i) {
    const std::string text = std::to_string(i * 7919) + "x" + std::to_string(i);
    (lookup.Add(SymbolOf(text)) ? taken : refused).push_back(text);
  }
  EXPECT_GT(taken.size(), 2500U);
  EXPECT_GT(refused.size(), 0U);
  for (const std::string& text : taken) {
    EXPECT_EQ(Found(lookup, text), text);
  }
  for (const std::string& text : refused) {
    EXPECT_LT(Found(lookup, text).size(), text.size());
  }
}

// Many texts share parts of their hashes with entries of other sizes.
TEST(SymbolLookup, FindsOnlyWhatATextBeginsWith) {
  SymbolLookup lookup;
  uint64_t state = 1;
  const auto draw = [&](size_t size) {
    std::string text;
    for (size_t i = 0; i < size; ++i) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      text.push_back(static_cast<char>(state >> 56));
    }
    return text;
  };
  for (int i = 0; i < 3500; ++i) {
    (void)lookup.Add(SymbolOf(draw(2 + static_cast<size_t>(i) % 15)));
  }
  for (int i = 0; i < 300'000; ++i) {
    const std::string text = draw(16);
    ASSERT_TRUE(text.starts_with(Found(lookup, text)));
  }
}

TEST(SymbolLookup, JoinsSymbolsOfEverySize) {
  const std::string whole = "abcdefghijklmnop";
  for (size_t first = 1; first < 16; ++first) {
    for (size_t second = 1; first + second <= 16; ++second) {
      EXPECT_EQ(
          Joined(SymbolOf(whole.substr(0, first)), SymbolOf(whole.substr(first, second))),
          SymbolOf(whole.substr(0, first + second)));
    }
  }
}

}  // namespace
}  // namespace lancer::encoding
