// BatchParts: a batch as one or more foreign arrays.
//
// The indices of a dictionary and the ends of runs have a width of their own: what came
// in as many small batches may be more distinct values, or more rows, than one exported
// array of the declared type can hold. Such a batch goes out in parts.
// Ownership: keeps the rows that are left. Thread rule: one thread at a time.
#pragma once

#include <vector>

#include "lancer/array.h"
#include "lancer/arrow_bridge.h"

namespace lancer {

class BatchParts {
 public:
  BatchParts() = default;
  explicit BatchParts(Batch batch) { left_.push_back(std::move(batch)); }

  bool empty() const { return left_.empty(); }
  // Exports the next rows: all that are left, or as many as fit by halving.
  // REQUIRES: not empty(). Errors: of ExportBatch; ResourceExhausted only for a single
  // row that does not fit. Nothing is left then.
  Status ExportNext(ArrowArray* out);

 private:
  std::vector<Batch> left_;  // the next rows last
};

}  // namespace lancer
