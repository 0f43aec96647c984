#include "encoding/zstd_window.h"

#include <gtest/gtest.h>

#include <string>

namespace lancer::encoding {
namespace {

TEST(ZstdWindows, KeepAsManyAsWereBorrowedAtOnce) {
  const std::string text = "what texts begin with, again and again";
  const ZstdWindows windows(std::as_bytes(std::span(text)));
  EXPECT_EQ(windows.kept(), 0U);
  for (int i = 0; i < 3; ++i) {
    const auto first = windows.Borrow();
    const auto second = windows.Borrow();
    ASSERT_NE(first.get(), nullptr);
    ASSERT_NE(second.get(), nullptr);
    EXPECT_NE(first.get(), second.get());
  }
  EXPECT_EQ(windows.kept(), 2U);
}

TEST(ZstdWindow, HasRoomRightBehindTheDictionary) {
  const std::string text = "dictionary";
  const auto window = ZstdWindow::Make(std::as_bytes(std::span(text)));
  ASSERT_NE(window, nullptr);
  const std::span<const std::byte> held = window->dictionary();
  EXPECT_TRUE(std::ranges::equal(held, std::as_bytes(std::span(text))));
  EXPECT_EQ(held.data() + held.size(), window->room().data());
  EXPECT_EQ(window->room().size(), ZstdWindow::kRoomBytes);
}

TEST(ZstdWindow, IsNotMadeOfADamagedDictionary) {
  const std::string damaged = "\x37\xA4\x30\xEC" + std::string(100, '\xFF');
  EXPECT_EQ(ZstdWindow::Make(std::as_bytes(std::span(damaged))), nullptr);
}

}  // namespace
}  // namespace lancer::encoding
