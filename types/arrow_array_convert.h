// Layouts that memory does not keep, turned into those it keeps: the inward half of the
// bridge for views, list views, dictionaries and runs.
//
// Every function checks what it reads from the foreign struct; the caller has checked
// lengths, offset and the number of buffers and children (CheckArrowArray). Row numbers
// are those of the buffers: the array's offset is in `start` already. Ownership: results
// own copies, or keep the children they are given. Thread rule: no shared state.
#pragma once

#include <cstdint>
#include <vector>

#include "lancer/array.h"
#include "lancer/arrow_bridge.h"

namespace lancer {

// Rows [start, start + count) of a foreign array's buffers.
struct ArrowRows {
  const ArrowArray* array;
  int64_t start;
  int64_t count;
};

// The validity of the rows with bit 0 for the first; null when there is none.
// Errors: InvalidArgument when nulls are counted but not marked.
Result<BufferPtr> ConvertValidity(const ArrowRows& rows);

// string_view or binary_view -> large offsets.
Result<ArrayPtr> ConvertViews(const TypePtr& type, const ArrowRows& rows);

// Items of list views: where each row's begin and how many there are.
struct ListViews {
  BufferPtr validity;
  std::vector<int64_t> offsets;
  std::vector<int64_t> sizes;  // 0 for null rows
  int64_t item_end = 0;        // items the child must have
};
// Checks offsets and sizes against the child's length.
Result<ListViews> ReadListViews(const TypePtr& type, const ArrowRows& rows);
// `items` is the child, at least item_end long.
Result<ArrayPtr> ConvertListViews(const TypePtr& type, ListViews views,
                                  const ArrayPtr& items);

// Row numbers of the dictionary's values, kNullRow for null. Checks the index range.
Result<std::vector<int64_t>> ReadDictionaryIndexes(const TypePtr& type,
                                                   const ArrowRows& rows);

// Row numbers of the run values. Checks that run ends ascend and reach the last row.
Result<std::vector<int64_t>> ReadRuns(const TypePtr& type, const ArrowRows& rows);

}  // namespace lancer
