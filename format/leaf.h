// Leaves: how nested columns become flat ones.
//
// Every leaf is readable alone: it stores the validity and the lengths of each of its
// ancestor levels beside its own values (spec: layouts, "Leaves, levels and slots").
//
//   list<struct<a: int64, b: string>>  ->  leaf a: [list, struct] int64
//                                          leaf b: [list, struct] bytes
//
// Slots: level 0 has one slot per row. A struct level has as many slots below it as it
// has itself (null structs keep their slot); a list level has the sum of its lengths
// (null lists have length 0); a fixed-size list has size * slots (null rows keep their
// slots). Ownership: values. Thread rule: plain values; one thread at a time for
// building.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "encoding/values.h"
#include "format/column_options.h"
#include "lancer/array.h"
#include "lancer/schema.h"

namespace lancer::format {

enum class LevelKind : uint8_t { kStruct = 0, kList = 1, kFixedList = 2 };

struct Level {
  LevelKind kind = LevelKind::kStruct;
  uint32_t fixed_size = 0;  // kFixedList: items per slot
  bool nullable = true;     // declared; validity is stored only where there are nulls
  FieldId field;            // the field this level belongs to
};

enum class LeafRole : uint8_t {
  kValues = 0,     // values with the levels above them
  kStructure = 1,  // a struct without children: levels and the struct's own validity only
  kRowIds = 2,     // hidden leaf of stable row ids
};

// What a leaf is, derived from the schema alone.
struct LeafShape {
  LeafRole role = LeafRole::kValues;
  FieldPath path;                  // names from the root, the leaf's own last
  std::vector<FieldId> field_ids;  // the same path in ids
  std::vector<Level> levels;       // outermost first; without the leaf itself
  encoding::PhysicalType type;     // of the values (kStructure and null type: width 0)
  bool nullable = true;            // of the leaf's own field
  TypePtr declared;                // of the leaf's own field
  bool packed = false;             // rows of a packed struct (packed_struct.h)
  ColumnOptions options;           // of the fields on the path, the innermost counts
  // The tensors that fixed-size lists below the last list make, when they are of
  // kLeastTensorBytes and more.
  encoding::TensorForm tensor = {};

  bool has_lists() const;  // any kList level: rows and slots are not one to one
  // Values per row when no kList level exists (product of the fixed sizes), else 0.
  uint64_t values_per_row() const;
  // Bytes per row of a fixed-stride leaf: values_per_row * width, or 0.
  uint64_t row_stride() const;
  // What `rows` rows take in memory at least, known from the schema alone: fixed-width
  // values without lists, or offsets. UINT64_MAX when that is more than 2^64 - 1.
  uint64_t LeastBytes(uint64_t rows) const;
};

// Shorter tensors are stored as any numbers are.
inline constexpr uint64_t kLeastTensorBytes = 1024;

// Has the field leaves below it, and no own?
bool IsNested(const Field& field);
// Leaves of one top-level field: LeavesOf(field).size() without making them.
size_t LeafCount(const Field& field);
// The leaves of one top-level field, in pre-order; leaf counts of a schema add up.
std::vector<LeafShape> LeavesOf(const Field& field);
std::vector<LeafShape> LeavesOf(const Schema& schema);

// Validity of one level as it is collected: no bitmap while nothing is null.
struct ValidityBuffer {
  uint64_t count = 0;
  uint64_t null_count = 0;
  std::optional<MutableBuffer> bitmap;  // LSB first, `count` bits, 64 bytes of slack

  void AppendValid(uint64_t n);
  void AppendNull(uint64_t n);
  // Bits [bit_offset, bit_offset + n) of `bits`; null `bits`: all valid.
  void Append(const std::byte* bits, uint64_t bit_offset, uint64_t n);
  bool IsValid(uint64_t i) const;
  const std::byte* data() const { return bitmap ? bitmap->data() : nullptr; }
};

struct LevelBuffer {
  ValidityBuffer validity;
  std::vector<uint32_t> lengths;  // kList only: items per slot, 0 for null
};

// Flat values with their levels: what a page is made from, and what reading gives back.
struct LeafBuffer {
  uint64_t rows = 0;
  std::vector<LevelBuffer> levels;   // as LeafShape::levels
  ValidityBuffer validity;           // of the leaf's own slots
  uint64_t values = 0;               // slots at the leaf
  MutableBuffer fixed{0};            // kFixed: values * width; kBits: bitmap
  encoding::BytesTarget bytes;       // kBytes
  bool has_value = false;            // shredding: some slot holds a value, not filler
  ArrayPtr dictionary;               // reading: `fixed` holds codes of these values
  uint64_t most_bytes = UINT64_MAX;  // reading: bound of `fixed`; bytes.limit is the same

  // Bounds what reading may append.
  void LimitTo(uint64_t value_bytes);
  // Takes memory for so many rows and `payload` bytes of byte strings at once, so that
  // reading does not move what it appended. A hint: more than the limit, or than 64 MiB,
  // is not taken.
  void Expect(const LeafShape& shape, uint64_t row_count, uint64_t payload);
  // Room in `fixed` for `n` values more of kFixed or kBits; `values` does not count them
  // yet. Errors: ResourceExhausted behind the limit, before any memory is asked for.
  Status GrowFixed(const encoding::PhysicalType& type, uint64_t n);
  // May `n` offsets more be appended? Errors: ResourceExhausted.
  Status CheckOffsets(uint64_t n) const;
  uint64_t memory_bytes() const;
};

// An empty buffer for a leaf: as many levels as it has, byte offsets started with 0.
LeafBuffer MakeLeafBuffer(const LeafShape& shape);

// The leaf's slots as encoders see them; a view of `buffer`.
encoding::Values ValuesOf(const LeafShape& shape, const LeafBuffer& buffer);

// Appends rows [first, first + n) of `array` (the top-level field's column) to the
// buffers of its leaves, which stand as LeavesOf(field) orders them. Slots under nulls
// are filled with the last valid value before them, at the start of the buffer with the
// first one behind (zeros when there is none; no bytes for kBytes), so the same rows give
// the same bytes whatever the producer left there.
Status Shred(const Field& field, const ArrayPtr& array, int64_t first, int64_t n,
             std::span<LeafBuffer* const> leaves);

// The inverse: builds the column of `field` from its leaves. Takes the buffers' memory
// over (no copy for fixed width). Sibling leaves must agree on shared levels: Corruption
// otherwise. Errors: ResourceExhausted when 32-bit offsets do not suffice.
Result<ArrayPtr> Assemble(const Field& field, std::span<LeafBuffer* const> leaves);

}  // namespace lancer::format
