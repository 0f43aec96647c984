// Layouts that memory does not keep, made from those it keeps: the outward half of the
// bridge for views, list views, dictionaries and runs.
//
// Ownership: results own their buffers or share the array's. Thread rule: no shared
// state.
#pragma once

#include <cstdint>
#include <vector>

#include "lancer/array.h"

namespace lancer {

// The array's validity with bit 0 for row 0; null when no row is null.
BufferPtr ValidityFromRowZero(const Array& array);

// Arrow's view layout.
struct ArrowViews {
  BufferPtr views;              // 16 bytes a row
  std::vector<BufferPtr> data;  // parts of the array's bytes, not copies
};
// No data buffer is longer than `max_buffer_bytes`.
// Errors: ResourceExhausted for a value that is longer.
Result<ArrowViews> MakeViews(const Array& array, int64_t max_buffer_bytes = INT32_MAX);

struct ArrowListViews {
  BufferPtr offsets;
  BufferPtr sizes;
  int64_t first_item = 0;  // the offsets count from this item of the child
  int64_t item_count = 0;
};
// REQUIRES: a list or large_list layout.
ArrowListViews MakeListViews(const Array& array);

struct ArrowDictionary {
  BufferPtr validity;
  BufferPtr indexes;
  int64_t null_count = 0;
  int64_t offset = 0;  // rows to skip in validity and indexes
  ArrayPtr values;     // distinct; in the order of their first row where they are built
};
// `type` is the dictionary type. Errors: ResourceExhausted when its indices do not reach.
Result<ArrowDictionary> MakeDictionary(const DataType& type, const Array& array);

struct ArrowRuns {
  ArrayPtr ends;
  ArrayPtr values;
};
// `type` is the run-end-encoded type. Errors: ResourceExhausted when its ends do not
// reach.
Result<ArrowRuns> MakeRuns(const DataType& type, const Array& array);

}  // namespace lancer
