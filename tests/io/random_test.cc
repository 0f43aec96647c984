#include <gtest/gtest.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "lancer/context.h"
#include "tests/support/child_process.h"

namespace lancer {
namespace {

TEST(SeededRandom, RepeatsAndNeverChanges) {
  auto random = MakeSeededRandom(1234567);
  // The published sequence of SplitMix64 for this seed.
  EXPECT_EQ(random->Next(), 6457827717110365317u);
  EXPECT_EQ(random->Next(), 3203168211198807973u);
  EXPECT_EQ(random->Next(), 9817491932198370423u);
}

TEST(SeededRandom, GivesEachNumberToOneThread) {
  auto random = MakeSeededRandom(1);
  std::vector<uint64_t> left(1'000);
  std::vector<uint64_t> right(1'000);
  auto fill = [&](std::vector<uint64_t>& numbers) {
    for (uint64_t& number : numbers) {
      number = random->Next();
    }
  };
  std::thread one([&] { fill(left); });
  std::thread two([&] { fill(right); });
  one.join();
  two.join();
  std::set<uint64_t> all(left.begin(), left.end());
  all.insert(right.begin(), right.end());
  EXPECT_EQ(all.size(), 2'000u);
}

TEST(SystemRandom, DoesNotRepeat) {
  auto random = MakeSystemRandom();
  std::set<uint64_t> numbers;
  for (int i = 0; i < 1'000; ++i) {
    numbers.insert(random->Next());
  }
  EXPECT_EQ(numbers.size(), 1'000u);
}

TEST(SystemRandom, DiffersInAForkedChild) {
  auto random = MakeSystemRandom();
  random->Next();
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  test::ChildEnd end = test::RunInChild([&] {
    uint64_t number = random->Next();
    return write(ends[1], &number, sizeof(number)) == sizeof(number) ? 0 : 1;
  });
  ASSERT_EQ(end.exit_code, 0);
  uint64_t theirs = 0;
  ASSERT_EQ(read(ends[0], &theirs, sizeof(theirs)), 8);
  EXPECT_NE(random->Next(), theirs);
  close(ends[0]);
  close(ends[1]);
}

TEST(Random, MakesVersion4Uuids) {
  auto random = MakeSeededRandom(5);
  std::set<Uuid> uuids;
  for (int i = 0; i < 100; ++i) {
    Uuid uuid = random->NextUuid();
    EXPECT_EQ(uuid.bytes[6] & std::byte{0xF0}, std::byte{0x40});
    EXPECT_EQ(uuid.bytes[8] & std::byte{0xC0}, std::byte{0x80});
    uuids.insert(uuid);
  }
  EXPECT_EQ(uuids.size(), 100u);
}

}  // namespace
}  // namespace lancer
