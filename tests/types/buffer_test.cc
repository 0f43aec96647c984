#include "lancer/buffer.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <utility>

namespace lancer {
namespace {

TEST(Buffer, OwnsAVector) {
  BufferPtr buffer = Buffer::Own(std::vector<int32_t>{1, 2});
  EXPECT_EQ(buffer->size(), 8U);
  int32_t second = 0;
  std::memcpy(&second, buffer->data() + 4, 4);
  EXPECT_EQ(second, 2);
}

TEST(Buffer, SliceKeepsItsParentAlive) {
  BufferPtr parent = Buffer::Own(std::vector<uint8_t>{1, 2, 3, 4});
  BufferPtr slice = Buffer::Slice(parent, 1, 2);
  std::weak_ptr<const Buffer> watch = parent;
  parent.reset();
  EXPECT_FALSE(watch.expired());
  EXPECT_EQ(slice->size(), 2U);
  EXPECT_EQ(slice->bytes()[0], std::byte{2});
  slice.reset();
  EXPECT_TRUE(watch.expired());
}

TEST(Buffer, SliceMayBeEmptyAtTheEnd) {
  BufferPtr parent = Buffer::Own(std::vector<uint8_t>{1});
  EXPECT_EQ(Buffer::Slice(parent, 1, 0)->size(), 0U);
}

TEST(MutableBuffer, IsAlignedWithSlack) {
  for (size_t size : {size_t{1}, size_t{64}, size_t{1000}}) {
    MutableBuffer buffer(size);
    EXPECT_EQ(std::bit_cast<uintptr_t>(buffer.data()) % 64, 0U);
    std::memset(buffer.data(), 1, size + 64);  // the slack is ours: sanitizers agree
    EXPECT_EQ(buffer.size(), size);
  }
}

TEST(MutableBuffer, OfSizeZeroIsNotNullAndFinishesAsAnEmptyBuffer) {
  MutableBuffer buffer(0);
  EXPECT_NE(buffer.data(), nullptr);
  BufferPtr finished = std::move(buffer).Finish();
  EXPECT_NE(finished->data(), nullptr);
  EXPECT_EQ(finished->size(), 0U);
}

TEST(MutableBuffer, KeepsBytesWhenItGrowsAndShrinks) {
  MutableBuffer buffer(3);
  std::memcpy(buffer.data(), "abc", 3);
  for (size_t size = 4; size < 5000; size = size * 3 / 2) {
    buffer.Resize(size);
    EXPECT_EQ(std::memcmp(buffer.data(), "abc", 3), 0);
    EXPECT_EQ(std::bit_cast<uintptr_t>(buffer.data()) % 64, 0U);
  }
  buffer.Resize(2);
  EXPECT_EQ(buffer.bytes().size(), 2U);
  BufferPtr finished = std::move(buffer).Finish();
  EXPECT_EQ(finished->size(), 2U);
  EXPECT_EQ(finished->bytes()[1], std::byte{'b'});
}

TEST(MutableBuffer, IsEmptyAndUsableAfterFinish) {
  MutableBuffer buffer(8);
  BufferPtr finished = std::move(buffer).Finish();
  // What Finish leaves behind is promised by the header.
  EXPECT_EQ(buffer.size(), 0U);  // NOLINT(bugprone-use-after-move)
  buffer.Resize(4);
  EXPECT_NE(buffer.data(), nullptr);
  EXPECT_NE(buffer.data(), finished->data());
}

}  // namespace
}  // namespace lancer
