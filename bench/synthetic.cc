#include "bench/synthetic.h"

#include <arrow/array/array_nested.h>
#include <arrow/array/array_primitive.h>
#include <arrow/builder.h>
#include <arrow/type.h>

#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace lancer::bench {
namespace {

using Engine = std::mt19937_64;

constexpr std::array<const char*, 24> kWords = {
    "carefully", "final",   "deposits", "sleep",  "quickly", "above",    "the",  "ironic",
    "packages",  "library", "for",      "fast",   "reading", "columnar", "data", "with",
    "tools",     "and",     "a",        "module", "shared",  "runtime",  "of",   "files"};

// `engine() % n` rather than a distribution: those differ between standard libraries.
uint64_t Below(Engine& engine, uint64_t n) { return engine() % n; }

std::string Sentence(Engine& engine, size_t least_bytes) {
  std::string text;
  while (text.size() < least_bytes) {
    text += kWords[Below(engine, kWords.size())];
    text += ' ';
  }
  text.pop_back();
  return text;
}

// Building these arrays fails only when memory runs out.
void Must(const arrow::Status& status) {
  if (!status.ok()) {
    status.Abort();
  }
}

template <typename Builder, typename Make>
std::shared_ptr<arrow::Array> Fill(Builder&& builder, int64_t rows, Make make) {
  for (int64_t i = 0; i < rows; ++i) {
    Must(builder.Append(make(i)));
  }
  return builder.Finish().ValueOrDie();
}

std::shared_ptr<arrow::Array> Lists(int64_t rows, Engine& engine) {
  auto items = std::make_shared<arrow::StringBuilder>();
  arrow::ListBuilder lists(arrow::default_memory_pool(), items);
  for (int64_t i = 0; i < rows; ++i) {
    if (Below(engine, 8) == 0) {
      Must(lists.AppendNull());
      continue;
    }
    Must(lists.Append());
    for (uint64_t n = Below(engine, 9); n > 0; --n) {
      Must(items->Append("lib" + Sentence(engine, 8)));
    }
  }
  return lists.Finish().ValueOrDie();
}

}  // namespace

std::shared_ptr<arrow::Table> VectorTable(std::shared_ptr<arrow::Buffer> values,
                                          int64_t rows, int dimension) {
  auto items = std::make_shared<arrow::FloatArray>(rows * dimension, std::move(values));
  auto field = arrow::field("item", arrow::float32());
  auto array = std::make_shared<arrow::FixedSizeListArray>(
      arrow::fixed_size_list(field, dimension), rows, items);
  return arrow::Table::Make(arrow::schema({arrow::field("value", array->type())}),
                            {array});
}

std::shared_ptr<arrow::Table> SyntheticVectors(int64_t rows, int dimension) {
  Engine engine(7);
  std::vector<float> values(static_cast<size_t>(rows) * static_cast<size_t>(dimension));
  for (float& value : values) {
    value =
        static_cast<float>(static_cast<double>(engine() >> 11) * 0x1p-52 - 1.0) * 0.05f;
  }
  return VectorTable(arrow::Buffer::FromVector(std::move(values)), rows, dimension);
}

std::shared_ptr<arrow::Table> SyntheticLineitem(int64_t rows) {
  constexpr std::array<const char*, 7> kModes = {"AIR",     "FOB",  "MAIL", "RAIL",
                                                 "REG AIR", "SHIP", "TRUCK"};
  Engine engine(1);
  int64_t key = 0;
  auto keys = Fill(arrow::Int64Builder(), rows, [&](int64_t) {
    key += Below(engine, 4) == 0 ? static_cast<int64_t>(1 + Below(engine, 24)) : 0;
    return key;
  });
  auto lines = Fill(arrow::Int32Builder(), rows,
                    [](int64_t i) { return static_cast<int32_t>(1 + i % 7); });
  auto decimal = arrow::decimal128(15, 2);
  auto prices = Fill(arrow::Decimal128Builder(decimal), rows, [&](int64_t) {
    return arrow::Decimal128(static_cast<int64_t>(90'000 + Below(engine, 10'000'000)));
  });
  auto dates = Fill(arrow::Date32Builder(), rows, [&](int64_t) {
    return static_cast<int32_t>(8036 + Below(engine, 2526));
  });
  auto modes = Fill(arrow::StringBuilder(), rows, [&](int64_t) {
    return std::string(kModes[Below(engine, kModes.size())]);
  });
  auto comments = Fill(arrow::StringBuilder(), rows,
                       [&](int64_t) { return Sentence(engine, 10 + Below(engine, 30)); });
  return arrow::Table::Make(arrow::schema({arrow::field("l_orderkey", arrow::int64()),
                                           arrow::field("l_linenumber", arrow::int32()),
                                           arrow::field("l_extendedprice", decimal),
                                           arrow::field("l_shipdate", arrow::date32()),
                                           arrow::field("l_shipmode", arrow::utf8()),
                                           arrow::field("l_comment", arrow::utf8())}),
                            {keys, lines, prices, dates, modes, comments});
}

std::shared_ptr<arrow::Table> SyntheticPackages(int64_t rows) {
  Engine engine(2);
  auto names = Fill(arrow::StringBuilder(), rows,
                    [&](int64_t i) { return Sentence(engine, 6) + std::to_string(i); });
  auto sections = Fill(arrow::StringBuilder(), rows, [&](int64_t) {
    return std::string(kWords[Below(engine, kWords.size())]);
  });
  auto sizes = Fill(arrow::Int64Builder(), rows, [&](int64_t) {
    return static_cast<int64_t>(1ull << Below(engine, 26)) +
           static_cast<int64_t>(Below(engine, 4096));
  });
  auto essential = Fill(arrow::BooleanBuilder(), rows,
                        [&](int64_t) { return Below(engine, 50) == 0; });
  auto depends = Lists(rows, engine);
  auto texts = Fill(arrow::StringBuilder(), rows,
                    [&](int64_t) { return Sentence(engine, 100 + Below(engine, 600)); });
  return arrow::Table::Make(
      arrow::schema({arrow::field("package", arrow::utf8()),
                     arrow::field("section", arrow::utf8()),
                     arrow::field("size", arrow::int64()),
                     arrow::field("essential", arrow::boolean()),
                     arrow::field("depends", arrow::list(arrow::utf8())),
                     arrow::field("description", arrow::utf8())}),
      {names, sections, sizes, essential, depends, texts});
}

}  // namespace lancer::bench
