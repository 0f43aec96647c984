// OpenDataFile: what an open data file keeps: container, schema and columns, each loaded
// when first used.
//
// Ownership: shared by a FileReader and its scans. Thread rule: safe for concurrent const
// calls, without a lock once a column is loaded.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "format/container.h"
#include "format/leaf_reader.h"
#include "lancer/context.h"
#include "lancer/file_reader.h"

namespace lancer::format {

// A top-level column that is ready to be read.
struct ColumnReader {
  Field field;
  std::vector<std::unique_ptr<const LeafReader>> leaves;
};

// A column in use: kept by its file, or, when the metadata budget is spent, by this
// handle alone.
using ColumnHandle = Loaded<ColumnReader>;

// Some columns in use, in the order asked for.
class ColumnSet {
 public:
  void Add(ColumnHandle column) {
    columns_.push_back(&*column);
    handles_.push_back(std::move(column));
  }
  void Reserve(size_t count) {
    columns_.reserve(count);
    handles_.reserve(count);
  }
  size_t size() const { return columns_.size(); }
  const ColumnReader& operator[](size_t i) const { return *columns_[i]; }
  // Valid while this set lives.
  std::span<const ColumnReader* const> columns() const { return columns_; }

 private:
  std::vector<const ColumnReader*> columns_;
  std::vector<ColumnHandle> handles_;
};

class OpenDataFile {
 public:
  // `expected`, `schema` and `budget` as FileReaderAccess::Open says.
  static Result<std::shared_ptr<const OpenDataFile>> Open(
      const std::string& path, const ReaderOptions& options, const ContextPtr& context,
      const FileRef* expected, std::shared_ptr<const Schema> schema,
      std::shared_ptr<MemoryBudget> budget = nullptr);

  const Context& context() const { return *context_; }
  const Container& container() const { return *container_; }
  const std::string& path() const { return container_->file().path(); }
  Result<std::shared_ptr<const Schema>> schema() const;
  // Id of the first leaf of each field. REQUIRES: schema() succeeded.
  uint32_t first_leaf(size_t field) const { return index_->first_leaf[field]; }
  // The field's column, loaded when first asked for and kept while the metadata budget
  // lasts. REQUIRES: schema() succeeded.
  Result<ColumnHandle> Column(size_t field) const;
  // The fields of `names` in their order, or all. Errors: NotFound naming the column.
  Result<ColumnSet> Columns(const std::optional<std::vector<std::string>>& names) const;
  // The schema of `names`, or of all columns. For all columns, and for the first
  // selection that was asked for, this is one shared object. Loads no column. Errors:
  // NotFound naming the column; InvalidArgument for one that is asked for twice.
  Result<std::shared_ptr<const Schema>> SchemaOf(
      const std::optional<std::vector<std::string>>& names) const;

 private:
  // What is derived from the schema.
  struct SchemaIndex {
    std::shared_ptr<const Schema> schema;
    std::vector<uint32_t> first_leaf;
    std::unordered_map<std::string, size_t> field_of;
    std::unique_ptr<OnceSlot<ColumnReader>[]> columns;
  };
  // A projection and its schema, so that repeated takes share one schema.
  struct Selection {
    std::vector<std::string> names;
    std::shared_ptr<const Schema> schema;
  };
  OpenDataFile(std::shared_ptr<const Container> container, ContextPtr context,
               std::shared_ptr<MemoryBudget> budget);
  Status LoadSchema(std::shared_ptr<const Schema> given) const;

  std::shared_ptr<const Container> container_;
  ContextPtr context_;
  const std::shared_ptr<MemoryBudget> metadata_budget_;  // outlives the columns below
  mutable std::mutex index_mutex_;                       // guards the making of index_
  mutable std::atomic<bool> index_ready_{false};
  mutable std::unique_ptr<SchemaIndex> index_;
  mutable OnceSlot<Selection> selection_;  // the first that was asked for
};

}  // namespace lancer::format
