// Turns a batch of ranges into few requests: adjacent ranges become one scattered read.
// The one place where local reads are shaped and submitted; another engine (io_uring) can
// take the same requests.
// Ownership: destinations are the caller's. Thread rule: safe for concurrent calls.
#pragma once

#include <sys/uio.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lancer/counters.h"
#include "lancer/file_system.h"
#include "lancer/status.h"

namespace lancer {

// A gapless run of bytes that goes to one or more places.
struct ReadRequest {
  uint64_t offset = 0;
  uint64_t size = 0;
  std::span<iovec> parts;  // in file order; used up while reading
};

// The requests of one batch, by offset, and the memory of their parts.
class ReadPlan {
 public:
  // Checks every range against `file_size`, drops empty ones and joins adjacent ones.
  // Errors: Corruption when a range ends beyond the file, naming `path`.
  static Result<ReadPlan> Make(std::span<const ReadRange> ranges, uint64_t file_size,
                               const std::string& path);

  std::span<ReadRequest> requests() { return requests_; }
  // Bytes of all requests.
  uint64_t total_bytes() const { return total_bytes_; }

 private:
  std::vector<iovec> parts_;
  std::vector<ReadRequest> requests_;
  uint64_t total_bytes_ = 0;
};

// OK, or Corruption "... ends at ..." when the range does not lie within the file.
Status CheckRange(const ReadRange& range, uint64_t file_size, const std::string& path);

// Carries the plan out with preadv. Several requests whose bytes are not in memory are
// announced to the kernel together before the first is waited for.
// Errors: IoError; a file that was cut since it was opened gives IoError.
Status ReadWithPreadv(int descriptor, ReadPlan& plan, const std::string& path);

// Adds a carried-out plan to `counters`, which may be null.
void CountBatch(Counters* counters, uint64_t request_count, uint64_t bytes);

}  // namespace lancer
