// Whether the rows of one schema can be added to a dataset of another.
//
// Thread rule: pure functions.
#pragma once

#include "lancer/schema.h"

namespace lancer::dataset {

// OK when names, types and order are equal. Metadata does not count, and neither does
// whether fields may be null: the writer looks for nulls in the rows themselves. Errors:
// InvalidArgument naming the field's path.
Status MatchSchema(const Schema& dataset, const Schema& rows);

}  // namespace lancer::dataset
