#include "encoding/bound_cut.h"

#include <gtest/gtest.h>

#include <string>

namespace lancer::encoding {
namespace {

std::string Text(const Bound& bound) {
  std::string text;
  for (std::byte b : bound.view()) {
    text += static_cast<char>(b);
  }
  return text + (bound.exact ? "" : "...");
}

TEST(BoundCut, KeepsWhatFitsAndCutsTheRest) {
  const struct {
    std::string value, min, max;
  } kCases[] = {
      {"", "", ""},
      {"abcd", "abcd", "abcd"},
      {"abcde", "abcd...", "abce..."},
      {"abc\xff\x01", "abc\xff...", "abd..."},
      {"\xff\xff\xff\xfe\x01", "\xff\xff\xff\xfe...", "\xff\xff\xff\xff..."},
      {"a\xff\xff\xff\xff", "a\xff\xff\xff...", "b..."},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.value);
    auto value = std::as_bytes(std::span(test.value));
    EXPECT_EQ(Text(CutMinimum(value, 4)), test.min);
    auto max = CutMaximum(value, 4);
    ASSERT_TRUE(max.has_value());
    EXPECT_EQ(Text(*max), test.max);
  }
}

TEST(BoundCut, AMaximumThatCannotGrowIsAbsent) {
  const std::string high(5, '\xff');
  EXPECT_FALSE(CutMaximum(std::as_bytes(std::span(high)), 4).has_value());
  EXPECT_TRUE(CutMaximum(std::as_bytes(std::span(high)), 5).has_value());
}

}  // namespace
}  // namespace lancer::encoding
