// Schemas for new versions: their fields numbered, their bytes in place or in a file.
//
// Ownership: borrows its arguments. Thread rule: that of the session.
#pragma once

#include <cstdint>
#include <memory>

#include "dataset/session.h"
#include "dataset/snapshot.h"
#include "dataset/transaction.h"
#include "lancer/schema.h"

namespace lancer::dataset {

// A schema whose fields, children included, are all numbered anew from `first`.
struct NumberedSchema {
  std::shared_ptr<const Schema> schema;
  uint64_t next_field = 0;
};
// Errors: ResourceExhausted when field ids have run out.
Result<NumberedSchema> NumberFields(const Schema& schema, uint64_t first);

// A schema for a manifest: in place, or in a file of `_tree` that is published here.
Result<NewSchema> MakeNewSchema(const Store& store, Session* session,
                                const Schema& schema, uint64_t first_field,
                                uint64_t next_field);

}  // namespace lancer::dataset
