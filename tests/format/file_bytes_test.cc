#include "format/file_bytes.h"

#include <gtest/gtest.h>

#include "tests/format/container_fixture.h"

namespace lancer::format {
namespace {

std::vector<std::byte> Numbers(size_t size) {
  std::vector<std::byte> bytes(size);
  for (size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::byte>(i);
  }
  return bytes;
}

TEST(FileBytes, ReadsWhatIsNotInMemory) {
  auto file = std::make_shared<BytesFile>(Numbers(200), false);
  FileBytes bytes(file);
  EXPECT_FALSE(bytes.Find(10, 5));
  auto read = bytes.Read(10, 5);
  ASSERT_TRUE(read);
  EXPECT_EQ((*read)->bytes()[4], std::byte{14});
  EXPECT_EQ(file->reads, 1u);
}

TEST(FileBytes, TakesMappedBytesWithoutReading) {
  auto file = std::make_shared<BytesFile>(Numbers(200), true);
  FileBytes bytes(file);
  auto found = bytes.Find(199, 1);
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)[0], std::byte{199});
  auto read = bytes.Read(0, 200);
  ASSERT_TRUE(read);
  EXPECT_EQ((*read)->data(), file->mapped().data());
  EXPECT_EQ(file->reads, 0u);
}

TEST(FileBytes, TakesKeptBytesWithoutReading) {
  auto file = std::make_shared<BytesFile>(Numbers(200), false);
  FileBytes bytes(file);
  auto numbers = Numbers(200);
  bytes.Keep(100, Buffer::Own(std::vector<std::byte>(numbers.begin() + 100,
                                                     numbers.begin() + 150)));
  EXPECT_EQ(bytes.kept_bytes(), 50u);
  for (auto [offset, size, kept] : {std::tuple{100u, 50u, true},
                                    {149u, 1u, true},
                                    {150u, 0u, true},
                                    {99u, 2u, false},
                                    {149u, 2u, false},
                                    {100u, 51u, false}}) {
    SCOPED_TRACE(offset);
    EXPECT_EQ(bytes.Find(offset, size).has_value(), kept);
    auto read = bytes.Read(offset, size);
    ASSERT_TRUE(read);
    ASSERT_EQ((*read)->size(), size);
    if (size > 0) {
      EXPECT_EQ((*read)->bytes()[0], static_cast<std::byte>(offset));
    }
  }
}

TEST(FileBytes, RefusesRangesBeyondTheFile) {
  for (bool mapped : {false, true}) {
    FileBytes bytes(std::make_shared<BytesFile>(Numbers(200), mapped));
    for (auto [offset, size] : {std::pair<uint64_t, uint64_t>{200, 1},
                                {0, 201},
                                {UINT64_MAX, 1},
                                {1, UINT64_MAX},
                                {UINT64_MAX, UINT64_MAX}}) {
      EXPECT_FALSE(bytes.Find(offset, size));
      EXPECT_EQ(bytes.Read(offset, size).error().code(), StatusCode::kCorruption);
    }
  }
}

}  // namespace
}  // namespace lancer::format
