// DictionaryUnion: one dictionary per column over all batches.
//
// Lancer decodes dictionaries, so every exported batch has a dictionary of its own, but
// the Arrow IPC file format allows only one per column, to which values may be added.
// Ownership: keeps the values seen. Thread rule: one thread at a time.
#pragma once

#include <arrow/array/array_dict.h>
#include <arrow/record_batch.h>

#include <map>
#include <memory>
#include <vector>

#include "lancer/result.h"
#include "lancer/schema.h"

namespace lancer::tools {

class DictionaryUnion {
 public:
  // True when a field of the schema, at any depth, is a dictionary.
  static bool Needed(const arrow::Schema& schema);
  // `schema` with int32 for all narrower indices, to count values by.
  static Schema Widest(const Schema& schema);

  // Adds the values of the batch, however many, to what is known. Errors: Unsupported for
  // dictionaries that differ and whose values Arrow does not compare, as lists.
  Status See(const arrow::RecordBatch& batch);
  // `schema` with int32 where the declared indices have no room for the values so far.
  Schema Fitting(const Schema& schema) const;
  // The batch with its dictionaries replaced by those of all batches so far, each of
  // which begins with the one before. A dictionary that all batches have stays as it is,
  // whatever it holds. Errors: those of See; ResourceExhausted naming the column whose
  // index type has no room for another value.
  Result<std::shared_ptr<arrow::RecordBatch>> Unify(const arrow::RecordBatch& batch);

 private:
  // Indexes from the column down to the dictionary.
  using Path = std::vector<int>;
  struct Entry {
    std::unique_ptr<arrow::DictionaryUnifier> unifier;  // null: none for the type
    std::shared_ptr<arrow::Array> dictionary;           // null: before the first batch
    bool differs = false;  // not one dictionary of all batches so far

    Status Begin(const std::shared_ptr<arrow::Array>& values);
    // The places of `values` in the dictionary, to which they are added.
    Result<std::shared_ptr<arrow::Buffer>> Add(const arrow::Array& values);
    // The same, or null when `values` are the dictionary.
    Result<std::shared_ptr<arrow::Buffer>> See(
        const std::shared_ptr<arrow::Array>& values);
  };
  Status SeeData(const arrow::ArrayData& data, Path* path);
  Result<std::shared_ptr<arrow::ArrayData>> UnifyData(
      const std::shared_ptr<arrow::ArrayData>& data, Path* path);
  Result<std::shared_ptr<arrow::ArrayData>> UnifyDictionary(
      const std::shared_ptr<arrow::ArrayData>& data, const Path& path);

  std::map<Path, Entry> entries_;
};

}  // namespace lancer::tools
