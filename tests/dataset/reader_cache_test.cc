#include "dataset/reader_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"
#include "tests/support/file_contents.h"

namespace lancer::dataset {
namespace {

using ::testing::HasSubstr;

class ReaderCacheTest : public ::testing::Test {
 protected:
  // Writes `n` one-row files; fragment i holds the number i.
  void Write(uint32_t n) {
    ASSERT_TRUE(test_.file_system->CreateDirectory("/t/data").has_value());
    for (uint32_t i = 0; i < n; ++i) {
      Fragment fragment;
      fragment.id = FragmentId(i);
      fragment.rows = 1;
      fragment.file.path = "data/" + std::to_string(i) + ".lancer";
      auto writer = *FileWriter::Create("/t/" + fragment.file.path, *NumbersSchema(), {},
                                        test_.context);
      ASSERT_TRUE(writer->Write(Numbers(i, 1)).ok());
      FileSummary summary = *writer->Finish();
      fragment.file.size = summary.size_bytes;
      fragment.file.digest = summary.digest;
      fragments_.push_back(fragment);
    }
  }
  Result<int64_t> NumberOf(const Fragment& fragment) {
    LANCER_ASSIGN_OR_RETURN(FileReaderPtr reader, cache_.Get(fragment, nullptr));
    LANCER_ASSIGN_OR_RETURN(Batch batch, reader->Take(std::array<uint64_t, 1>{0}, {}));
    return batch.columns[0]->values<int64_t>()[batch.columns[0]->offset()];
  }

  test::TestContext test_ = test::MakeTestContext();
  ReaderCache cache_{DatasetPaths("/t"), test_.context, {}};
  std::vector<Fragment> fragments_;
};

TEST_F(ReaderCacheTest, OpensOnceAndKeepsManyAtMost) {
  Write(400);
  EXPECT_EQ(*cache_.Get(fragments_[0], nullptr), *cache_.Get(fragments_[0], nullptr));
  for (const Fragment& fragment : fragments_) {
    EXPECT_EQ(*NumberOf(fragment), fragment.id.value);
  }
  // More were opened than are kept, so the first was closed.
  std::weak_ptr<const FileReader> first = *cache_.Get(fragments_[0], nullptr);
  for (const Fragment& fragment : fragments_) {
    if (fragment.id.value > 0) {
      ASSERT_TRUE(NumberOf(fragment).has_value());
    }
  }
  EXPECT_TRUE(first.expired());
}

TEST_F(ReaderCacheTest, ReadersShareOneBudgetAndGiveItBackWhenTheyClose) {
  Write(2);
  EXPECT_EQ(cache_.budget().limit(), test_.context->metadata_cache_bytes);
  ASSERT_TRUE(NumberOf(fragments_[0]).has_value());
  uint64_t of_one = cache_.budget().used();
  EXPECT_GT(of_one, 0U);
  ASSERT_TRUE(NumberOf(fragments_[0]).has_value());
  EXPECT_EQ(cache_.budget().used(), of_one);
  ASSERT_TRUE(NumberOf(fragments_[1]).has_value());
  EXPECT_EQ(cache_.budget().used(), 2 * of_one);
}

TEST_F(ReaderCacheTest, SwappedFilesAreFound) {
  Write(2);
  std::swap(fragments_[0].file.path, fragments_[1].file.path);
  auto number = NumberOf(fragments_[0]);
  EXPECT_EQ(number.status().code(), StatusCode::kCorruption);
  EXPECT_THAT(number.status().ToString(), HasSubstr("/t/data/1.lancer"));
}

TEST_F(ReaderCacheTest, MissingFilesOtherKindsAndOtherRowCountsAreDamage) {
  Write(1);
  Fragment more = fragments_[0];
  more.rows = 2;
  EXPECT_THAT(NumberOf(more).status().ToString(), HasSubstr("expected 2 rows, found 1"));
  Fragment missing = fragments_[0];
  missing.file.path = "data/none.lancer";
  EXPECT_EQ(NumberOf(missing).status().code(), StatusCode::kCorruption);
  EXPECT_THAT(NumberOf(missing).status().ToString(),
              HasSubstr("/t/data/none.lancer: the data file of fragment 0 is missing"));
  ASSERT_TRUE(test::PublishFile(*test_.file_system, "/t/data/text",
                                std::string(fragments_[0].file.size, 'x'))
                  .ok());
  Fragment text = fragments_[0];
  text.file.path = "data/text";
  EXPECT_EQ(NumberOf(text).status().code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::dataset
