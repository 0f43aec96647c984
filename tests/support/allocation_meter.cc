#include "tests/support/allocation_meter.h"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>

namespace lancer::test {
namespace {

constexpr uint64_t kNoLimit = std::numeric_limits<uint64_t>::max();

// Plain zero-initialised globals: operator new runs before any constructor.
std::atomic<uint64_t> g_bytes{0};
std::atomic<uint64_t> g_peak{0};
std::atomic<uint64_t> g_count{0};
std::atomic<uint64_t> g_limit{kNoLimit};
std::atomic<uint64_t> g_refused{0};
thread_local uint64_t t_until_fault = kNoLimit;  // allocations left before the fault
thread_local bool t_fault_fired = false;

bool Refused(size_t size) {
  if (t_until_fault != kNoLimit) {
    if (t_until_fault == 0) {
      t_until_fault = kNoLimit;
      t_fault_fired = true;
      return true;
    }
    --t_until_fault;
  }
  uint64_t limit = g_limit.load(std::memory_order_relaxed);
  uint64_t used = g_bytes.load(std::memory_order_relaxed);
  if (limit != kNoLimit && (size > limit || used > limit - size)) {
    g_refused.fetch_add(1, std::memory_order_relaxed);
    return true;
  }
  return false;
}

void* Count(void* memory) {
  if (memory == nullptr) {
    return nullptr;
  }
  uint64_t size = malloc_usable_size(memory);
  uint64_t now = g_bytes.fetch_add(size, std::memory_order_relaxed) + size;
  g_count.fetch_add(1, std::memory_order_relaxed);
  uint64_t peak = g_peak.load(std::memory_order_relaxed);
  while (now > peak &&
         !g_peak.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
  }
  return memory;
}

void* Allocate(size_t size) {
  return Refused(size) ? nullptr : Count(std::malloc(size == 0 ? 1 : size));
}

void* AllocateAligned(size_t size, std::align_val_t alignment) {
  if (Refused(size)) {
    return nullptr;
  }
  void* memory = nullptr;
  size_t bound = std::max(static_cast<size_t>(alignment), sizeof(void*));
  return posix_memalign(&memory, bound, size == 0 ? 1 : size) == 0 ? Count(memory)
                                                                   : nullptr;
}

void Free(void* memory) noexcept {
  if (memory != nullptr) {
    g_bytes.fetch_sub(malloc_usable_size(memory), std::memory_order_relaxed);
    std::free(memory);
  }
}

void* OrThrow(void* memory) {
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return memory;
}

}  // namespace

uint64_t AllocatedBytes() { return g_bytes.load(std::memory_order_relaxed); }

AllocationMeter::AllocationMeter()
    : bytes_before_(AllocatedBytes()), count_before_(g_count.load()) {
  g_peak.store(bytes_before_);
}

uint64_t AllocationMeter::peak_bytes() const {
  uint64_t peak = g_peak.load();
  return peak > bytes_before_ ? peak - bytes_before_ : 0;
}

uint64_t AllocationMeter::allocation_count() const {
  return g_count.load() - count_before_;
}

AllocationLimit::AllocationLimit(uint64_t limit_bytes) {
  g_refused.store(0);
  g_limit.store(AllocatedBytes() + limit_bytes);
}
AllocationLimit::~AllocationLimit() { g_limit.store(kNoLimit); }
uint64_t AllocationLimit::refused_count() const { return g_refused.load(); }

AllocationFault::AllocationFault(uint64_t number) {
  t_fault_fired = false;
  t_until_fault = number;
}
AllocationFault::~AllocationFault() { t_until_fault = kNoLimit; }
bool AllocationFault::fired() const { return t_fault_fired; }

}  // namespace lancer::test

using lancer::test::Allocate;
using lancer::test::AllocateAligned;
using lancer::test::Free;
using lancer::test::OrThrow;

void* operator new(size_t size) { return OrThrow(Allocate(size)); }
void* operator new[](size_t size) { return OrThrow(Allocate(size)); }
void* operator new(size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept {
  return Allocate(size);
}
void* operator new(size_t size, std::align_val_t alignment) {
  return OrThrow(AllocateAligned(size, alignment));
}
void* operator new[](size_t size, std::align_val_t alignment) {
  return OrThrow(AllocateAligned(size, alignment));
}
void* operator new(size_t size, std::align_val_t alignment,
                   const std::nothrow_t&) noexcept {
  return AllocateAligned(size, alignment);
}
void* operator new[](size_t size, std::align_val_t alignment,
                     const std::nothrow_t&) noexcept {
  return AllocateAligned(size, alignment);
}
void operator delete(void* memory) noexcept { Free(memory); }
void operator delete[](void* memory) noexcept { Free(memory); }
void operator delete(void* memory, size_t) noexcept { Free(memory); }
void operator delete[](void* memory, size_t) noexcept { Free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { Free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { Free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { Free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { Free(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { Free(memory); }
void operator delete[](void* memory, size_t, std::align_val_t) noexcept { Free(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  Free(memory);
}
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  Free(memory);
}
