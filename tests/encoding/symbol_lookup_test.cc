#include "encoding/symbol_lookup.h"

#include <gtest/gtest.h>

#include <string>

namespace lancer::encoding {
namespace {

Symbol SymbolOf(const std::string& text) {
  uint64_t bytes = 0;
  for (size_t i = text.size(); i-- > 0;) {
    bytes = bytes << 8 | static_cast<uint8_t>(text[i]);
  }
  return {bytes, static_cast<uint8_t>(text.size())};
}

TEST(SymbolLookup, PrefersLongSymbolsWhateverTheOrder) {
  for (const bool long_first : {false, true}) {
    SymbolLookup lookup;
    std::vector<std::string> symbols = {"a", "ab", "abc"};
    if (long_first) {
      std::swap(symbols[0], symbols[2]);
    }
    for (size_t i = 0; i < symbols.size(); ++i) {
      ASSERT_TRUE(lookup.Add(SymbolOf(symbols[i]), static_cast<uint8_t>(i)));
    }
    EXPECT_EQ(lookup.Find(SymbolOf("abcd").text).size, 3);
    EXPECT_EQ(lookup.Find(SymbolOf("abd").text).size, 2);
    EXPECT_EQ(lookup.Find(SymbolOf("ad").text).size, 1);
    EXPECT_EQ(lookup.Find(SymbolOf("d").text).size, 0);
    EXPECT_EQ(lookup.FindWithin(SymbolOf("ab").text, 2).size, 2);
    EXPECT_EQ(lookup.FindWithin(SymbolOf("a").text, 1).size, 1);
  }
}

TEST(SymbolLookup, RefusesASecondSymbolOfTheSameFirstThreeBytes) {
  SymbolLookup lookup;
  EXPECT_TRUE(lookup.Add(SymbolOf("abcx"), 0));
  EXPECT_FALSE(lookup.Add(SymbolOf("abc"), 1));
  EXPECT_EQ(lookup.Find(SymbolOf("abcy").text).size, 0);
}

TEST(SymbolLookup, RefusesASymbolThatIsThere) {
  SymbolLookup lookup;
  for (const char* symbol : {"a", "ab", "abc", "b"}) {
    EXPECT_TRUE(lookup.Add(SymbolOf(symbol), 1)) << symbol;
  }
  for (const char* symbol : {"a", "ab", "abc", "b"}) {
    EXPECT_FALSE(lookup.Add(SymbolOf(symbol), 2)) << symbol;
    EXPECT_EQ(lookup.FindWithin(SymbolOf(symbol).text, std::string(symbol).size()).code,
              1);
  }
}

TEST(SymbolLookup, VisitsEachByteOfATextOnce) {
  SymbolLookup lookup;
  ASSERT_TRUE(lookup.Add(SymbolOf("abc"), 0));
  const std::string text = "abcxabcabcyyyyyabzabc";
  std::string seen;
  ForEachSymbol(lookup, std::as_bytes(std::span(text)),
                [&](uint64_t eight, SymbolLookup::Match match) {
                  const unsigned size = match.size == 0 ? 1 : match.size;
                  for (unsigned i = 0; i < size; ++i) {
                    seen += static_cast<char>(eight >> (8 * i));
                  }
                });
  EXPECT_EQ(seen, text);
}

}  // namespace
}  // namespace lancer::encoding
