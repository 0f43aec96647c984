// Types taken apart and put together: a type without its children, a type with others.
//
// Ownership: types are shared. Thread rule: pure functions.
#pragma once

#include <vector>

#include "lancer/type.h"

namespace lancer {

// Same kind, parameters and number of children; the children themselves do not count.
bool SameButChildren(const DataType& a, const DataType& b);

// The type with other children. REQUIRES: as many, which fit the kind.
TypePtr WithChildren(const TypePtr& type, std::vector<Field> children);

}  // namespace lancer
