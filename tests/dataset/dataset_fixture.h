// Small datasets in memory or on disk for the tests of this folder.
//
// Ownership: values. Thread rule: one thread at a time.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "lancer/dataset.h"
#include "tests/support/arrays/arrays.h"
#include "tests/support/test_context.h"

namespace lancer::dataset {

inline std::shared_ptr<const Schema> NumbersSchema() {
  static const auto* schema = new auto(std::make_shared<const Schema>(
      std::vector<Field>{test::Required("number", DataType::Make(TypeKind::kInt64)),
                         test::Nullable("text", DataType::Make(TypeKind::kString))}));
  return *schema;
}

// Rows with the numbers first, first + 1, ...
inline Batch Numbers(int64_t first, int64_t rows) {
  test::Values<int64_t> numbers;
  test::Values<std::string> texts;
  for (int64_t i = first; i < first + rows; ++i) {
    numbers.push_back(i);
    texts.push_back("row " + std::to_string(i));
  }
  return {NumbersSchema(),
          rows,
          {test::MakeInt64Array(numbers), test::MakeStringArray(texts)}};
}

inline std::unique_ptr<BatchReader> Stream(std::vector<Batch> batches) {
  auto schema = batches.empty() ? NumbersSchema() : batches[0].schema;
  return std::make_unique<test::VectorReader>(schema, std::move(batches));
}

inline std::unique_ptr<BatchReader> NumberStream(int64_t first, int64_t rows) {
  return Stream({Numbers(first, rows)});
}

// A row of a schema that is too large to stand in a manifest, from the column "number"
// on.
inline Batch WideRow(int64_t number) {
  static const auto* schema = new auto([] {
    std::vector<Field> fields{test::Required("number", DataType::Make(TypeKind::kInt64))};
    for (int i = 0; i < 2; ++i) {
      fields.push_back(test::Nullable(std::string(10'000, static_cast<char>('a' + i)),
                                      DataType::Make(TypeKind::kInt64)));
    }
    return std::make_shared<const Schema>(std::move(fields));
  }());
  ArrayPtr value = test::MakeInt64Array({number});
  return {*schema, 1, {value, value, value}};
}

// Gives one batch, then fails.
class FailingReader final : public BatchReader {
 public:
  explicit FailingReader(Batch batch) : batch_(std::move(batch)) {}
  const std::shared_ptr<const Schema>& schema() const override { return batch_.schema; }
  Result<std::optional<Batch>> Next() override {
    if (given_) {
      return Status::InvalidArgument("rows.csv: line 7 has 3 fields, expected 2");
    }
    given_ = true;
    return batch_;
  }

 private:
  Batch batch_;
  bool given_ = false;
};

// All values of the column "number", in the order of a scan.
inline Result<std::vector<int64_t>> ReadNumbers(const Dataset& dataset,
                                                ScanOptions options = {}) {
  options.columns = std::vector<std::string>{"number"};
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<BatchReader> scan, dataset.Scan(options));
  std::vector<int64_t> numbers;
  while (true) {
    LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, scan->Next());
    if (!batch) {
      return numbers;
    }
    const Array& column = *batch->columns[0];
    for (int64_t i = 0; i < batch->length; ++i) {
      numbers.push_back(column.values<int64_t>()[column.offset() + i]);
    }
  }
}

inline std::vector<int64_t> Iota(int64_t first, int64_t rows) {
  std::vector<int64_t> values(static_cast<size_t>(rows));
  std::iota(values.begin(), values.end(), first);
  return values;
}

inline std::vector<RowPosition> Positions(const std::vector<uint64_t>& values) {
  std::vector<RowPosition> rows;
  for (uint64_t value : values) {
    rows.emplace_back(value);
  }
  return rows;
}

// The value, or a test failure and a null pointer.
template <typename T>
T ValueOrFail(Result<T> result) {
  EXPECT_TRUE(result.has_value()) << result.status().ToString();
  return result ? *std::move(result) : T{};
}

inline std::string Text(const Status& status) { return status.ToString(); }

}  // namespace lancer::dataset
