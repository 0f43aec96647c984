// Kernels: what decoding costs where memory does not limit it, and where it does.
//
// Streams go through the doors that `format` uses, so parsing their headers is included.
#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <random>

#include "bench/commands.h"
#include "encoding/dictionary.h"
#include "encoding/stream.h"
#include "encoding/symbol_table.h"

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace lancer::bench {
namespace {

using encoding::EncodingId;
using encoding::EncodingTree;
using encoding::NumberKind;
using encoding::PhysicalKind;
using encoding::PhysicalType;
using Bytes = std::vector<std::byte>;

// The time stamp counter of x86 runs at one rate whatever the core's clock does;
// elsewhere nanoseconds.
uint64_t Ticks() {
#if defined(__x86_64__)
  return __rdtsc();
#else
  return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch() /
                               std::chrono::nanoseconds(1));
#endif
}

struct Column {
  encoding::Values values;
  Bytes data;
  std::vector<uint64_t> offsets;
};

Column Numbers(PhysicalType type, uint64_t count,
               const std::function<uint64_t(uint64_t)>& number) {
  Column column;
  column.data.resize(count * type.width);
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t value = number(i);
    std::memcpy(column.data.data() + i * type.width, &value,
                std::min<size_t>(type.width, sizeof(value)));
  }
  column.values.type = type;
  column.values.count = count;
  column.values.data = column.data;
  return column;
}

PhysicalType Unsigned(uint32_t width) {
  return {PhysicalKind::kFixed, NumberKind::kUnsigned, width};
}

// Numbers of `bits` random bits.
std::function<Column(uint64_t)> Random(uint32_t width, unsigned bits) {
  return [=](uint64_t count) {
    std::mt19937_64 random(bits);
    return Numbers(Unsigned(width), count,
                   [&](uint64_t) { return random() >> (64 - bits); });
  };
}

Column Climbing(uint64_t count) {
  std::mt19937_64 random(1);
  uint64_t last = 0;
  return Numbers(Unsigned(8), count, [&](uint64_t) { return last += random() % 16; });
}

Column Runs(uint64_t count) {
  return Numbers(Unsigned(8), count, [](uint64_t i) { return i / 20 * 7919 % 1000; });
}

Column Prices(uint64_t count) {
  std::mt19937_64 random(3);
  return Numbers({PhysicalKind::kFixed, NumberKind::kFloat, 8}, count, [&](uint64_t) {
    return std::bit_cast<uint64_t>(static_cast<double>(random() % 1000000) / 100);
  });
}

Column MostlyZero(uint64_t count) {
  return Numbers(Unsigned(8), count, [](uint64_t i) { return i % 50 == 7 ? i : 0; });
}

Column Same(uint64_t count) {
  return Numbers(Unsigned(8), count, [](uint64_t) { return 42; });
}

Column Bits(uint64_t count) {
  Column column;
  column.data.assign(count / 8, std::byte{0x5A});
  column.values.type = {PhysicalKind::kBits, NumberKind::kUnsigned, 0};
  column.values.count = count;
  column.values.data = column.data;
  return column;
}

// Texts of three to five words, or one of 16 short ones.
Column Texts(uint64_t count, bool few) {
  static constexpr std::array<std::string_view, 8> kWords = {
      "carefully ", "final ", "deposits ", "sleep ",
      "quickly ",   "above ", "the ",      "ideas "};
  std::mt19937 random(2);
  Column column;
  column.offsets.push_back(0);
  for (uint64_t i = 0; i < count; ++i) {
    for (uint64_t word = few ? 2 : 3 + random() % 3; word > 0; --word) {
      const auto text = std::as_bytes(std::span(kWords[random() % (few ? 4 : 8)]));
      column.data.insert(column.data.end(), text.begin(), text.end());
    }
    column.offsets.push_back(column.data.size());
  }
  column.values.type = {PhysicalKind::kBytes, NumberKind::kOpaque, 0};
  column.values.count = count;
  column.values.data = column.data;
  column.values.offsets = column.offsets;
  return column;
}

struct Kernel {
  const char* name;
  const char* bound;  // what limits it, by reading its code and this table
  EncodingTree tree;
  uint32_t value_bytes;  // of the result, about: sizes the input
  std::function<Column(uint64_t)> make;
};

EncodingTree Tree(std::vector<encoding::EncodingNode> nodes) {
  return {std::move(nodes)};
}

// A new encoding gets a row.
std::vector<Kernel> Kernels() {
  using enum EncodingId;
  const EncodingTree ffor = Tree({{kFfor}});
  const char* shifts = "two loads, two shifts, an and, an add per vector";
  return {
      {"plain, 8 B", "stores", Tree({{kPlain}}), 8, Random(8, 64)},
      {"constant, 8 B", "stores", Tree({{kConstant}}), 8, Same},
      {"ffor, 1 B of 3 bits", shifts, ffor, 1, Random(1, 3)},
      {"ffor, 2 B of 9 bits", shifts, ffor, 2, Random(2, 9)},
      {"ffor, 4 B of 5 bits", shifts, ffor, 4, Random(4, 5)},
      {"ffor, 4 B of 17 bits", shifts, ffor, 4, Random(4, 17)},
      {"ffor, 8 B of 1 bit", shifts, ffor, 8, Random(8, 1)},
      {"ffor, 8 B of 14 bits", shifts, ffor, 8, Random(8, 14)},
      {"ffor, 8 B of 33 bits", shifts, ffor, 8, Random(8, 33)},
      {"ffor, 8 B of 57 bits", shifts, ffor, 8, Random(8, 57)},
      {"ffor, 16 B of 24 bits", "stores", ffor, 16, Random(16, 24)},
      {"delta_base(ffor), 8 B", "one addition waits for the other",
       Tree({{kDeltaBase, 1}, {kFfor}}), 8, Climbing},
      {"run_end(ffor, ffor), 8 B, runs of 20", "a branch per run",
       Tree({{kRunEnd, 2}, {kFfor}, {kFfor}}), 8, Runs},
      {"sparse(ffor, ffor), 8 B, 2 % exceptions", "stores",
       Tree({{kSparse, 2}, {kFfor}, {kFfor}}), 8, MostlyZero},
      {"dict(ffor), 8 B", "a load and a store per value", Tree({{kDict, 1}, {kFfor}}), 8,
       Runs},
      {"alp(ffor), 8 B", "one division per number", Tree({{kAlp, 1}, {kFfor}}), 8,
       Prices},
      {"bool_bits", "stores", Tree({{kBoolBits}}), 0, Bits},
      {"lz4, 8 B", "matches, one after the other", Tree({{kLz4}}), 8, Random(8, 20)},
      {"zstd, 8 B", "entropy decoding", Tree({{kZstd}}), 8, Random(8, 20)},
      {"zstd(shuffle), 8 B", "entropy decoding", Tree({{kZstd, 1}, {kShuffle}}), 8,
       Random(8, 20)},
      {"dict(ffor), text of 15 B", "a copy per value", Tree({{kDict, 1}, {kFfor}}), 15,
       [](uint64_t count) { return Texts(count, true); }},
      {"var_bytes(ffor), text of 26 B", "a sum per value",
       Tree({{kVarBytes, 1}, {kFfor}}), 26,
       [](uint64_t count) { return Texts(count, false); }},
      {"fsst(ffor), text of 26 B", "a load and a store per code",
       Tree({{kFsst, 1}, {kFfor}}), 26,
       [](uint64_t count) { return Texts(count, false); }},
  };
}

// An encoded column and where it is decoded to.
class Decoding {
 public:
  static Result<std::shared_ptr<Decoding>> Make(const Kernel& kernel, uint64_t bytes) {
    const uint64_t count =
        kernel.value_bytes == 0 ? bytes * 8 : bytes / kernel.value_bytes;
    const Column column = kernel.make(count);
    const PhysicalType type = column.values.type;
    auto decoding = std::make_shared<Decoding>();
    decoding->tree_ = kernel.tree;
    decoding->type_ = type;
    decoding->count_ = count;
    decoding->target_.resize(column.data.size() + 64);
    decoding->bytes_ = column.data.size();
    std::optional<encoding::DictionaryBuilder> builder;
    for (const encoding::EncodingNode& node : kernel.tree.nodes) {
      if (node.id == EncodingId::kDict) {
        builder.emplace(type);
      } else if (node.id == EncodingId::kFsst) {
        LANCER_ASSIGN_OR_RETURN(
            decoding->symbols_,
            encoding::SymbolTable::Load(encoding::TrainSymbolTable(column.values, 0)));
      }
    }
    LANCER_RETURN_IF_ERROR(
        encoding::EncodeStream(kernel.tree,
                               {.dictionary = builder ? &*builder : nullptr,
                                .symbol_table = decoding->symbols_.get()},
                               column.values, &decoding->stream_));
    if (builder) {
      LANCER_ASSIGN_OR_RETURN(decoding->dictionary_,
                              encoding::Dictionary::Load(type, builder->Finish()));
    }
    return decoding;
  }

  uint64_t bytes() const { return bytes_; }

  Status Run() {
    const encoding::StoredStream stream{
        tree_,
        type_,
        stream_,
        count_,
        {.dictionary = dictionary_.get(), .symbol_table = symbols_.get()}};
    if (type_.kind != PhysicalKind::kBytes) {
      return encoding::DecodeFixed(stream, {target_.data(), 0});
    }
    texts_.offsets.assign(1, 0);
    texts_.data.Resize(0);
    return encoding::DecodeBytes(stream, 0, count_, &texts_);
  }

 private:
  EncodingTree tree_;
  PhysicalType type_;
  uint64_t count_ = 0;
  uint64_t bytes_ = 0;
  Bytes stream_;
  std::shared_ptr<const encoding::Dictionary> dictionary_;
  std::shared_ptr<const encoding::SymbolTable> symbols_;
  Bytes target_;
  encoding::BytesTarget texts_;
};

// Ticks per byte of the result, of the fastest of some runs.
Result<Sample> Measure(uint64_t bytes, const std::function<Status()>& run) {
  const uint64_t rounds = std::max<uint64_t>(1, (1 << 20) / bytes);
  uint64_t best = UINT64_MAX;
  for (int i = 0; i < 7; ++i) {
    const uint64_t start = Ticks();
    for (uint64_t round = 0; round < rounds; ++round) {
      LANCER_RETURN_IF_ERROR(run());
    }
    best = std::min(best, Ticks() - start);
  }
  return Sample{static_cast<double>(best) / static_cast<double>(rounds * bytes), 0};
}

Contender Copy(uint64_t bytes) {
  auto from = std::make_shared<Bytes>(bytes);
  auto to = std::make_shared<Bytes>(bytes);
  return {"memcpy", "the roof", [=](int) {
            return Measure(bytes, [&] {
              std::memcpy(to->data(), from->data(), bytes);
              asm volatile("" : : "r"(to->data()) : "memory");  // keeps the copy
              return Status::Ok();
            });
          }};
}

Status MeasureAll(const std::string& where, uint64_t bytes, Results* results) {
  Group group;
  group.title = fmt::format("decode to {}", where);
  group.unit = "ticks/B";
  group.state = fmt::format("results of about {} KiB, hot", bytes >> 10);
  group.contenders.push_back(Copy(bytes));
  for (const Kernel& kernel : Kernels()) {
    LANCER_ASSIGN_OR_RETURN(const std::shared_ptr<Decoding> decoding,
                            Decoding::Make(kernel, bytes));
    group.contenders.push_back(
        {kernel.name,
         fmt::format("{}; bound by: {}", kernel.tree.ToString(), kernel.bound),
         [decoding](int) {
           return Measure(decoding->bytes(), [&] { return decoding->Run(); });
         }});
  }
  results->Measure(group);
  return Status::Ok();
}

}  // namespace

Status BenchKernels(const Setting& setting, Results* results) {
  results->Note(
      "A tick is one of the time stamp counter (x86: constant rate, near the base clock, "
      "not the core's momentary one) or a nanosecond. 1 / (ticks/B) is bytes a cycle. "
      "\"times ours\" is the cost over memcpy's.");
  LANCER_RETURN_IF_ERROR(MeasureAll("the first cache", 16 << 10, results));
  return MeasureAll("memory", setting.quick ? 4 << 20 : 64 << 20, results);
}

}  // namespace lancer::bench
