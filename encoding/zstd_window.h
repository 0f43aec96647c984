// ZstdWindow: a codec dictionary with room behind it, into which zstd decodes.
//
// zstd copies a match that reaches back into the dictionary at once when the dictionary
// lies right before the output, and in pieces when it lies elsewhere: text under a large
// dictionary is decoded 1.4 times as fast, its copy to where it belongs included. Whoever
// decodes borrows a window, and as many are kept as were ever borrowed at one time.
// Ownership: owns its memory; what is borrowed must be given back before the lender goes.
// Thread rule: ZstdWindows is safe for concurrent use, a ZstdWindow for one thread.
#pragma once

#include <zstd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <utility>

#include "encoding/zstd_contexts.h"

namespace lancer::encoding {

class ZstdWindow {
 public:
  // Memory of it is taken when it is first written to.
  static constexpr size_t kRoomBytes = size_t{512} << 10;

  // Copies the dictionary. Null when zstd refuses it, or memory is out.
  static std::unique_ptr<ZstdWindow> Make(std::span<const std::byte> dictionary);

  std::span<const std::byte> dictionary() const { return {memory_.get(), size_}; }
  std::span<std::byte> room() { return {memory_.get() + size_, kRoomBytes}; }
  const ZSTD_DDict* reader() const { return reader_.get(); }
  // Without the room.
  uint64_t size_bytes() const;

 private:
  ZstdWindow() = default;
  std::unique_ptr<std::byte[]> memory_;
  size_t size_ = 0;  // of the dictionary
  std::unique_ptr<ZSTD_DDict, FreeZstd> reader_;

  friend class ZstdWindows;
  std::unique_ptr<ZstdWindow> next_;  // of those that are kept
};

class ZstdWindows {
 public:
  // Gives a window back when it goes.
  class Borrowed {
   public:
    Borrowed(const ZstdWindows* lender, std::unique_ptr<ZstdWindow> window)
        : lender_(lender), window_(std::move(window)) {}
    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;
    ~Borrowed() { lender_->GiveBack(std::move(window_)); }
    // Null when memory is out.
    ZstdWindow* get() const { return window_.get(); }

   private:
    const ZstdWindows* lender_;
    std::unique_ptr<ZstdWindow> window_;
  };

  // REQUIRES: `dictionary` outlives this; zstd takes it.
  explicit ZstdWindows(std::span<const std::byte> dictionary) : dictionary_(dictionary) {}

  Borrowed Borrow() const;
  size_t kept() const;

 private:
  void GiveBack(std::unique_ptr<ZstdWindow> window) const;

  std::span<const std::byte> dictionary_;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<ZstdWindow> kept_;  // a list, so that giving back cannot fail
};

}  // namespace lancer::encoding
