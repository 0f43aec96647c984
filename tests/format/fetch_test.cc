#include "format/fetch.h"

#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

class FetchTest : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 100000; ++i) {
      content_.push_back(static_cast<std::byte>(i * 31 % 251));
    }
    auto staged = context_->file_system->Stage(".", "tmp");
    ASSERT_TRUE(staged.has_value());
    ASSERT_TRUE((*staged)->Append(content_).ok());
    ASSERT_TRUE((*staged)->Sync().ok());
    ASSERT_TRUE((*staged)->Publish("a").has_value());
  }
  std::shared_ptr<const ReadableFile> Open(MapMode map) {
    return context_->file_system->OpenForRead("a", map).value_or(nullptr);
  }
  ContextPtr context_ = MemoryContext();
  std::vector<std::byte> content_;
};

TEST_F(FetchTest, GivesTheBytesOfEveryRangeWhateverTheirOrder) {
  std::vector<ByteRange> ranges{{90000, 100}, {10, 5}, {12, 8000}, {50000, 0}};
  for (MapMode map : {MapMode::kAuto, MapMode::kNever}) {
    auto fetched = FetchedRanges::Fetch(*Open(map), ranges);
    ASSERT_TRUE(fetched.has_value()) << fetched.error().ToString();
    for (const ByteRange& range : ranges) {
      std::span<const std::byte> found = fetched->bytes().Find(range.offset, range.size);
      ASSERT_EQ(found.size(), range.size);
      EXPECT_TRUE(std::ranges::equal(
          found, std::span(content_).subspan(range.offset, range.size)));
    }
  }
}

TEST_F(FetchTest, ReadsNeighboursAsOneRequestAndAllAsOneBatch) {
  auto file = Open(MapMode::kNever);
  ASSERT_TRUE(
      FetchedRanges::Fetch(*file, {{0, 100}, {4000, 100}, {60000, 10}}).has_value());
  EXPECT_EQ(context_->counters->requests.load(), 2U);
  EXPECT_EQ(context_->counters->batches.load(), 1U);
}

TEST_F(FetchTest, OfAMappedFileRangesThatLieApartAreReadAndOthersFoundInTheMap) {
  auto file = Open(MapMode::kAuto);
  std::vector<ByteRange> ranges{{0, 100}, {60000, 10}, {61000, 10}};
  auto fetched = FetchedRanges::Fetch(*file, ranges);
  ASSERT_TRUE(fetched.has_value()) << fetched.error().ToString();
  EXPECT_EQ(context_->counters->requests.load(), 2U);
  EXPECT_EQ(context_->counters->bytes_read.load(), 110U);
  auto is_mapped = [&](uint64_t offset) {
    return fetched->bytes().Find(offset, 10).data() == file->mapped().data() + offset;
  };
  EXPECT_FALSE(is_mapped(0));
  EXPECT_FALSE(is_mapped(60000));
  EXPECT_TRUE(is_mapped(61000));
  EXPECT_TRUE(is_mapped(300));  // not asked for, but there
}

TEST_F(FetchTest, LongRangesOfAMappedFileAreNotRead) {
  auto fetched = FetchedRanges::Fetch(*Open(MapMode::kAuto), {{1000, 70000}});
  ASSERT_TRUE(fetched.has_value());
  EXPECT_EQ(context_->counters->requests.load(), 0U);
  EXPECT_EQ(fetched->bytes().Find(1000, 70000).size(), 70000U);
}

TEST_F(FetchTest, BytesThatWereNotFetchedAreNotFound) {
  auto fetched = FetchedRanges::Fetch(*Open(MapMode::kNever), {{1000, 100}});
  ASSERT_TRUE(fetched.has_value());
  EXPECT_TRUE(fetched->bytes().Find(999, 2).empty());
  EXPECT_TRUE(fetched->bytes().Find(1050, 51).empty());
  EXPECT_TRUE(fetched->bytes().Find(UINT64_MAX, 2).empty());
}

TEST_F(FetchTest, ARangeBehindTheEndIsCorruption) {
  auto fetched = FetchedRanges::Fetch(*Open(MapMode::kNever), {{99999, 2}});
  EXPECT_EQ(fetched.status().code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::format
