#include "format/column_bounds.h"

#include <gtest/gtest.h>

#include "format/open_file.h"
#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

Batch TwoColumns(std::vector<int64_t> numbers, const std::vector<std::string>& texts) {
  auto schema = std::make_shared<const Schema>(
      std::vector<Field>{{.name = "n", .type = DataType::Make(TypeKind::kInt64)},
                         {.name = "s", .type = DataType::Make(TypeKind::kString)}});
  const auto rows = static_cast<int64_t>(numbers.size());
  return {schema, rows, {Int64s(std::move(numbers)), Strings(texts)}};
}

TEST(ColumnBounds, JoinPagesByValueAndNotByText) {
  ContextPtr context = MemoryContext();
  std::vector<int64_t> numbers;
  std::vector<std::string> texts;
  for (int64_t i = 0; i < 30000; ++i) {
    numbers.push_back(i - 29000);
    texts.push_back(std::string(40, 'x') + std::to_string(i));
  }
  WriteFile(context, "a.lancer", {TwoColumns(numbers, texts)}, {.page_bytes = 32 << 10});
  auto reader = OpenOrFail(context, "a.lancer");
  auto bounds = ReadColumnBounds(FileReaderAccess::File(*reader), {});
  ASSERT_TRUE(bounds.has_value()) << bounds.error().ToString();
  ASSERT_EQ(bounds->size(), 2U);
  auto text = [&](size_t leaf, const std::optional<encoding::Bound>& bound) {
    return FormatBound((*bounds)[leaf].shape, bound);
  };
  const encoding::Statistics& number = (*bounds)[0].statistics;
  EXPECT_EQ(number.count, 30000U);
  EXPECT_EQ(text(0, number.min), "-29000");
  EXPECT_EQ(text(0, number.max), "999");
  const encoding::Statistics& string = (*bounds)[1].statistics;
  EXPECT_EQ(text(1, string.min), '"' + std::string(32, 'x') + "\"...");
  EXPECT_EQ(text(1, string.max), '"' + std::string(31, 'x') + "y\"...");
}

}  // namespace
}  // namespace lancer::format
