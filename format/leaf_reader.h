// LeafReader: one leaf of an open file: its metadata, dictionaries and pages, loaded when
// first used.
//
// Page readers stay loaded while the metadata budget lasts; beyond it they are made for
// one use. Ownership: refers to the container; owned by the open file or by one use of
// it; gives back what it took of the budget when it ends. Thread rule: safe for
// concurrent const calls, without a lock once a page is loaded.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "encoding/codec_dictionary.h"
#include "encoding/dictionary.h"
#include "encoding/symbol_table.h"
#include "format/container.h"
#include "format/once_slot.h"
#include "format/page.h"
#include "types/memory_budget.h"

namespace lancer::format {

// A page reader in use: kept by its leaf, or by this handle alone.
using PageHandle = Loaded<PageReader>;

class LeafReader {
 public:
  // Reads metadata and dictionaries, and takes their bytes from `budget` when it has
  // them. `budget` outlives the reader.
  static Result<std::unique_ptr<const LeafReader>> Load(const Container& container,
                                                        LeafId id, LeafShape shape,
                                                        MemoryBudget* budget);
  ~LeafReader();

  LeafId id() const { return id_; }
  const LeafShape& shape() const { return shape_; }
  const ColumnMeta& meta() const { return *meta_; }
  // "column x", for messages that get the path from elsewhere.
  const std::string& name() const { return name_; }
  // "a.lancer: column x": starts every message.
  const std::string& where() const { return where_; }
  // Mean bytes of an entry of the dictionary; 0 without one.
  uint64_t mean_entry_bytes() const;
  // The dictionary as an array of the values that the column's type is a dictionary of;
  // null when there is none, or the type is no dictionary of flat values.
  const ArrayPtr& dictionary_values() const { return dictionary_values_; }
  // Does the page hold codes of dictionary_values() and nothing else?
  bool HoldsCodes(size_t page) const;
  // The leaf as if its values were the codes: unsigned numbers of 4 bytes.
  const LeafShape& codes_shape() const { return codes_shape_; }
  // A page of that leaf. REQUIRES: HoldsCodes(page).
  Result<PageHandle> CodesPage(size_t page) const;
  // False: the budget has no room for this leaf; it should go after use.
  bool within_budget() const { return within_budget_; }
  // REQUIRES: page < meta().pages.size().
  Result<PageHandle> Page(size_t page) const;

 private:
  LeafReader(const Container& container, LeafId id, LeafShape shape,
             MemoryBudget* budget);
  template <typename Make>
  auto LoadShared(const CheckedRange& range, const char* what, Make make) const
      -> decltype(make({}));
  Status LoadDictionaries();
  uint64_t memory_bytes() const;
  void ViewAsCodes();
  Result<PageHandle> Kept(size_t page, bool codes) const;
  Result<std::unique_ptr<const PageReader>> MakePage(size_t page, bool codes) const;

  const Container& container_;
  const LeafId id_;
  LeafShape shape_;
  MemoryBudget* budget_;
  std::string name_;
  std::string where_;
  std::shared_ptr<const ColumnMeta> meta_;
  std::shared_ptr<const encoding::Dictionary> dictionary_;
  std::shared_ptr<const encoding::CodecDictionary> codec_dictionary_;
  std::shared_ptr<const encoding::SymbolTable> symbol_table_;
  encoding::DecodeResources resources_;
  std::unique_ptr<OnceSlot<PageReader>[]> pages_;
  ArrayPtr dictionary_values_;
  LeafShape codes_shape_;
  std::vector<TreeSet> codes_trees_;  // as meta().tree_sets, below dict
  std::unique_ptr<OnceSlot<PageReader>[]> codes_pages_;
  bool within_budget_ = false;
  mutable std::atomic<uint64_t> reserved_{0};  // of the budget
};

}  // namespace lancer::format
