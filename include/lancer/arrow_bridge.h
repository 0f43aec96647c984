// The boundary to other systems: Arrow C Data and C Stream interfaces, both directions.
//
// Import is zero-copy where the storage layout is Arrow's (see type.h); views,
// dictionary, run-end and list-view arrays are converted. Export gives the declared type
// back. Ownership: imported arrays keep the producer's memory alive through its release
// callback, which may run on any thread. Thread rule: functions keep no state.
#pragma once

#include <memory>

#include "lancer/array.h"
#include "lancer/export.h"

// The structs of the Arrow C Data and C Stream interface, declared as their specification
// asks, so that they merge with the same declarations elsewhere.
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

extern "C" {
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};
}
#endif  // ARROW_C_DATA_INTERFACE

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
extern "C" {
struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};
}
#endif  // ARROW_C_STREAM_INTERFACE

namespace lancer {

// Each Import function takes the struct over (it is released or moved from, also on
// error). Errors: InvalidArgument for a malformed struct; Unsupported naming the path of
// the field whose type Lancer does not hold.
LANCER_EXPORT Result<Field> ImportField(ArrowSchema* schema);
// A schema from a struct-typed ArrowSchema; its metadata becomes the schema's.
LANCER_EXPORT Result<Schema> ImportSchema(ArrowSchema* schema);
// `field` is what the array's schema imported to. The array's offsets and sizes are
// checked before they are used (Array::Validate).
LANCER_EXPORT Result<ArrayPtr> ImportArray(const Field& field, ArrowArray* array);
// A batch from a struct-typed ArrowArray without top-level nulls.
LANCER_EXPORT Result<Batch> ImportBatch(std::shared_ptr<const Schema> schema,
                                        ArrowArray* array);
// Reads the schema at once, batches as they are asked for.
LANCER_EXPORT Result<std::unique_ptr<BatchReader>> ImportStream(ArrowArrayStream* stream);

// Each Export function fills `*out`, which the caller must release.
// Errors: ResourceExhausted when a declared 32-bit layout cannot hold the data.
LANCER_EXPORT Status ExportField(const Field& field, ArrowSchema* out);
LANCER_EXPORT Status ExportSchema(const Schema& schema, ArrowSchema* out);
LANCER_EXPORT Status ExportArray(const ArrayPtr& array, ArrowArray* out);
LANCER_EXPORT Status ExportBatch(const Batch& batch, ArrowArray* out);
LANCER_EXPORT Status ExportStream(std::unique_ptr<BatchReader> reader,
                                  ArrowArrayStream* out);

}  // namespace lancer
