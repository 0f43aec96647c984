// A dictionary that is referred to, and not copied, is outside of zstd's stable
// interface; Debian's shared library exports it since 1.4.
#define ZSTD_STATIC_LINKING_ONLY
#include "encoding/zstd_window.h"

#include <algorithm>
#include <new>
#include <utility>

namespace lancer::encoding {

std::unique_ptr<ZstdWindow> ZstdWindow::Make(std::span<const std::byte> dictionary) {
  std::unique_ptr<ZstdWindow> window(new ZstdWindow());
  window->memory_.reset(new (std::nothrow) std::byte[dictionary.size() + kRoomBytes]);
  if (window->memory_ == nullptr) {
    return nullptr;
  }
  std::ranges::copy(dictionary, window->memory_.get());
  window->size_ = dictionary.size();
  window->reader_.reset(
      ZSTD_createDDict_byReference(window->memory_.get(), window->size_));
  return window->reader_ == nullptr ? nullptr : std::move(window);
}

uint64_t ZstdWindow::size_bytes() const {
  return sizeof(*this) + size_ + ZSTD_sizeof_DDict(reader_.get());
}

ZstdWindows::Borrowed ZstdWindows::Borrow() const {
  {
    const std::lock_guard lock(mutex_);
    if (kept_ != nullptr) {
      std::unique_ptr<ZstdWindow> window = std::move(kept_);
      kept_ = std::move(window->next_);
      return {this, std::move(window)};
    }
  }
  return {this, ZstdWindow::Make(dictionary_)};
}

size_t ZstdWindows::kept() const {
  const std::lock_guard lock(mutex_);
  size_t count = 0;
  for (const ZstdWindow* window = kept_.get(); window != nullptr;
       window = window->next_.get()) {
    ++count;
  }
  return count;
}

void ZstdWindows::GiveBack(std::unique_ptr<ZstdWindow> window) const {
  if (window != nullptr) {
    const std::lock_guard lock(mutex_);
    window->next_ = std::move(kept_);
    kept_ = std::move(window);
  }
}

}  // namespace lancer::encoding
