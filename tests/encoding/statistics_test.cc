#include "encoding/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <set>
#include <string>

#include "encoding/byte_order.h"
#include "encoding/simd/scan_kernels.h"
#include "tests/encoding/value_sets.h"
#include "types/bitmap.h"

namespace lancer::encoding {
namespace {

using Bytes = std::vector<std::byte>;

bool IsNan(PhysicalType type, const Bytes& value) {
  if (!IsFloating(type.number)) {
    return false;
  }
  const uint64_t bits = LoadNumber(value.data(), type.width);
  const uint64_t magnitude = bits & ~(uint64_t{1} << (8 * type.width - 1));
  return magnitude > (type.width == 8                        ? 0x7FF0000000000000ULL
                      : type.width == 4                      ? 0x7F800000ULL
                      : type.number == NumberKind::kBfloat16 ? 0x7F80ULL
                                                             : 0x7C00ULL);
}

// Order by the definition, digit by digit, without the code under test.
bool Less(PhysicalType type, const Bytes& a, const Bytes& b) {
  if (type.kind != PhysicalKind::kFixed || type.number == NumberKind::kOpaque) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  }
  const auto key = [&](Bytes v) {
    std::reverse(v.begin(), v.end());
    const bool negative = (v[0] & std::byte{0x80}) != std::byte{0};
    if (type.number == NumberKind::kSigned) {
      v[0] ^= std::byte{0x80};
    } else if (IsFloating(type.number)) {
      for (size_t i = 0; i < v.size(); ++i) {
        v[i] ^= negative ? std::byte{0xFF} : (i == 0 ? std::byte{0x80} : std::byte{0});
      }
    }
    return v;
  };
  return key(a) < key(b);
}

void CheckAgainstOracle(const ValueSet& set) {
  const Values values = set.view();
  const Statistics statistics = ComputeStatistics(values);
  std::set<Bytes> distinct;
  std::optional<Bytes> least;
  std::optional<Bytes> most;
  uint64_t nulls = 0;
  uint64_t nans = 0;
  uint64_t runs = 0;
  for (uint64_t i = 0; i < set.count; ++i) {
    const Bytes value = set.At(i);
    runs += i == 0 || value != set.At(i - 1) ? 1 : 0;
    if (values.validity != nullptr && !GetBit(values.validity, static_cast<int64_t>(i))) {
      ++nulls;
      continue;
    }
    distinct.insert(value);
    if (IsNan(set.type, value)) {
      ++nans;
      continue;
    }
    least = !least || Less(set.type, value, *least) ? value : least;
    most = !most || Less(set.type, *most, value) ? value : most;
  }
  EXPECT_EQ(statistics.count, set.count);
  EXPECT_EQ(statistics.null_count, nulls);
  EXPECT_EQ(statistics.nan_count, nans);
  EXPECT_EQ(statistics.run_count, runs);
  EXPECT_EQ(statistics.distinct, std::optional<uint64_t>(distinct.size()));
  ASSERT_EQ(statistics.min.has_value(), least.has_value());
  if (least && least->size() <= 32) {
    EXPECT_EQ(Bytes(statistics.min->view().begin(), statistics.min->view().end()),
              *least);
  }
  if (most && most->size() <= 32) {
    ASSERT_TRUE(statistics.max.has_value());
    EXPECT_EQ(Bytes(statistics.max->view().begin(), statistics.max->view().end()), *most);
  }
  const Statistics bounds = ComputeBounds(values);
  EXPECT_EQ(bounds.min, statistics.min);
  EXPECT_EQ(bounds.max, statistics.max);
  EXPECT_EQ(bounds.null_count, nulls);
  EXPECT_EQ(bounds.nan_count, nans);
}

TEST(Statistics, AgreeWithADirectCount) {
  for (const PhysicalType type : TestTypes()) {
    for (const uint64_t count : {0, 1, 2, 300, 2100}) {
      for (ValueSet& set : MakeValueSets(type, count)) {
        for (int nulls = 0; nulls < 4; ++nulls) {
          set.validity = MakeValidity(count, nulls);
          SCOPED_TRACE(TypeName(type) + " " + set.name + " x " + std::to_string(count) +
                       " nulls " + std::to_string(nulls));
          ASSERT_NO_FATAL_FAILURE(CheckAgainstOracle(set));
        }
      }
    }
  }
}

ValueSet Text(const std::string& text) {
  ValueSet set;
  set.type = kBytesOf;
  set.count = 1;
  const auto bytes = std::as_bytes(std::span(text));
  set.data.assign(bytes.begin(), bytes.end());
  set.offsets = {0, text.size()};
  return set;
}

TEST(Statistics, CutBoundsStayBounds) {
  const Statistics exact = ComputeStatistics(Text(std::string(32, 'a')).view());
  EXPECT_TRUE(exact.min->exact);
  EXPECT_TRUE(exact.max->exact);

  const Statistics cut = ComputeStatistics(Text(std::string(33, 'a')).view());
  EXPECT_FALSE(cut.min->exact);
  EXPECT_FALSE(cut.max->exact);
  EXPECT_EQ(cut.min->size, 32);
  EXPECT_EQ(cut.max->view().back(), std::byte{'b'});

  const Statistics carried =
      ComputeStatistics(Text("q" + std::string(40, '\xFF')).view());
  EXPECT_EQ(carried.max->size, 1);
  EXPECT_EQ(carried.max->bytes[0], std::byte{'r'});

  const Statistics none = ComputeStatistics(Text(std::string(33, '\xFF')).view());
  EXPECT_TRUE(none.min.has_value());
  EXPECT_FALSE(none.max.has_value());
}

TEST(Statistics, NegativeZeroStandsBelowZeroAndNanNowhere) {
  const double numbers[] = {0.0, -0.0, std::bit_cast<double>(0x7FF8000000000001ULL)};
  Values values;
  values.type = FixedOf(NumberKind::kFloat, 8);
  values.count = 3;
  values.data = std::as_bytes(std::span(numbers));
  const Statistics statistics = ComputeStatistics(values);
  EXPECT_EQ(LoadLe<uint64_t>(statistics.min->bytes.data()), uint64_t{1} << 63);
  EXPECT_EQ(LoadLe<uint64_t>(statistics.max->bytes.data()), 0U);
  EXPECT_EQ(statistics.nan_count, 1U);
  EXPECT_EQ(statistics.zero_count, 2U);
}

TEST(Statistics, DistinctStopsAbove64Ki) {
  for (const uint64_t count : {65536, 65537}) {
    std::vector<uint64_t> numbers(count);
    for (uint64_t i = 0; i < count; ++i) {
      numbers[i] = i * 0x9E3779B97F4A7C15ULL;
    }
    Values values;
    values.type = FixedOf(NumberKind::kUnsigned, 8);
    values.count = count;
    values.data = std::as_bytes(std::span(numbers));
    EXPECT_EQ(ComputeStatistics(values).distinct.has_value(), count == 65536);
  }
}

TEST(Statistics, MergedPartsEqualTheWhole) {
  for (const PhysicalType type : TestTypes()) {
    for (ValueSet& set : MakeValueSets(type, 800)) {
      set.validity = MakeValidity(800, 2);
      const Values values = set.view();
      Statistics merged = ComputeBounds(values.Slice(0, 256));
      MergeBounds(&merged, ComputeBounds(values.Slice(256, 0)));
      MergeBounds(&merged, ComputeBounds(values.Slice(256, 544)));
      const Statistics whole = ComputeBounds(values);
      EXPECT_EQ(merged.min, whole.min) << TypeName(type) << set.name;
      EXPECT_EQ(merged.max, whole.max) << TypeName(type) << set.name;
      EXPECT_EQ(merged.null_count, whole.null_count);
      EXPECT_EQ(merged.nan_count, whole.nan_count);
      EXPECT_EQ(merged.count, whole.count);
    }
  }
}

TEST(Statistics, MergingPrefersAWholeValueToACutBoundOfTheSameBytes) {
  // 32 bytes that one value is and others begin with; and what these round up to.
  const std::string prefix(32, 'p');
  const std::string above = std::string(31, 'p') + "q";
  auto bounds_of = [](const std::string& text) {
    const std::vector<uint64_t> offsets = {0, text.size()};
    return ComputeBounds({.type = {.kind = PhysicalKind::kBytes},
                          .count = 1,
                          .data = std::as_bytes(std::span(text)),
                          .offsets = offsets});
  };
  const Statistics longer = bounds_of(prefix + "xyz");
  ASSERT_FALSE(longer.min->exact);
  ASSERT_FALSE(longer.max->exact);
  for (const bool longer_first : {true, false}) {
    Statistics merged = longer_first ? longer : bounds_of(prefix);
    MergeBounds(&merged, longer_first ? bounds_of(prefix) : longer);
    MergeBounds(&merged, bounds_of(above));
    MergeBounds(&merged, longer);
    EXPECT_EQ(merged.min, bounds_of(prefix).min);
    EXPECT_EQ(merged.max, bounds_of(above).max);
  }
}

}  // namespace
}  // namespace lancer::encoding
