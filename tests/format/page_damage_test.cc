// Damage: whatever happens to the bytes of a page or of its index, reading gives an
// error or the right rows.
#include <gtest/gtest.h>

#include <random>

#include "encoding/byte_order.h"
#include "encoding/checksum.h"
#include "tests/format/page_fixture.h"
#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"
#include "tests/support/soak.h"

namespace lancer::format {
namespace {

using test::Nullable;

struct Sample {
  Field field;
  ArrayPtr array;
  PageOptions options;
};

// A page of each layout with each null kind, nested ones among them.
std::vector<Sample> Samples() {
  std::mt19937_64 rng(77);
  const TypePtr i32 = DataType::Make(TypeKind::kInt32);
  const TypePtr text = DataType::Make(TypeKind::kString);
  const TypePtr types[] = {
      i32,
      text,
      DataType::Make(TypeKind::kBool),
      DataType::Make(TypeKind::kFloat64),
      DataType::FixedSizeList(Nullable("item", i32), 3),
      DataType::List(Nullable("item", text)),
      DataType::List(Nullable("item", DataType::Struct({Nullable("a", i32)})))};
  std::vector<Sample> samples;
  uint64_t ordinal = 1;
  for (uint64_t part = 0; part < test::SoakFactor(); ++part) {
    for (const TypePtr& type : types) {
      for (const double nulls : {0.0, 0.03, 0.5}) {
        const Field field = Nullable("x", type);
        const ArrayPtr array =
            test::RandomArray(field, 40, rng, {.null_fraction = nulls});
        samples.push_back({field, array, {}});
        samples.push_back(
            {field, array, {.page_ordinal = ++ordinal, .random_policy = true}});
      }
    }
  }
  return samples;
}

// Right rows, or an error that is not Internal.
void ExpectRightOrError(const Result<ArrayPtr>& read, const ArrayPtr& expected) {
  if (read.has_value()) {
    EXPECT_TRUE((*read)->Equals(*expected));
  } else {
    EXPECT_NE(read.error().code(), StatusCode::kInternal) << read.error().ToString();
  }
}

Result<ArrayPtr> ReadAll(ColumnFixture* column, Verify verify) {
  return column->Build([&](PageFixture& leaf) -> Result<LeafBuffer> {
    LeafBuffer out = MakeLeafBuffer(leaf.shape);
    LANCER_RETURN_IF_ERROR(leaf.reader->ReadRange(leaf.Mapped(), 0, leaf.column.rows,
                                                  {.verify = verify}, &out));
    return out;
  });
}

TEST(PageDamage, EveryBitOfAPageIsFound) {
  for (const Sample& sample : Samples()) {
    SCOPED_TRACE(sample.field.type->ToString());
    ColumnFixture column(sample.field, sample.array, sample.options);
    ASSERT_TRUE(column.status().ok()) << column.status().ToString();
    PageFixture& leaf = *column.leaves[0];
    const size_t step = test::SoakFactor() > 1 ? 1 : 9;  // in bits
    for (size_t i = PageFixture::kPageOffset * 8; i < leaf.file.size() * 8; i += step) {
      const size_t at = i / 8;
      const int bit = static_cast<int>(i % 8);
      leaf.file[at] ^= static_cast<std::byte>(1 << bit);
      Result<ArrayPtr> read = ReadAll(&column, Verify::kAlways);
      ASSERT_FALSE(read.has_value()) << "byte " << at;
      ASSERT_EQ(read.error().code(), StatusCode::kCorruption);
      ASSERT_NE(read.error().message().find("column x: page 0"), std::string_view::npos);
      ASSERT_NE(read.error().message().find("checksum"), std::string_view::npos);
      leaf.file[at] ^= static_cast<std::byte>(1 << bit);
    }
    ExpectRightOrError(ReadAll(&column, Verify::kAlways), sample.array);
  }
}

// The bytes may be anything when they are not checked; reading must stay in bounds.
TEST(PageDamage, UncheckedBytesNeverCrash) {
  std::mt19937_64 rng(8);
  for (const Sample& sample : Samples()) {
    ColumnFixture column(sample.field, sample.array, sample.options);
    PageFixture& leaf = *column.leaves[0];
    const size_t size = leaf.page.bytes.size();
    if (size == 0) {
      continue;
    }
    for (int i = 0; i < 300; ++i) {
      const std::vector<std::byte> whole = leaf.file;
      for (uint64_t k = 0; k <= rng() % 3; ++k) {
        leaf.file[PageFixture::kPageOffset + rng() % size] =
            static_cast<std::byte>(rng());
      }
      (void)ReadAll(&column, Verify::kNever);
      (void)column.Build([&](PageFixture& page) {
        return page.Rows({0, 3, 3, 39}, Verify::kNever);
      });
      leaf.file = whole;
    }
  }
}

TEST(PageDamage, HostileIndexesNeverCrash) {
  std::mt19937_64 rng(9);
  for (const Sample& sample : Samples()) {
    ColumnFixture column(sample.field, sample.array, sample.options);
    PageFixture& leaf = *column.leaves[0];
    const std::vector<std::byte> good = leaf.page.index;
    auto try_index = [&](const std::vector<std::byte>& index) {
      if (!leaf.Open(index).ok()) {
        return;
      }
      ExpectRightOrError(ReadAll(&column, Verify::kAlways), sample.array);
      (void)ReadAll(&column, Verify::kNever);
      std::vector<ByteRange> ranges;
      leaf.reader->PlanRange(0, leaf.column.rows, &ranges);
      leaf.reader->PlanRows(std::vector<uint32_t>{0, 3, 39}, Verify::kAlways, &ranges);
      (void)leaf.reader->BlockStarts();
    };
    for (size_t size = 0; size < good.size(); ++size) {
      auto cut = good;
      cut.resize(size);
      // The index of uneven blocks may be cut between two; then the last one is wrong.
      if (leaf.Open(cut).ok()) {
        EXPECT_NE(leaf.page.meta.flags, 0) << size << " of " << good.size();
        EXPECT_FALSE(ReadAll(&column, Verify::kAlways).has_value());
      }
    }
    auto longer = good;
    longer.push_back(std::byte{0});
    EXPECT_FALSE(leaf.Open(longer).ok());
    for (size_t bit = 0; bit < good.size() * 8; ++bit) {
      auto damaged = good;
      damaged[bit / 8] ^= static_cast<std::byte>(1 << (bit % 8));
      // The caller checks the index, so wrong nulls are not found here: only bounds.
      if (leaf.Open(damaged).ok()) {
        (void)ReadAll(&column, Verify::kNever);
        (void)ReadAll(&column, Verify::kAlways);
      }
    }
    try_index(good);
  }
}

TEST(PageDamage, SwappedValuesAreFoundByTheirSeed) {
  const ArrayPtr array = test::MakeStringArray({"first value", "other value"});
  const Field field = Nullable("x", array->type());
  bool seen = false;
  for (uint64_t ordinal = 1; ordinal < 100 && !seen; ordinal += 2) {
    ColumnFixture column(field, array, {.page_ordinal = ordinal, .random_policy = true});
    PageFixture& leaf = *column.leaves[0];
    if (leaf.page.meta.layout != LayoutKind::kVariable ||
        leaf.page.bytes.size() != 2 * (4 + 11)) {
      continue;
    }
    seen = true;
    const auto begin = leaf.file.begin() + PageFixture::kPageOffset;
    std::swap_ranges(begin, begin + 15, begin + 15);
    Result<ArrayPtr> read = ReadAll(&column, Verify::kOnce);
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().code(), StatusCode::kCorruption);
  }
  EXPECT_TRUE(seen);
}

TEST(PageDamage, UnitsAreCheckedOnceAlwaysOrNever) {
  const ArrayPtr array = test::MakeInt64Array({1, 5, 9, 1000000000000});
  ColumnFixture column(Nullable("x", array->type()), array, {});
  PageFixture& leaf = *column.leaves[0];
  Counters counters;
  auto checked = [&](Verify verify) {
    const uint64_t before = counters.units_checked;
    LeafBuffer out = MakeLeafBuffer(leaf.shape);
    EXPECT_TRUE(leaf.reader
                    ->ReadRange(leaf.Mapped(), 0, 4,
                                {.verify = verify, .counters = &counters}, &out)
                    .ok());
    return counters.units_checked - before;
  };
  EXPECT_EQ(checked(Verify::kNever), 0u);
  EXPECT_EQ(checked(Verify::kOnce), 1u);
  EXPECT_EQ(checked(Verify::kOnce), 0u);
  EXPECT_EQ(checked(Verify::kAlways), 1u);
  EXPECT_EQ(counters.bytes_used, 4u * 4 * 8);
}

// Counts and trees were checked when the column metadata was parsed.
TEST(PageDamage, MetadataThatDoesNotFitThePageIsRefused) {
  const ArrayPtr array = test::MakeInt64Array({1, 2, 3, 400});
  ColumnFixture column(Nullable("x", array->type()), array, {});
  PageFixture& leaf = *column.leaves[0];
  const PageMeta good = leaf.column.pages[0];
  auto refused = [&](auto change) {
    leaf.column.pages[0] = good;
    change(&leaf.column.pages[0]);
    return !leaf.Open(leaf.page.index).ok();
  };
  EXPECT_TRUE(refused([](PageMeta* meta) { meta->block_shift = 77; }));
  EXPECT_TRUE(refused([](PageMeta* meta) { meta->layout = LayoutKind::kVariable; }));
  EXPECT_TRUE(refused([](PageMeta* meta) { meta->layout = static_cast<LayoutKind>(9); }));
  EXPECT_FALSE(refused([](PageMeta*) {}));
}

}  // namespace
}  // namespace lancer::format
