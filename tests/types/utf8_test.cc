#include "types/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace lancer {
namespace {

TEST(Utf8, AcceptsTheEdgesOfEachLength) {
  for (std::string text :
       {"", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
        "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsUtf8(text));
    EXPECT_TRUE(IsUtf8(std::string(70, 'a') + text + std::string(70, 'b')));
    EXPECT_EQ(Utf8SequenceLength(std::as_bytes(std::span(text))), text.size());
  }
}

TEST(Utf8, RefusesWhatIsNotWellFormed) {
  const std::string cases[] = {"\x80",              // continuation alone
                               "\xC1\xBF",          // overlong
                               "\xC2",              // cut short
                               "\xE0\x9F\xBF",      // overlong
                               "\xED\xA0\x80",      // surrogate
                               "\xE2\x82",          // cut short
                               "\xE2\x28\xA1",      // second byte
                               "\xE2\x82\x28",      // third byte
                               "\xF0\x8F\xBF\xBF",  // overlong
                               "\xF4\x90\x80\x80",  // above U+10FFFF
                               "\xF5\x80\x80\x80",  // no such lead
                               "\xF0\x9F\x98\x28",  // fourth byte
                               "\xFF"};
  for (const std::string& text : cases) {
    EXPECT_FALSE(IsUtf8(text));
    EXPECT_FALSE(IsUtf8(std::string(100, 'a') + text));
    EXPECT_FALSE(IsUtf8(text + std::string(100, 'a')));
    EXPECT_EQ(Utf8SequenceLength(std::as_bytes(std::span(text))), 0U);
  }
}

TEST(Utf8, AsciiIsBelow128Everywhere) {
  for (size_t size = 0; size < 20; ++size) {
    std::string text(size, 'a');
    EXPECT_TRUE(IsAscii(std::as_bytes(std::span(text))));
    for (size_t i = 0; i < size; ++i) {
      std::string high = text;
      high[i] = '\x80';
      EXPECT_FALSE(IsAscii(std::as_bytes(std::span(high))));
    }
  }
}

}  // namespace
}  // namespace lancer
