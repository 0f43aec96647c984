#include "encoding/exceptions.h"

#include <gtest/gtest.h>

#include <numeric>

namespace lancer::encoding {
namespace {

struct Stored {
  std::vector<std::byte> headers;
  std::vector<std::byte> bodies;

  Stored(uint64_t value_count, const std::vector<uint32_t>& positions) {
    const std::vector<std::byte> bytes(value_count * 3, std::byte{9});
    Values values;
    values.type = {PhysicalKind::kFixed, NumberKind::kOpaque, 3};
    values.count = value_count;
    values.data = bytes;
    Exceptions::Write(positions, values, {&headers, &bodies});
  }
  Status Read(uint64_t value_count, Exceptions* exceptions) const {
    ByteReader reader(headers);
    return Exceptions::ReadHeader(PlainEncoding(), &reader, value_count, 3, exceptions);
  }
};

TEST(Exceptions, AreFoundByTheirPositionsAlone) {
  for (const uint64_t count : {uint64_t{5000}, uint64_t{65536}, uint64_t{65537}}) {
    for (const size_t n : {0, 1, 2, 4999}) {
      std::vector<uint32_t> positions(n);
      std::iota(positions.begin(), positions.end(), 1U);
      const Stored stored(count, positions);
      EXPECT_EQ(stored.headers.size(), n == 0 ? 1U : count <= 65536 ? 3U : 5U);
      Exceptions exceptions;
      ASSERT_TRUE(stored.Read(count, &exceptions).ok());
      ASSERT_EQ(exceptions.body_bytes(), stored.bodies.size());
      exceptions.SetBody(stored.bodies.data());
      EXPECT_TRUE(exceptions.CheckPositions(PlainEncoding(), count).ok());
      EXPECT_EQ(exceptions.Find(0), nullptr);
      EXPECT_EQ(exceptions.Find(n + 1), nullptr);
      for (size_t k = 0; k < n; ++k) {
        EXPECT_EQ(exceptions.position(k), k + 1);
        EXPECT_EQ(exceptions.Find(k + 1), exceptions.value(k));
      }
    }
  }
}

TEST(Exceptions, AsManyAsFillTheSmallPositionsAreCountedInFourBytes) {
  std::vector<uint32_t> positions(65536);
  std::iota(positions.begin(), positions.end(), 0U);
  const Stored stored(65536, positions);
  Exceptions exceptions;
  ASSERT_TRUE(stored.Read(65536, &exceptions).ok());
  EXPECT_EQ(exceptions.count(), 65536U);
}

TEST(Exceptions, PlacesRepeatTheValueBeforeAndAreOverwritten) {
  const auto repeated = [](std::vector<uint8_t> values, std::vector<uint32_t> positions) {
    Exceptions::RepeatBefore(positions, values.size(), 1,
                             std::as_writable_bytes(std::span(values)).data());
    return values;
  };
  EXPECT_EQ(repeated({1, 2, 3, 4, 5}, {1, 2, 4}), (std::vector<uint8_t>{1, 1, 1, 4, 4}));
  EXPECT_EQ(repeated({1, 2, 3, 4, 5}, {0, 1, 3}), (std::vector<uint8_t>{3, 3, 3, 3, 5}));
  EXPECT_EQ(repeated({1, 2}, {0, 1}), (std::vector<uint8_t>{0, 0}));
  EXPECT_EQ(repeated({1, 2}, {}), (std::vector<uint8_t>{1, 2}));
  const Stored stored(4, {1, 3});
  Exceptions exceptions;
  ASSERT_TRUE(stored.Read(4, &exceptions).ok());
  exceptions.SetBody(stored.bodies.data());
  std::vector<uint8_t> target(12);
  exceptions.Overwrite(std::as_writable_bytes(std::span(target)).data());
  EXPECT_EQ(target, (std::vector<uint8_t>{0, 0, 0, 9, 9, 9, 0, 0, 0, 9, 9, 9}));
}

TEST(Exceptions, MoreThanValuesOrOutOfOrderAreDamage) {
  const Stored two(10, {3, 4});
  Exceptions exceptions;
  EXPECT_EQ(two.Read(1, &exceptions).code(), StatusCode::kCorruption);
  for (const std::vector<uint32_t>& positions :
       {std::vector<uint32_t>{4, 4}, {5, 4}, {3, 10}}) {
    const Stored stored(11,
                        positions);  // one more than is read, so that all places exist
    ASSERT_TRUE(stored.Read(10, &exceptions).ok());
    exceptions.SetBody(stored.bodies.data());
    EXPECT_EQ(exceptions.CheckPositions(PlainEncoding(), 10).code(),
              StatusCode::kCorruption);
  }
  Stored unknown(10, {});
  unknown.headers[0] = std::byte{3};
  EXPECT_EQ(unknown.Read(10, &exceptions).code(), StatusCode::kCorruption);
  unknown.headers[0] = std::byte{1};
  EXPECT_EQ(unknown.Read(10, &exceptions).code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::encoding
