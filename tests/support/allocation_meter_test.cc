#include "tests/support/allocation_meter.h"

#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

namespace lancer::test {
namespace {

// Keeps the compiler from leaving an allocation out.
void Use(const void* memory) { asm volatile("" : : "r"(memory) : "memory"); }

TEST(AllocationMeter, CountsPeakAndCalls) {
  AllocationMeter meter;
  {
    auto big = std::make_unique<char[]>(1 << 20);
    Use(big.get());
  }
  auto small = std::make_unique<char[]>(100);
  Use(small.get());
  EXPECT_GE(meter.peak_bytes(), 1u << 20);
  EXPECT_LT(meter.peak_bytes(), (1u << 20) + 65'536);
  EXPECT_EQ(meter.allocation_count(), 2u);
}

TEST(AllocationMeter, SeesOtherThreadsAndAlignedMemory) {
  AllocationMeter meter;
  std::thread([] {
    void* memory = ::operator new (1 << 20, std::align_val_t{64});
    Use(memory);
    ::operator delete (memory, std::align_val_t{64});
  }).join();
  EXPECT_GE(meter.peak_bytes(), 1u << 20);
}

TEST(AllocationMeter, GivesBackWhatIsFreed) {
  uint64_t before = AllocatedBytes();
  {
    std::vector<int> numbers(10'000);
    Use(numbers.data());
    EXPECT_GE(AllocatedBytes(), before + 40'000);
  }
  EXPECT_EQ(AllocatedBytes(), before);
}

TEST(AllocationLimit, RefusesWhatGoesBeyond) {
  AllocationLimit limit(1 << 20);
  auto fits = std::make_unique<char[]>(1 << 19);
  Use(fits.get());
  EXPECT_THROW(Use(::operator new(1 << 20)), std::bad_alloc);
  EXPECT_THROW(Use(::operator new(SIZE_MAX / 2)), std::bad_alloc);
  EXPECT_EQ(::operator new(1 << 20, std::nothrow), nullptr);
  EXPECT_EQ(limit.refused_count(), 3u);
}

TEST(AllocationLimit, EndsWithItsScope) {
  { AllocationLimit limit(100); }
  EXPECT_NO_THROW(Use(std::vector<char>(100'000).data()));
}

TEST(AllocationFault, FailsOneAllocation) {
  AllocationFault fault(1);
  EXPECT_NO_THROW(Use(std::make_unique<char[]>(10).get()));
  EXPECT_FALSE(fault.fired());
  EXPECT_THROW(Use(::operator new(10)), std::bad_alloc);
  EXPECT_TRUE(fault.fired());
  EXPECT_NO_THROW(Use(std::make_unique<char[]>(10).get()));
}

}  // namespace
}  // namespace lancer::test
