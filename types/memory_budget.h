// MemoryBudget: a limit that growing operations ask before they allocate.
//
// Ownership: owns no memory, only counts it; must outlive what reserves from it. Thread
// rule: safe for concurrent calls.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "lancer/status.h"

namespace lancer {

class MemoryBudget {
 public:
  explicit MemoryBudget(uint64_t limit_bytes) : limit_(limit_bytes) {}

  uint64_t limit() const { return limit_; }
  uint64_t used() const { return used_.load(std::memory_order_relaxed); }
  // What Reserve would give, as long as no other thread asks.
  uint64_t available() const { return limit_ - std::min(used(), limit_); }
  uint64_t peak() const { return peak_.load(std::memory_order_relaxed); }

  // Takes `bytes`. Errors: ResourceExhausted naming `what`, the need and the limit.
  Status Reserve(uint64_t bytes, std::string_view what) {
    uint64_t before = used_.fetch_add(bytes, std::memory_order_relaxed);
    if (before + bytes > limit_ || before + bytes < bytes) {
      used_.fetch_sub(bytes, std::memory_order_relaxed);
      return Status::ResourceExhausted(
          std::string(what) + " needs " + std::to_string(bytes) + " bytes with " +
          std::to_string(before) + " of " + std::to_string(limit_) + " in use");
    }
    uint64_t peak = peak_.load(std::memory_order_relaxed);
    while (
        before + bytes > peak &&
        !peak_.compare_exchange_weak(peak, before + bytes, std::memory_order_relaxed)) {
    }
    return Status::Ok();
  }
  void Release(uint64_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

 private:
  const uint64_t limit_;
  std::atomic<uint64_t> used_{0};
  std::atomic<uint64_t> peak_{0};
};

}  // namespace lancer
