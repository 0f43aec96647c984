// Name index: hashes of the leaves' paths, sorted, so that a leaf is found by its path
// without the schema and in a few units (spec: container, "Name index").
//
// Ownership: values. Thread rule: pure functions; a builder belongs to one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "format/check_units.h"
#include "lancer/ids.h"
#include "lancer/schema.h"

namespace lancer::format {

inline constexpr uint64_t kNameRecordSize = 16;
static_assert(kUnitSize % kNameRecordSize == 0, "a record lies in one unit");

// XXH3-64 over each name's length (u32) and bytes: {"a.b"} and {"a", "b"} differ.
uint64_t PathHash(const FieldPath& path);

class NameIndexBuilder {
 public:
  void Add(const FieldPath& path, LeafId leaf) { Add(PathHash(path), leaf); }
  void Add(uint64_t hash, LeafId leaf) { records_.push_back({hash, leaf}); }
  // The records, sorted by hash, then leaf.
  std::vector<std::byte> Finish() &&;

 private:
  struct Record {
    uint64_t hash;
    LeafId leaf;
    friend auto operator<=>(const Record&, const Record&) = default;
  };
  std::vector<Record> records_;
};

// The leaves whose path has this hash, ascending: candidates, since paths may share one.
// Reads the units that the search needs. Errors: Corruption.
Result<std::vector<LeafId>> FindHash(const UnitTable& index, const FileBytes& file,
                                     uint32_t leaf_count, uint64_t hash);
// Reads everything: records ascending, each leaf once. Errors: Corruption.
Status VerifyNameIndex(const UnitTable& index, const FileBytes& file,
                       uint32_t leaf_count);

}  // namespace lancer::format
