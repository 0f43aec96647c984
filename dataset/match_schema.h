// Whether the rows of one schema can be added to a dataset of another.
//
// Thread rule: pure functions.
#pragma once

#include "lancer/schema.h"

namespace lancer::dataset {

// OK when names, types and order are equal and nothing that must not be null may be null
// in `rows`. Metadata does not count. Errors: InvalidArgument naming the field's path.
Status MatchSchema(const Schema& dataset, const Schema& rows);

}  // namespace lancer::dataset
