#include "format/once_slot.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace lancer::format {
namespace {

// Counts those that live.
struct Counted {
  explicit Counted(std::atomic<int>* live_count) : live(live_count) { ++*live; }
  ~Counted() { --*live; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  std::atomic<int>* live;
};

TEST(OnceSlot, KeepsTheFirstThatIsPublishedAndDropsOthers) {
  std::atomic<int> live{0};
  {
    OnceSlot<Counted> slot;
    EXPECT_EQ(slot.get(), nullptr);
    auto first = std::make_unique<const Counted>(&live);
    const Counted* address = first.get();
    EXPECT_TRUE(slot.Publish(std::move(first)));
    EXPECT_EQ(slot.get(), address);
    EXPECT_FALSE(slot.Publish(std::make_unique<const Counted>(&live)));
    EXPECT_EQ(slot.get(), address);
    EXPECT_EQ(live.load(), 1);
  }
  EXPECT_EQ(live.load(), 0);
}

TEST(OnceSlot, OneOfManyThreadsPublishes) {
  std::atomic<int> live{0};
  std::atomic<int> published{0};
  OnceSlot<Counted> slot;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        published += slot.Publish(std::make_unique<const Counted>(&live)) ? 1 : 0;
        EXPECT_NE(slot.get(), nullptr);
      });
    }
  }
  EXPECT_EQ(published.load(), 1);
  EXPECT_EQ(live.load(), 1);
}

TEST(Loaded, OwnsWhatFoundNoPlace) {
  std::atomic<int> live{0};
  OnceSlot<Counted> slot;
  ASSERT_TRUE(slot.Publish(std::make_unique<const Counted>(&live)));
  {
    Loaded<Counted> own(std::make_unique<const Counted>(&live));
    Loaded<Counted> moved(std::move(own));
    EXPECT_EQ(moved->live, &live);
    EXPECT_EQ(live.load(), 2);
    Loaded<Counted> kept(slot.get());
    EXPECT_EQ(&*kept, slot.get());
  }
  EXPECT_EQ(live.load(), 1);
}

}  // namespace
}  // namespace lancer::format
