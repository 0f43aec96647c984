// Counts what operator new hands out, and refuses it beyond a limit.
//
// Only for test programs that link the object library lancer_allocation_meter, which
// replaces the global operators. C allocations (malloc in compression libraries) are not
// seen. One limit and one measurement for the whole program.
// Thread rule: safe for concurrent calls; limits and peaks are of all threads together.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lancer::test {

// Bytes that operator new has handed out and not got back.
uint64_t AllocatedBytes();

// Measures from its construction on. One at a time.
class AllocationMeter {
 public:
  AllocationMeter();
  // The most bytes that were in use at once, above those in use at construction.
  uint64_t peak_bytes() const;
  // Calls of operator new.
  uint64_t allocation_count() const;

 private:
  uint64_t bytes_before_;
  uint64_t count_before_;
};

// While it lives, operator new throws std::bad_alloc rather than have more than
// `limit_bytes` in use above those in use at construction. One at a time.
class AllocationLimit {
 public:
  explicit AllocationLimit(uint64_t limit_bytes);
  ~AllocationLimit();
  AllocationLimit(const AllocationLimit&) = delete;
  AllocationLimit& operator=(const AllocationLimit&) = delete;
  // Allocations refused so far.
  uint64_t refused_count() const;
};

// While it lives, the allocation with this number (from 0) fails, on the thread that made
// this object. One at a time.
class AllocationFault {
 public:
  explicit AllocationFault(uint64_t number);
  ~AllocationFault();
  AllocationFault(const AllocationFault&) = delete;
  AllocationFault& operator=(const AllocationFault&) = delete;
  bool fired() const;
};

}  // namespace lancer::test
