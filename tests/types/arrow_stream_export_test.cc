#include <gtest/gtest.h>

#include <cerrno>

#include "lancer/arrow_bridge.h"
#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"

namespace lancer::test {
namespace {

class FailingReader : public BatchReader {
 public:
  const std::shared_ptr<const Schema>& schema() const override { return schema_; }
  Result<std::optional<Batch>> Next() override {
    return Status::Corruption("page 3 is torn");
  }

 private:
  std::shared_ptr<const Schema> schema_ = std::make_shared<const Schema>();
};

TEST(ExportStream, GivesBackRandomBatches) {
  std::mt19937_64 rng(31);
  for (int i = 0; i < 30; ++i) {
    auto schema = std::make_shared<const Schema>(RandomSchema(rng, i % 4, 2));
    std::vector<Batch> batches;
    for (int n = 0; n < i % 5; ++n) {
      batches.push_back(RandomBatch(schema, n * 7, rng));
    }
    ArrowArrayStream stream{};
    ASSERT_TRUE(
        ExportStream(std::make_unique<VectorReader>(schema, batches), &stream).ok());
    Result<std::unique_ptr<BatchReader>> reader = ImportStream(&stream);
    ASSERT_TRUE(reader.has_value()) << reader.status().ToString();
    EXPECT_TRUE((*reader)->schema()->Equals(*schema));
    for (const Batch& expected : batches) {
      Result<std::optional<Batch>> batch = (*reader)->Next();
      ASSERT_TRUE(batch.has_value() && *batch) << batch.status().ToString();
      ASSERT_TRUE((*batch)->Equals(expected));
    }
    EXPECT_FALSE(*(*reader)->Next());
    EXPECT_FALSE(*(*reader)->Next());
  }
}

TEST(ExportStream, ReportsErrorsWithTheirText) {
  ArrowArrayStream stream{};
  ASSERT_TRUE(ExportStream(std::make_unique<FailingReader>(), &stream).ok());
  EXPECT_EQ(stream.get_last_error(&stream), nullptr);
  ArrowArray array{};
  EXPECT_EQ(stream.get_next(&stream, &array), EIO);
  EXPECT_STREQ(stream.get_last_error(&stream), "Corruption: page 3 is torn");
  EXPECT_EQ(array.release, nullptr);
  ArrowSchema schema{};
  EXPECT_EQ(stream.get_schema(&stream, &schema), 0);
  EXPECT_EQ(stream.get_last_error(&stream), nullptr);
  schema.release(&schema);
  stream.release(&stream);
  EXPECT_EQ(stream.release, nullptr);
}

TEST(ExportStream, NeedsAReader) {
  ArrowArrayStream stream{};
  EXPECT_EQ(ExportStream(nullptr, &stream).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(stream.release, nullptr);
}

}  // namespace
}  // namespace lancer::test
