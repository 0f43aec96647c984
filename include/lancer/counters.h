// Counters: what reading cost, for tests, benchmarks and the curious.
//
// Thread rule: every member may be read and added to at the same time from any thread
// (relaxed; the sums are exact once the work is done). Ownership: owns nothing; must
// outlive what counts into it.
#pragma once

#include <atomic>
#include <cstdint>

namespace lancer {

struct Counters {
  std::atomic<uint64_t> requests{0};       // ranges asked of a file, after merging
  std::atomic<uint64_t> batches{0};        // batches of ranges submitted together
  std::atomic<uint64_t> bytes_read{0};     // bytes of those ranges
  std::atomic<uint64_t> bytes_used{0};     // bytes of them that a caller asked for
  std::atomic<uint64_t> units_checked{0};  // check units whose checksum was computed
  // Pages that statistics ruled out, or in which a filter selected no row; and blocks of
  // the other pages.
  std::atomic<uint64_t> pages_skipped{0};
  std::atomic<uint64_t> blocks_skipped{0};
  std::atomic<uint64_t> syncs{0};  // fsync of files and directories

  static void Add(std::atomic<uint64_t>& counter, uint64_t amount) {
    counter.fetch_add(amount, std::memory_order_relaxed);
  }
};

}  // namespace lancer
