// TensorShape: what the metadata of an `arrow.fixed_shape_tensor` field states.
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lancer/result.h"
#include "lancer/type.h"

namespace lancer {

struct TensorShape {
  std::vector<uint64_t> sides;        // as values lie in memory, outermost first
  std::vector<uint64_t> permutation;  // side i of the tensor as seen is sides[of this i];
                                      // empty: the order of memory
};

// Nothing for a field of another kind. Errors: InvalidArgument, without the field's path,
// for metadata that is not JSON as Arrow specifies it ("shape", "dim_names" and
// "permutation"), for sides that do not multiply to the list's size, and for a
// permutation that is none.
Result<std::optional<TensorShape>> TensorShapeOf(const Field& field);

}  // namespace lancer
