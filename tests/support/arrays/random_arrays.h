// Random fields and arrays for property tests: every type that can be stored, with the
// traps of the Arrow layout.
//
// Arrays come with offsets at every level, items before the first and behind the last
// row, garbage under null rows, validity bitmaps without nulls, null counts that were not
// counted. The same generator state gives the same array. Ownership: values. Thread rule:
// no shared state.
#pragma once

#include <cstdint>
#include <random>

#include "lancer/array.h"

namespace lancer::test {

struct RandomFieldOptions {
  // Views, list views, dictionary and run-end types, which memory does not keep.
  bool converted_types = true;
  // intervals, which cannot be stored.
  bool unstorable_types = false;
  bool metadata = true;
};

struct RandomArrayOptions {
  double null_fraction = 0.2;       // of nullable fields' rows, 0 to 1
  int64_t max_list_length = 5;      // items
  int64_t max_string_length = 20;   // code points; a few strings are 10 times longer
  bool offsets = true;              // slices at any level
  bool garbage_under_nulls = true;  // non-empty lists and strings, non-zero slots
};

// A field whose type nests at most `depth` levels below it. Children of a struct are
// named "f0", "f1" and so on; the field itself is named "x".
Field RandomField(std::mt19937_64& rng, int depth,
                  const RandomFieldOptions& options = {});
// `columns` random fields named "c0", "c1" and so on.
Schema RandomSchema(std::mt19937_64& rng, int columns, int depth,
                    const RandomFieldOptions& options = {});

// `length` random rows of the field; without nulls when it is not nullable.
ArrayPtr RandomArray(const Field& field, int64_t length, std::mt19937_64& rng,
                     const RandomArrayOptions& options = {});
Batch RandomBatch(std::shared_ptr<const Schema> schema, int64_t length,
                  std::mt19937_64& rng, const RandomArrayOptions& options = {});

}  // namespace lancer::test
