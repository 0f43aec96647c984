// Random numbers: the kernel's for names that must never repeat, seeded ones for tests.

#include <sys/random.h>

#include <atomic>

#include "io/posix.h"
#include "lancer/context.h"

namespace lancer {
namespace {

// SplitMix64: state advances by the golden ratio's fraction, output is a bijection of it.
constexpr uint64_t kGoldenGamma = 0x9E3779B97F4A7C15;

uint64_t Mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  uint64_t Next() override {
    return Mix(state_.fetch_add(kGoldenGamma, std::memory_order_relaxed) + kGoldenGamma);
  }

 private:
  std::atomic<uint64_t> state_;
};

class SystemRandom final : public Random {
 public:
  // Asks the kernel each time: nothing is cached that a fork could repeat.
  uint64_t Next() override {
    uint64_t value = 0;
    ssize_t got = RetryOnInterrupt([&] { return getrandom(&value, sizeof(value), 0); });
    if (got == static_cast<ssize_t>(sizeof(value))) {
      return value;
    }
    // Only a sandbox that forbids the call comes here; 8 bytes never fail otherwise.
    return fallback_->Next() ^ Mix(static_cast<uint64_t>(clock_->NowMicros()));
  }

 private:
  std::shared_ptr<Clock> clock_ = MakeSystemClock();
  std::shared_ptr<Random> fallback_ =
      MakeSeededRandom(static_cast<uint64_t>(clock_->MonotonicMicros()));
};

}  // namespace

Uuid Random::NextUuid() {
  Uuid uuid;
  for (size_t half = 0; half < 2; ++half) {
    uint64_t bits = Next();
    for (size_t i = 0; i < 8; ++i) {
      uuid.bytes[half * 8 + i] = static_cast<std::byte>(bits >> (56 - 8 * i));
    }
  }
  uuid.bytes[6] = (uuid.bytes[6] & std::byte{0x0F}) | std::byte{0x40};  // version 4
  uuid.bytes[8] = (uuid.bytes[8] & std::byte{0x3F}) | std::byte{0x80};  // RFC 4122
  return uuid;
}

std::shared_ptr<Random> MakeSystemRandom() { return std::make_shared<SystemRandom>(); }

std::shared_ptr<Random> MakeSeededRandom(uint64_t seed) {
  return std::make_shared<SeededRandom>(seed);
}

}  // namespace lancer
