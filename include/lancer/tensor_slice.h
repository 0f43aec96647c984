// TakeTensorSlice: a part of one tensor, cut along its first axis, without the rest.
//
// Ownership: the array owns its memory. Thread rule: safe for concurrent calls.
#pragma once

#include <cstdint>
#include <string>

#include "lancer/array.h"
#include "lancer/export.h"
#include "lancer/file_reader.h"
#include "lancer/result.h"

namespace lancer {

// Items [first, first + count) along the first axis of the tensor in `row`.
struct TensorSlice {
  uint64_t row = 0;
  uint64_t first = 0;
  uint64_t count = 1;
};

// The slice of a top-level column of fixed-size lists, tensors or nested ones, as one row
// of a fixed-size list of its values; a null row when the tensor is null. The first axis
// is that of memory: a permutation in the field's metadata is left to the caller.
//
// Does I/O. A tensor that is stored in place (`plain` in layout "uniform") costs the
// bytes of the slice alone once its check unit was verified, or with Verify::kNever; the
// first time the unit, which is the tensor. Of other pages the block is read and decoded.
// `options.columns` is not looked at. Errors: NotFound naming the column; InvalidArgument
// for a column that has no axes, or a row or items that it does not have; as
// FileReader::Take besides.
LANCER_EXPORT Result<ArrayPtr> TakeTensorSlice(const FileReader& reader,
                                               const std::string& column,
                                               const TensorSlice& slice,
                                               const TakeOptions& options = {});

}  // namespace lancer
