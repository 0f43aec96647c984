// LeafEncoder: makes one leaf's pages, one after the other, and keeps what they share:
// dictionary, codec dictionary, symbol table, and what the page before became.
//
// The same rows in the same pages give the same bytes, so that a reader can ask again why
// a page became what it is (explain.h). Ownership: owns what the pages share. Thread
// rule: one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "encoding/codec_dictionary.h"
#include "encoding/dictionary.h"
#include "encoding/symbol_table.h"
#include "format/page.h"

namespace lancer::format {

class LeafEncoder {
 public:
  struct Options {
    Profile profile = Profile::kRandom;
    bool random_encodings = false;  // tests: draws among all that fits
    uint64_t dictionary_bytes = encoding::kDefaultDictionaryBytes;  // of entries, at most
  };
  LeafEncoder(LeafShape shape, const Options& options);

  const LeafShape& shape() const { return shape_; }
  // What the column is written for: by its own metadata, or by the file's options.
  Profile profile() const { return options_.profile; }
  // Is the leaf of a dictionary type whose order says something?
  bool is_ordered() const;
  // Entries that the leaf's dictionary begins with, in their order, when they are few:
  // those of a column that came as a dictionary. REQUIRES: flat values of the leaf's
  // type, none null; before the first page.
  // An ordered leaf takes any number of them, before the rows of each batch. Errors:
  // InvalidArgument when it cannot hold them in their order.
  Status KnowEntries(const Array& values);
  // Encodes the leaf's next page.
  Result<EncodedPage> Encode(const LeafBuffer& rows);

  // What pages so far may refer to; null where the leaf has none.
  encoding::DictionaryBuilder* dictionary() const { return dictionary_.get(); }
  // Null as well while no page refers back to it.
  const encoding::CodecDictionary* used_codec_dictionary() const {
    return codec_dictionary_used_ ? codec_dictionary_.get() : nullptr;
  }
  const encoding::SymbolTable* symbol_table() const { return symbol_table_.get(); }

 private:
  Status Train(const encoding::Values& first_page);
  Status KnowOrder(const Array& values);
  std::optional<uint32_t> CodeOfNulls(const LeafBuffer& rows);

  LeafShape shape_;
  Options options_;
  std::optional<encoding::EncodingTree> asked_;  // for every page
  bool asked_by_type_ = false;                   // and not by the field's metadata
  uint64_t pages_ = 0;
  TreeSet last_trees_;
  double last_bytes_per_value_ = 0;
  std::unique_ptr<encoding::DictionaryBuilder> dictionary_;
  std::shared_ptr<const encoding::CodecDictionary> codec_dictionary_;
  bool codec_dictionary_used_ = false;
  std::shared_ptr<const encoding::SymbolTable> symbol_table_;
};

}  // namespace lancer::format
