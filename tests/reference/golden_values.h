// Columns of the golden files: values that depend on a seed and on nothing else, so that
// the files can be made again on any machine.
//
// Ownership: the arrays own their memory. Thread rule: no shared state.
#pragma once

#include <cstdint>

#include "lancer/array.h"

namespace lancer::golden {

// How the values of a column look; each leads to other encodings.
enum class Style {
  kRandom,    // any value of the type
  kSmall,     // few distinct values, close to each other
  kSorted,    // ascending by small steps
  kOutliers,  // as kSmall, but one in 40 is any value
  kConstant,  // one value
  kLong,      // byte strings of 1 to 3 KiB; else as kRandom
};

enum class Nulls {
  kNone,
  kFew,   // one in 37
  kHalf,  // about every second
  kAll,
};

struct ColumnOptions {
  Style style = Style::kRandom;
  Nulls nulls = Nulls::kNone;  // of every field that is nullable
};

// Numbers that repeat (splitmix64).
class Seed {
 public:
  explicit Seed(uint64_t state) : state_(state) {}
  uint64_t Next();
  uint64_t Below(uint64_t end) { return Next() % end; }

 private:
  uint64_t state_;
};

// `rows` rows of the field, in any type that can be stored.
ArrayPtr MakeColumn(const Field& field, int64_t rows, const ColumnOptions& options,
                    Seed* seed);

}  // namespace lancer::golden
