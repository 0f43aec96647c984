// Round trips: encodes a value set by a tree and checks every way of decoding it.
//
// Ownership: a RoundTrip owns what it made. Thread rule: one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "encoding/codec_dictionary.h"
#include "encoding/dictionary.h"
#include "encoding/stream.h"
#include "encoding/symbol_table.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {

struct Encoded {
  EncodingTree tree;
  std::vector<std::byte> stream;
  std::shared_ptr<const Dictionary> dictionary;
  std::shared_ptr<const CodecDictionary> codec_dictionary;
  std::shared_ptr<const SymbolTable> symbol_table;

  // As `count` values of the type.
  StoredStream Stored(PhysicalType type, uint64_t count) const {
    return {tree,
            type,
            stream,
            count,
            {dictionary.get(), codec_dictionary.get(), symbol_table.get()}};
  }
};

// A codec dictionary of words that the string sets hold.
std::shared_ptr<const CodecDictionary> SomeCodecDictionary();

// A symbol table with symbols of every size that the string sets hold.
std::shared_ptr<const SymbolTable> SomeSymbolTable();
// One of exactly these symbols, in this order.
std::shared_ptr<const SymbolTable> TableOf(const std::vector<std::string>& symbols);

// Fails the test and gives nothing when encoding does not work.
std::optional<Encoded> EncodeSet(const EncodingTree& tree, const ValueSet& set,
                                 bool with_codec_dictionary);

// Checks whole decoding, ranges and positions against the set.
void CheckDecoding(const Encoded& encoded, const ValueSet& set);

// Decodes everything in every way and ignores the results; true when some whole
// decoding succeeded. For damaged streams: must not crash.
bool DecodeAll(const Encoded& encoded, PhysicalType type, uint64_t count);

}  // namespace lancer::encoding
